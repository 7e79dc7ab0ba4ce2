"""The report of a run: tables for people, JSON for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.bench.measurement import Section, table

SHOWN = 40  # measurements of a section that are shown as a table; the JSON has all


def print_section(section: Section) -> None:
    """Print a section as soon as it is there; the single competency questions are left to the JSON."""
    shown = Section(section.name, section.title, section.measurements, section.remarks)
    if len(section.measurements) > SHOWN:
        shown.measurements = [one for one in section.measurements if not one.case.startswith("q")]
        shown.remarks = [*section.remarks, "Every question's own figures are in the JSON report."]
    print(table(shown), flush=True)


def write(path: Path, machine: dict[str, Any], sections: list[Section]) -> None:
    """Write the JSON: the machine, then every section with all values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    report = {"machine": machine, "sections": [section.as_json() for section in sections]}
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
