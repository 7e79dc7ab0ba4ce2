"""Indicator sheets to check: rows of a synthetic annex under new keys, one row in a hundred with a fault."""

from __future__ import annotations

import csv
from pathlib import Path

FAULT_EVERY = 100
FAULTY_AREA = "resultatt"


def write_sheet(source: Path, target: Path, rows: int) -> int:
    """Write `rows` indicators made from the annex's table `source`; the number of rows with a fault."""
    with source.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names = [name for name in reader.fieldnames or () if name not in ("part", "row")]
        given = list(reader)
    if not given:
        raise ValueError(f"{source} has no rows.")
    faults = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, extrasaction="ignore")
        writer.writeheader()
        for number in range(rows):
            row = _renamed(given[number % len(given)], number)
            if number % FAULT_EVERY == FAULT_EVERY - 1:
                row["follow_up_areas"] = FAULTY_AREA
                faults += 1
            writer.writerow(row)
    return faults


def _renamed(row: dict[str, str], number: int) -> dict[str, str]:
    mark = f"ny {number + 1}"
    return {
        **row,
        "indicator": f"{row['indicator']}-n{number + 1}",
        "label_sv": f"{row['label_sv']}, {mark}",
        "label_en": f"{row['label_en']}, new {number + 1}",
        "printed": f"{row['label_sv']}, {mark}",
    }
