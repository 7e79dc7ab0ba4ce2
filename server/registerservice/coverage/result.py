"""The result of a run: measurements, täckningsgrad and reasons, with nothing where it is suppressed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from server.registerservice.counts.counting import By
from server.registerservice.disclosure.cube import TOTAL, Cell, Cube
from server.registerservice.reading.question import DIRECTIONS, SIDES, Question, Side
from server.registerservice.statistics.intervals import wilson


@dataclass(frozen=True)
class Row:
    """One share: fractions are unrounded, and all numbers None where it is suppressed."""

    what: str
    by: dict[str, str]
    found: int | None
    of: int | None
    rate: float | None
    lower: float | None
    upper: float | None
    suppressed: bool


@dataclass(frozen=True)
class Reason:
    """How many are unmatched for one reason."""

    direction: str
    by: dict[str, str]
    reason: str
    count: int | None
    suppressed: bool


@dataclass(frozen=True)
class Result:
    """What a run gives: shares of both directions, täckningsgrad of either side, reasons, and how it was made."""

    measurements: list[Row]
    coverage: list[Row]
    unmatched: list[Reason]
    method: dict[str, Any] = field(default_factory=dict)
    participation: list[Row] = field(default_factory=list)

    @property
    def shares(self) -> tuple[Row, ...]:
        """Every share: both directions, the täckningsgrad, and how many units take part where that was asked."""
        return (*self.measurements, *self.coverage, *self.participation)

    def as_json(self) -> dict[str, Any]:
        """The shape of the file in JSON."""
        return {
            "measurements": [_row("direction", row) for row in self.measurements],
            "coverage": [_row("side", row) for row in self.coverage],
            "unmatched": [
                {
                    "direction": entry.direction,
                    "by": entry.by,
                    "reason": entry.reason,
                    "count": entry.count,
                    "suppressed": entry.suppressed,
                }
                for entry in self.unmatched
            ],
            **({"participation": [_row("what", row) for row in self.participation]} if self.participation else {}),
            "method": self.method,
        }


def _row(name: str, row: Row) -> dict[str, Any]:
    fields = ("by", "found", "of", "rate", "lower", "upper", "suppressed")
    return {name: row.what, **{field: getattr(row, field) for field in fields}}


def _share(what: str, by: By, found: int | None, of: int | None, intervals: bool) -> Row:
    if found is None or of is None:
        return Row(what, dict(by), None, None, None, None, None, True)
    lower, upper = wilson(found, of) if of and intervals else (None, None)
    return Row(what, dict(by), found, of, found / of if of else None, lower, upper, False)


def build_result(cube: Cube, hidden: set[Cell], question: Question, *, intervals: bool = True) -> Result:
    """The cube as it is published."""
    order = sorted((cell for cell in cube.counts if not cell.reason), key=lambda cell: _order(cube, cell))
    measurements = [_share(DIRECTIONS[cell.side], cell.by, *_shown(cube, hidden, cell), intervals) for cell in order]
    unmatched = [
        Reason(DIRECTIONS[cell.side], dict(cell.by), cell.reason, None if cell in hidden else count.of, cell in hidden)
        for cell, count in cube.counts.items()
        if cell.reason
    ]
    return Result(measurements, list(_coverage(cube, hidden, question, intervals)), unmatched)


def _order(cube: Cube, cell: Cell) -> tuple[Any, ...]:
    return SIDES.index(cell.side), cube.sets.index(tuple(name for name, _ in cell.by)), cell.by


def _shown(cube: Cube, hidden: set[Cell], cell: Cell) -> tuple[int | None, int | None]:
    if cell in hidden:
        return None, None
    return cube.counts[cell].found, cube.counts[cell].of


def _coverage(cube: Cube, hidden: set[Cell], question: Question, intervals: bool) -> Iterator[Row]:
    """Täckningsgrad = one side / (both + only the register + only the reference), from shown counts alone.

    For the total, and for units where the unit is a key: elsewhere the two sides' cells do not hold the same people.
    """
    places: list[By] = [TOTAL]
    if question.unit is not None and question.count == "events":
        shared = question.keys_of_match()
        places += sorted({cell.by for cell in cube.counts if cell.by and {name for name, _ in cell.by} <= shared})
    for by in places:
        pair = {side: Cell(side, by) for side in SIDES}
        for side in SIDES:
            yield _covered(cube, hidden, pair, side, intervals)


def _covered(cube: Cube, hidden: set[Cell], pair: dict[Side, Cell], side: Side, intervals: bool) -> Row:
    other: Side = "reference" if side == "register" else "register"
    by = pair[side].by
    if any(cell in hidden for cell in pair.values()):
        return _share(side, by, None, None, intervals)
    mine, theirs = (cube.counts.get(pair[name]) for name in (side, other))
    size = mine.of if mine else 0
    return _share(side, by, size, size + (theirs.unfound if theirs else 0), intervals)
