"""What was measured: values with their unit, medians, ratios to a peer, as tables and as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

OURS = "registergraf"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One case for one subject: `values` in `unit`, the count of values is that of the runs; `note` qualifies them."""

    case: str
    subject: str
    unit: str
    values: tuple[float, ...]
    note: str = ""

    @property
    def median(self) -> float | None:
        """The median, or None when there is no value (the note says why)."""
        return statistics.median(self.values) if self.values else None

    def as_json(self) -> dict[str, Any]:
        """All values and the median."""
        return {
            "case": self.case,
            "subject": self.subject,
            "unit": self.unit,
            "median": self.median,
            "values": list(self.values),
            "note": self.note,
        }


@dataclass(slots=True)
class Section:
    """One part of the run: its measurements in order, and the sentences that belong to them."""

    name: str
    title: str
    measurements: list[Measurement] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, case: str, subject: str, unit: str, values: Sequence[float], note: str = "") -> Measurement:
        """Note one measurement."""
        made = Measurement(case, subject, unit, tuple(values), note)
        self.measurements.append(made)
        return made

    def find(self, case: str, unit: str, subject: str) -> Measurement | None:
        """The measurement of a subject in a case, in a unit."""
        wanted = (case, unit, subject)
        return next((one for one in self.measurements if (one.case, one.unit, one.subject) == wanted), None)

    def as_json(self) -> dict[str, Any]:
        """The section for the machine-readable report."""
        return {
            "name": self.name,
            "title": self.title,
            "measurements": [one.as_json() for one in self.measurements],
            "remarks": self.remarks,
        }


def table(section: Section) -> str:
    """The section as a Markdown table: one row a case, one column a subject; in brackets the ratio subject/ours."""
    subjects = list(dict.fromkeys(one.subject for one in section.measurements))
    cases = list(dict.fromkeys((one.case, one.unit) for one in section.measurements))
    lines = ["| case | unit | " + " | ".join(subjects) + " |", "|---|---|" + "--:|" * len(subjects)]
    for case, unit in cases:
        ours = section.find(case, unit, OURS)
        cells = [_cell(section.find(case, unit, subject), ours) for subject in subjects]
        lines.append(f"| {case} | {unit} | " + " | ".join(cells) + " |")
    return "\n".join([f"### {section.title}", "", *lines, "", *(f"- {remark}" for remark in section.remarks), ""])


def _cell(one: Measurement | None, ours: Measurement | None) -> str:
    if one is None:
        return ""
    if one.median is None:
        return one.note or "–"
    text = number(one.median)
    if ours is not None and one is not ours and ours.median:
        text += f" ({number(one.median / ours.median)}×)"
    return f"{text} {one.note}".rstrip()


def number(value: float) -> str:
    """Three significant figures, without an exponent.

    >>> number(0.012345), number(1234.5), number(12.345)
    ('0.0123', '1234', '12.3')
    """
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    digits = 2
    while abs(value) * 10 ** (digits - 2) < 1:
        digits += 1
    return f"{value:.{digits if abs(value) < 10 else 1}f}"


def geometric_mean(values: Iterable[float]) -> float:
    """The geometric mean of ratios."""
    return statistics.geometric_mean(list(values))
