"""Section: the endpoint beside its peers: latency of the mix, of the competency questions, and hot repeated queries."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

from loader.release.manifest import Release
from tests.bench.client import Client
from tests.bench.contest import LIMIT, Asked, Contest, summarise
from tests.bench.cube import PER_OBSERVATION, Size
from tests.bench.dataset import Workplace, indicators_of
from tests.bench.measurement import OURS, Section
from tests.bench.queries import ASK, TYPES, competency_questions, mix
from tests.bench.servers import OXIGRAPH, PEERS, RDFLIB, VIRTUOSO, Server, Starter, find_program, ours

INDICATORS = 10_000
LARGE_PEERS = (OXIGRAPH, VIRTUOSO)  # the others take minutes for the questions over so much
HOT_SECONDS, HOT_CONNECTIONS = 5, 8


def run(workplace: Workplace, peers: Sequence[str]) -> Iterator[Section]:
    """Measure over the shipped release, and over the cube."""
    shipped = Section("endpoint-questions-shipped", "Competency questions over the shipped release")
    _compete(workplace.shipped(), peers, Contest(shipped, competency_questions()))
    summarise(shipped)
    yield shipped
    size = Size()
    cube = workplace.with_cube(INDICATORS, size)
    title = f"Latency over the synthetic annex ({INDICATORS:,} indicators) and the cube of observations"
    mixed = Section("endpoint-mix", title)
    mixed.remarks.append(
        f"{sum(cube.manifest['graphs'].values()):,} triples, {size.observations * PER_OBSERVATION:,} of them "
        "observations; the default graph is the union of all graphs on every server; our cache of answers is off."
    )
    _compete(cube, peers, Contest(mixed, mix(indicators_of(cube)[0])))
    yield mixed
    over_cube = Section("endpoint-questions-cube", "Competency questions over the synthetic annex and the cube")
    _compete(cube, [peer for peer in peers if peer in LARGE_PEERS], Contest(over_cube, competency_questions(runs=3)))
    summarise(over_cube)
    yield over_cube


def _compete(release: Release, peers: Sequence[str], contest: Contest) -> None:
    """Ours and the peers side by side; then, alone, the one on which a slow query would disturb all others."""
    together = [peer for peer in peers if peer != RDFLIB]
    for group in (together, [RDFLIB] if RDFLIB in peers else []):
        with _running(release, group, with_ours=group is together) as asked:
            for one in asked:
                contest.section.add("start and load", one.server.name, "s", [one.server.loading])
            contest.run(asked)


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
            for query in (ASK, TYPES, named):
                section.add(query.name, server.name, "requests/s", [_wrk(server, query.text)])
    section.remarks.append("The servers run one after the other, each with wrk on the same two processors.")
    return section


def _hot(release: Release, folder: Path) -> AbstractContextManager[Server]:
    return ours(release, folder, cache_mb=64)


@contextmanager
def _running(release: Release, peers: Sequence[str], *, with_ours: bool) -> Iterator[list[Asked]]:
    """The peers, and ours before them, all running."""
    starters = [ours] * with_ours + [PEERS[peer] for peer in peers]
    with ExitStack() as stack:
        servers = []
        for start in starters:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            servers.append(stack.enter_context(start(release, folder)))
        yield [Asked(server, Client(server.endpoint, LIMIT)) for server in servers]


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
