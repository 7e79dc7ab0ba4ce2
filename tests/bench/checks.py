"""Section: checking a submitted sheet of indicators, beside pySHACL and pyrudof over the whole graph."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from loader.release.manifest import Release
from tests.bench.checking import write_whole
from tests.bench.dataset import ROOT, Workplace
from tests.bench.measurement import OURS, Section
from tests.bench.process import CommandFailed, Usage, measure
from tests.bench.sheet import write_sheet

INDICATORS = 1_000
SIZES = (1_000, 20_000)
PEERS = {"pyshacl": "pySHACL, whole graph", "pyrudof": "pyrudof, whole graph"}


def run(workplace: Workplace) -> Section:
    """Targets: 1,000 indicators under 3 s, 20,000 under 30 s, linear."""
    section = Section("checks", f"Check of a sheet of indicators against an annex of {INDICATORS:,}")
    release = workplace.built(INDICATORS)
    table = workplace.synthetic(INDICATORS) / "synthetic" / "indicators.csv"
    firsts = []
    for size in SIZES:
        sheet = workplace.folder / f"sheet-{size}.csv"
        faults = write_sheet(table, sheet, size)
        usage = _checker("ours", sheet, release)
        told = json.loads(usage.output.splitlines()[-1])
        case = f"{size:,} indicators, {faults} of them with a fault"
        section.add(f"{case}: first check, with loading", OURS, "s", told["seconds"][:1])
        section.add(f"{case}: next check", OURS, "s", told["seconds"][1:])
        section.add(f"{case}: first check, with loading", OURS, "s processor", told["processor"][:1])
        section.add(f"{case}: peak", OURS, "MiB", [usage.peak_mib])
        section.add(f"{case}: findings", OURS, "", [told["results"]])
        firsts.append(told["processor"][1])
        if size == SIZES[0]:
            _peers(section, case, sheet, release)
    section.add(
        f"growth of the next check, {SIZES[1] // SIZES[0]} times the rows",
        OURS,
        "× processor time",
        [firsts[1] / firsts[0]],
    )
    return section


def _peers(section: Section, case: str, sheet: Path, release: Release) -> None:
    whole = write_whole(sheet, release)
    try:
        for key, name in PEERS.items():
            try:
                usage = _checker(key, sheet, release)
            except CommandFailed as error:
                section.add(f"{case}: first check, with loading", name, "s", [], "(failed)")
                section.remarks.append(f"{name}: {str(error).strip().splitlines()[-1]}")
                continue
            told = json.loads(usage.output.splitlines()[-1])
            section.add(f"{case}: first check, with loading", name, "s", told["seconds"])
            section.add(f"{case}: first check, with loading", name, "s processor", told["processor"])
            section.add(f"{case}: peak", name, "MiB", [usage.peak_mib])
            section.add(f"{case}: findings", name, "", [told["results"]])
    finally:
        whole.unlink(missing_ok=True)


def _checker(name: str, sheet: Path, release: Release) -> Usage:
    return measure([sys.executable, "-m", "tests.bench.checking", name, str(sheet), str(release.directory)], cwd=ROOT)
