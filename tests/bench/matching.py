"""Section: matching of names, with as many concepts loaded as large code lists have."""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Callable, Sequence

from flask import Flask

from loader.release.manifest import open_release
from server.app import create_app
from server.engine.opened import open_engine
from server.pages.catalogue.read import catalogue
from server.search.index import Entry, Index
from server.search.matching import Matcher
from server.search.release import citations, entries, fillers, meanings, weights
from server.service import Service, service_of
from server.settings import Settings
from tests.bench.dataset import ROOT, Workplace
from tests.bench.measurement import OURS, Section
from tests.server.search.damage import damaged

CONCEPTS = 60_000
NAMES = ROOT / "tests" / "server" / "search" / "names.csv"


def run(_workplace: Workplace) -> Section:
    """Targets: p95 of a match within 10 ms, of what is typed letter by letter within 30 ms."""
    section = Section("matching", f"Matching names with {CONCEPTS:,} concepts loaded")
    settings = Settings(releases=ROOT / "data" / "release", workers=1, queue=4, rate_per_minute=0, access_log="")
    release = open_release((settings.releases / "current").resolve())
    engine = open_engine(settings, release)
    try:
        _measure(section, create_app(settings, engine, release))
    finally:
        engine.close()
    return section


def _measure(section: Section, app: Flask) -> None:
    site = service_of(app)
    begun = time.perf_counter()
    matcher, index, known = loaded(site)
    section.add("loading", OURS, "s", [time.perf_counter() - begun])
    asked = [row["asked"] for row in csv.DictReader(NAMES.read_text(encoding="utf-8").splitlines())]
    asked += [damaged(entry.text, seed) for seed, entry in enumerate(random.Random(7).sample(known, 400))]
    _timed(section, "a match", asked, lambda text: matcher.match(text, most=10))
    typed = [text[:length] for text in asked[:200] for length in range(2, len(text) + 1, 2)]
    _timed(section, "typeahead", typed, lambda text: index.search(text, most=10))


def loaded(site: Service) -> tuple[Matcher, Index, list[Entry]]:
    """The matcher and the index of a release with made-up concepts beside its own things, and all entries."""
    found = catalogue(site)
    known = [*entries(found)]
    words = [word for entry in known for word in entry.text.split()]
    chance = random.Random(60)
    while len({entry.iri for entry in known}) < CONCEPTS:
        for number in range(CONCEPTS - len({entry.iri for entry in known})):
            text = " ".join(chance.choices(words, k=chance.randint(1, 6)))
            known.append(Entry(f"urn:made:{number}", "code", text))
    index = Index(known, weights(), meanings())
    return Matcher(known, index, fillers(), citations(found)), index, known


def _timed(section: Section, case: str, texts: Sequence[str], ask: Callable[[str], object]) -> None:
    ask("värme")
    for unit, clock in (("ms", time.perf_counter), ("ms processor", time.process_time)):
        took = []
        for text in texts:
            begun = clock()
            ask(text)
            took.append(1000 * (clock() - begun))
        took.sort()
        section.add(case, OURS, f"{unit}, median", [took[len(took) // 2]])
        section.add(case, OURS, f"{unit}, p95", [took[int(len(took) * 0.95)]])
    section.add(case, OURS, "asked", [len(texts)])
