"""Section: how long `registergraf build` takes, and how much memory, as the sources grow."""

from __future__ import annotations

import statistics
from pathlib import Path

from tests.bench.dataset import ROOT, Workplace, program
from tests.bench.measurement import OURS, Section
from tests.bench.process import Usage, measure

SIZES = (1_000, 10_000)
RUNS = {"shipped": 3, 1_000: 3, 10_000: 1}


def run(workplace: Workplace) -> Section:
    """Build the shipped sources and the synthetic annexes; target: under 10 s, 10,000 indicators under 60 s, linear."""
    section = Section("loader", "`registergraf build`")
    _note(section, "shipped sources", [_build(workplace, "shipped", None) for _ in range(RUNS["shipped"])])
    medians = []
    for size in SIZES:
        sources = workplace.synthetic(size)
        usages = [_build(workplace, str(size), sources) for _ in range(RUNS[size])]
        _note(section, f"synthetic annex, {size:,} indicators", usages)
        medians.append((statistics.median(one.wall for one in usages), statistics.median(one.cpu for one in usages)))
    (wall, cpu), (more_wall, more_cpu) = medians
    section.add("growth from 1,000 to 10,000 indicators", OURS, "× wall time", [more_wall / wall])
    section.add("growth from 1,000 to 10,000 indicators", OURS, "× processor time", [more_cpu / cpu])
    return section


def _build(workplace: Workplace, name: str, sources: Path | None) -> Usage:
    output = workplace.folder / f"built-{name}"
    options = [] if sources is None else ["--sources", str(sources)]
    return measure(program("build", *options, "--output", str(output)), cwd=ROOT)


def _note(section: Section, case: str, usages: list[Usage]) -> None:
    section.add(case, OURS, "s wall", [one.wall for one in usages])
    section.add(case, OURS, "s processor", [one.cpu for one in usages])
    section.add(case, OURS, "MiB peak, largest process", [one.peak_mib for one in usages])
