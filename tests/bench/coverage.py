"""Section: coverage of a register in a reference, beside pandas; how exact and how tight it is on invented people."""

from __future__ import annotations

import json
import math
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.bench.dataset import ROOT, Workplace, program
from tests.bench.measurement import OURS, Section
from tests.bench.process import measure

SIZES = ((1_000_000, 200_000), (10_000_000, 200_000))
LARGE = 100_000_000
LARGE_BYTES = 4_000_000_000
"""Room that must be free for the largest reference, which is written as Parquet and deleted again."""
AUDITED = (60, 120, 240)
"""Units of made-up tables by five years, in which about half the cells are hidden."""
KEYS = ("--key", "pnr", "--date", "day=first..last", "--window", "30d", "--count", "events", "--by", "unit")
SEEDS = range(30)
HIDDEN = 1_000


def run(workplace: Workplace) -> Section:
    """Targets: 10 million rows against 200,000 within 15 s and 1 GB, 100 million within 150 s and 2 GB, linear; exact;
    no hidden count closer than 5.
    """
    section = Section("coverage", "Coverage of a register in a reference")
    for reference, register in SIZES:
        folder = workplace.folder / f"coverage-{reference}"
        measure(
            [sys.executable, "-m", "tests.bench.coverage_rows", str(folder), str(reference), str(register)], cwd=ROOT
        )
        case = f"{reference:,} rows against {register:,}"
        files = ("--register", str(folder / "register.csv"), "--reference", str(folder / "reference.csv"))
        output = folder / "result.json"
        ours = measure(program("coverage", *files, *KEYS, "--output", str(output)), cwd=ROOT)
        peer = measure([sys.executable, "-m", "tests.bench.coverage_pandas", files[1], files[3]], cwd=ROOT)
        result = json.loads(output.read_text(encoding="utf-8"))
        for subject, usage in ((OURS, ours), ("pandas, no checks, nothing hidden", peer)):
            section.add(case, subject, "s", [usage.wall])
            section.add(case, subject, "s processor", [usage.cpu])
            section.add(case, subject, "MiB peak", [usage.peak_mib])
        section.add(case, OURS, "rows hidden", [sum(row["suppressed"] for row in result["measurements"])])
        section.add(case, OURS, "pairs", [result["measurements"][0]["found"] or math.nan])
        section.add(case, "pandas, no checks, nothing hidden", "pairs", [float(peer.output.split()[-1])])
    _large(section, workplace.folder / "coverage-large")
    _audited(section)
    _exact(section)
    _tight(section)
    return section


def _large(section: Section, folder: Path) -> None:
    """A hundred million rows, alone: pandas would need more memory than there is."""
    if shutil.disk_usage(folder.parent).free < LARGE_BYTES:
        return
    case = f"{LARGE:,} rows against 200,000, Parquet"
    try:
        rows = ("-m", "tests.bench.coverage_rows", str(folder), str(LARGE), "200000", "parquet")
        measure([sys.executable, *rows], cwd=ROOT)
        files = ("--register", str(folder / "register.parquet"), "--reference", str(folder / "reference.parquet"))
        usage = measure(program("coverage", *files, *KEYS, "--output", str(folder / "result.json")), cwd=ROOT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    section.add(case, OURS, "s", [usage.wall])
    section.add(case, OURS, "s processor", [usage.cpu])
    section.add(case, OURS, "MiB peak", [usage.peak_mib])


def _audited(section: Section) -> None:
    """How long the audit of large tables takes."""
    from server.registerservice.disclosure.cube import build_cube
    from server.registerservice.disclosure.suppression import suppress
    from tests.server.registerservice.test_disclosure import QUESTION, UNIT_COLUMN, made_up

    question = replace(QUESTION, unit=UNIT_COLUMN)
    for units in AUDITED:
        cube = build_cube(made_up(1, question, units=units, years=5), question)
        began = time.process_time()
        kept = suppress(cube)
        case = f"audit of {len(cube.counts):,} cells, {len(kept.hidden):,} hidden"
        section.add(case, OURS, "s processor", [time.process_time() - began])


def _exact(section: Section) -> None:
    """Whether coverage gives the truth that is known of invented people, seed by seed."""
    from tests.server.registerservice.asking import measured
    from tests.server.registerservice.test_population import asked, truth_of

    right = 0
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            truth = truth_of(folder, 2_000, seed)
            result = measured(folder, *asked(folder, truth))
            got = [
                {field: row[field] for field in ("direction", "by", "found", "of")} for row in result["measurements"]
            ]
            right += sorted(got, key=str) == sorted(truth["measurements"], key=str)
    section.add("2,000 invented people", OURS, f"seeds of {len(SEEDS)} exact", [right])


def _tight(section: Section) -> None:
    """The narrowest bounds that an independent reader finds over a thousand hidden cells."""
    from tests.server.registerservice.reader import Reader
    from tests.server.registerservice.test_disclosure import QUESTION, UNIT_COLUMN, made_up, published

    hidden, narrowest, seed = 0, math.inf, 0
    while hidden < HIDDEN:
        for unit in (None, UNIT_COLUMN):
            question = replace(QUESTION, unit=unit)
            result = published(made_up(seed, question, units=10), question)
            narrowest = min(narrowest, *Reader(result, question.keys_of_match()).widths())
            hidden += sum(row["suppressed"] for row in (*result["measurements"], *result["unmatched"]))
        seed += 1
    section.add(f"{hidden:,} hidden cells", OURS, "narrowest bounds", [narrowest])
