"""Section: the endpoint beside its peers: latency of the mix, of the competency questions, and hot repeated queries."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from loader.release import Release
from tests.bench.client import Client, NoAnswer, Taken
from tests.bench.cube import PER_OBSERVATION, Size
from tests.bench.dataset import Workplace, indicators_of
from tests.bench.measurement import OURS, Section, geometric_mean
from tests.bench.queries import ASK, Query, competency_questions, mix
from tests.bench.servers import OXIGRAPH, PEERS, RDFLIB, Server, Starter, find_program, ours

INDICATORS = 10_000
HOT_SECONDS, HOT_CONNECTIONS = 5, 8
LIMIT = 60.0  # seconds after which a peer's query is given up


@dataclass(frozen=True, slots=True)
class Asked:
    """A server with an open connection."""

    server: Server
    client: Client


def run(workplace: Workplace, peers: Sequence[str]) -> list[Section]:
    """Measure over the cube and over the shipped release; the peers run beside ours, and are asked in turn."""
    size = Size()
    cube = workplace.with_cube(INDICATORS, size)
    place = indicators_of(cube)[0]
    title = f"Latency over the synthetic annex ({INDICATORS:,} indicators) and the cube of observations"
    mixed = Section("endpoint-mix", title)
    mixed.remarks.append(
        f"{sum(cube.manifest['graphs'].values()):,} triples, {size.observations * PER_OBSERVATION:,} of them "
        "observations; the default graph is the union of all graphs on every server; our cache of answers is off."
    )
    with _all(cube, peers) as asked:
        _loading(mixed, asked)
        for query in mix(place):
            _measure(mixed, asked, query)
        over_cube = Section("endpoint-questions-cube", "Competency questions over the synthetic annex and the cube")
        _questions(over_cube, [one for one in asked if one.server.name != RDFLIB])
    shipped = Section("endpoint-questions-shipped", "Competency questions over the shipped release")
    with _all(workplace.shipped(), peers) as asked:
        _questions(shipped, asked)
    return [mixed, over_cube, shipped]


def run_hot(workplace: Workplace, peers: Sequence[str]) -> Section:
    """Requests per second of one repeated query, by wrk; ours with its cache of answers on, as it is when served."""
    section = Section(
        "endpoint-hot", f"Repeated query, {HOT_CONNECTIONS} connections, {HOT_SECONDS} s, shipped release"
    )
    release = workplace.shipped()
    named = next(query for query in competency_questions() if query.name.startswith("q01"))
    starters: dict[str, Starter] = {OURS: _hot, **{peer: PEERS[peer] for peer in peers}}
    for start in starters.values():
        with tempfile.TemporaryDirectory() as folder, start(release, Path(folder)) as server:
            for query in (ASK, named):
                section.add(query.name, server.name, "requests/s", [_wrk(server, query.text)])
    section.remarks.append("The servers run one after the other, each with wrk on the same two processors.")
    return section


def _hot(release: Release, folder: Path) -> AbstractContextManager[Server]:
    return ours(release, folder, cache_mb=64)


@contextmanager
def _all(release: Release, peers: Sequence[str]) -> Iterator[list[Asked]]:
    """Ours and the peers, all running."""
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(len(peers) + 1)]
        servers = [stack.enter_context(ours(release, folders[0]))]
        servers += [
            stack.enter_context(PEERS[peer](release, folder)) for peer, folder in zip(peers, folders[1:], strict=True)
        ]
        yield [Asked(server, Client(server.endpoint, LIMIT)) for server in servers]


def _loading(section: Section, asked: list[Asked]) -> None:
    for one in asked:
        section.add("start and load", one.server.name, "s", [one.server.loading])


def _measure(section: Section, asked: list[Asked], query: Query) -> None:
    """Ask every server in turn, as often as the query wants; the first answer of each is compared with ours."""
    taken: dict[str, list[Taken]] = {one.server.name: [] for one in asked}
    notes: dict[str, str] = {}
    for _ in range(query.runs + 1):
        for one in asked:
            name = one.server.name
            if name in notes or (name == RDFLIB and len(taken[name]) > 2):
                continue
            try:
                taken[name].append(one.client.ask(query.text))
            except NoAnswer as error:
                notes[name] = f"(no answer: {'over ' + str(int(LIMIT)) + ' s' if not error.status else error.status})"
    rows = {name: _rows(answers[0].body) for name, answers in taken.items() if answers}
    for name, answers in taken.items():
        warm = answers[1:] or answers
        differs = name in rows and rows[name] != rows.get(OURS)
        note = notes.get(name, f"({rows[name]} rows for {rows.get(OURS)})" if differs else "")
        section.add(query.name, name, "ms", [1000 * one.whole for one in warm], note)
        if query.large and answers:
            section.add(f"{query.name}: first byte", name, "ms", [1000 * one.first for one in warm])
            section.add(f"{query.name}: size", name, "MB", [len(one.body) / 1e6 for one in warm[:1]])


def _rows(body: bytes) -> int:
    """How many rows an answer in JSON has; 1 for true or false, -1 for what cannot be read."""
    try:
        answer = json.loads(body)
    except ValueError:
        return -1
    return len(answer["results"]["bindings"]) if "results" in answer else 1


def _questions(section: Section, asked: list[Asked]) -> None:
    """Every competency question; then the totals that the table begins with."""
    each = Section(section.name, section.title)
    for query in competency_questions():
        _measure(each, asked, query)
    names = [one.server.name for one in asked]
    medians = {name: {one.case: one.median for one in each.measurements if one.subject == name} for name in names}
    answered = [case for case in medians[OURS] if all(medians[name][case] for name in names)]
    if not answered:
        raise RuntimeError("No competency question was answered by every server.")
    for name in names:
        times = [medians[name][case] or 0 for case in answered]
        section.add(f"sum of {len(answered)} medians", name, "ms", [sum(times)])
        ratios = [(medians[name][case] or 0) / (medians[OURS][case] or 1) for case in answered]
        section.add("geometric mean of the ratios to ours", name, "×", [geometric_mean(ratios)])
    section.remarks += _outliers(each, names)
    section.measurements += each.measurements


def _outliers(each: Section, names: list[str]) -> list[str]:
    """The questions on which ours is over 1 ms + 10 % slower than Oxigraph in memory, and those not answered alike."""
    found = []
    for one in each.measurements:
        base = each.find(one.case, OURS)
        if one.note and one.subject in names:
            found.append(f"{one.case}: {one.subject} {one.note}")
        elif one.subject == OXIGRAPH and base and base.median and one.median and base.median > one.median * 1.1 + 1:
            found.append(f"{one.case}: ours {base.median:.1f} ms, {OXIGRAPH} {one.median:.1f} ms")
    return found


def _wrk(server: Server, query: str) -> float:
    command = [find_program("wrk"), "-t1", f"-c{HOT_CONNECTIONS}", f"-d{HOT_SECONDS}s"]
    command += ["-H", "Accept: application/sparql-results+json", f"{server.endpoint}?query={quote(query)}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout:
        raise RuntimeError(f"{server.name} answers with errors:\n{done.stdout}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(f"wrk gave no rate:\n{done.stdout}")
    return float(found[1])
