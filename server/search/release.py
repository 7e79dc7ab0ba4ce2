"""The index of a release: registers, indicators, groups, provisions and the rest by all their names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Catalogue, Thing
from server.search.citations import Citations
from server.search.index import ALIAS, CODE, NAME, SHORT, TEXT, Entry, Index
from server.search.matching import Matcher
from server.service import Service

WORDS, FILLERS = Path(__file__).with_name("words.csv"), Path(__file__).with_name("fillers.csv")
KINDS: dict[str, float] = {
    **{"target-group": 1.08, "service-area": 1.06, "register": 1.06, "legal-act": 1.05, "municipality": 1.0},
    **{"conceptual-variable": 1.02, "service": 1.0, "channel": 1.02, "provision": 0.98, "follow-up-area": 1.0},
    **{"indicator": 0.86, "kpi": 0.82, "variable": 0.78, "question": 0.8, "region": 0.9, "county": 0.85},
}
_FIELDS = {
    "skos:prefLabel": NAME,
    "rg:shortName": SHORT,
    "skos:altLabel": ALIAS,
    "skos:hiddenLabel": ALIAS,
    "skos:notation": CODE,
    "eli:description": TEXT,
    "skos:definition": TEXT,
}


def index(site: Service) -> Index:
    """The index of the release that answers, made once."""
    return site.once("search", lambda: Index(entries(catalogue(site)), KINDS, meanings()))


def matcher(site: Service) -> Matcher:
    """The matcher of the release that answers, made once."""
    return site.once("matcher", lambda: _matcher(site))


def _matcher(site: Service) -> Matcher:
    found = catalogue(site)
    return Matcher(entries(found), index(site), fillers(), citations(found))


def fillers() -> dict[str, list[str]]:
    """By kind the words that tell nothing of a name."""
    with FILLERS.open(encoding="utf-8", newline="") as file:
        return {row["kind"]: row["words"].split() for row in csv.DictReader(file)}


def citations(found: Catalogue) -> Citations:
    """How the provisions of a release are cited."""
    acts = {thing.key: [entry.text for entry in _of(thing)] for thing in found.of("legal-act")}
    return Citations(acts, {thing.key: thing.iri for thing in found.of("provision")})


def entries(found: Catalogue, kinds: Iterable[str] = tuple(KINDS)) -> Iterator[Entry]:
    """Every text by which a thing of the kinds can be found."""
    for kind in kinds:
        for thing in found.of(kind):
            if not thing.iris("eli:is_member_of"):  # a wording is found by its section
                yield from _of(thing)


def _of(thing: Thing) -> Iterator[Entry]:
    texts = {value.text: field for name, field in reversed(_FIELDS.items()) for value in thing.said.get(name, ())}
    for text, field in texts.items():
        yield Entry(thing.iri, thing.kind, text, field)


def weights() -> dict[str, float]:
    """How much each kind of thing counts."""
    return dict(KINDS)


def meanings() -> dict[str, list[str]]:
    """What people's words mean, from the word list."""
    means: dict[str, list[str]] = {}
    with WORDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            means.setdefault(row["word"], []).append(row["means"])
    return means
