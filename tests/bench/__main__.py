"""`make bench`: measure everything, or the sections that are named; print tables and write build/bench/report.json."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.bench import (
    checks,
    coverage,
    endpoint,
    isolation,
    loader,
    machine,
    matching,
    pages,
    report,
    start,
    streaming,
)
from tests.bench.dataset import ROOT, Workplace
from tests.bench.measurement import Section
from tests.bench.servers import PEERS, RDFLIB, MissingPeer, find_program

PROGRAMS = ("wrk", "virtuoso-t", "isql-vt", "oxigraph")
ALONE = frozenset({"loader", "coverage", "matching", "pages"})  # sections that measure no peer


def sections(workplace: Workplace, peers: Sequence[str]) -> dict[str, Callable[[], Iterable[Section]]]:
    """The sections by name, in the order in which they run."""
    return {
        "loader": lambda: [loader.run(workplace)],
        "start": lambda: [start.run(workplace)],
        "hot": lambda: [endpoint.run_hot(workplace, peers)],
        "endpoint": lambda: endpoint.run(workplace, peers),
        "isolation": lambda: [isolation.run(workplace)],
        "streaming": lambda: [streaming.run(workplace)],
        "checks": lambda: [checks.run(workplace)],
        "coverage": lambda: [coverage.run(workplace)],
        "matching": lambda: [matching.run(workplace)],
        "pages": lambda: pages.run(workplace),
    }


def main() -> int:
    """Run what was asked for; 2 when a peer is missing that a section needs."""
    options = _options()
    try:
        for name in () if options.sections and ALONE.issuperset(options.sections) else PROGRAMS:
            find_program(name)
    except MissingPeer as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    if not options.keep:
        shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True, exist_ok=True)
    peers = [peer for peer in PEERS if peer not in options.without]
    chosen = sections(Workplace(options.folder), peers)
    described = machine.describe(ROOT)
    print(" · ".join(f"{key} {value}" for key, value in described.items()), end="\n\n", flush=True)
    done: list[Section] = []
    for name in options.sections or chosen:
        for section in chosen[name]():
            section.remarks.append(f"Load average when done: {machine.load()[0]}.")
            report.print_section(section)
            done.append(section)
            report.write(options.output, described, done)
    print(f"All values: {options.output}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = list(sections(Workplace(Path()), []))
    parser.add_argument("sections", nargs="*", choices=[*names, []], metavar="SECTION", help=", ".join(names))
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench", help="where data is made")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "bench" / "report.json", help="the JSON report")
    parser.add_argument("--keep", action="store_true", help="use the data that an earlier run has left in the folder")
    parser.add_argument("--without", action="append", default=[], choices=list(PEERS), help=f"leave out, e.g. {RDFLIB}")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
