"""The findings of a report beside the rows that they are about: what repeats or follows is folded into its cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loader.intake.doubts import ASKS
from server.handing_in.checks.forms import MOST_ROWS
from server.pages.checking.ticks import as_value
from server.pages.words.wording import spoken

_RANK = {"Violation": 0, "Warning": 1, "Info": 2}


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: `also` are the other rows where the very same is wrong, `follows` what goes with it in its cell.

    `tick` is what the form sends for its mend, empty when none can be put into the file.
    """

    severity: str
    rule: str
    message: str
    column: str
    cell: str
    value: str
    suggestion: str
    also: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    tick: str = ""

    @property
    def bad(self) -> bool:
        """Whether it stops a handing in."""
        return self.severity == "Violation"

    @property
    def asks(self) -> bool:
        """Whether it asks, so that its mend is put in only when somebody ticks it."""
        return self.rule in ASKS


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its cells, where they can be shown, and the findings about it; `number` is empty for a whole file."""

    number: str
    cells: tuple[str, ...]
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file or a sheet of it: its heading, and the rows that something is said of; `left` are rows not shown."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    left: int = 0

    def marked(self, row: Row, place: int) -> str:
        """The class of a cell: err or info when a finding of the row is about its column."""
        about = [one for one in row.findings if one.column == self.header[place]]
        return "" if not about else "err" if any(one.bad for one in about) else "info"

    @property
    def lines(self) -> bool:
        """Whether its rows are lines of a text that is no table."""
        return not self.header and any(row.cells for row in self.rows)


def sheets(report: Mapping[str, Any]) -> list[Sheet]:
    """The sheets that have findings, in the order of the report, which begins with the worst."""
    own = {(one["file"], one["sheet"] or ""): one for one in report["sheets"]}
    made: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in _causes(report["findings"]):
        made.setdefault((one["file"] or "", one["sheet"] or ""), []).append(one)
    return [_sheet(place, some, own.get(place, {"header": [], "rows": {}})) for place, some in made.items()]


def _causes(findings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each cause once: the same in other rows, milder ones in its cell, and what is said of its row go with it."""
    same: dict[tuple[Any, ...], dict[str, Any]] = {}
    cells: dict[tuple[Any, ...], dict[str, Any]] = {}
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    made: list[dict[str, Any]] = []
    for one in sorted(findings, key=lambda one: (one["column"] is None, _RANK[one["severity"]])):
        row = (one["file"], one["sheet"], one["row"])
        cell = (*row, one["column"])
        cause = (one["rule"], *row[:2], one["column"], one["value"], one["suggestion"])
        if one["column"] is not None and one["value"] and (first := same.get(cause)) is not None:
            first["also"].append(str(one["row"] or one["line"] or ""))
            first["mends"].append(one.get("mend"))
        elif one["row"] and (first := cells.get(cell) or (rows.get(row) if one["column"] is None else None)):
            first["follows"].append(one["message"][spoken()])
            continue
        else:
            first = {**one, "also": [], "follows": [], "mends": [one.get("mend")]}
            made.append(first)
        same.setdefault(cause, first)
        cells.setdefault(cell, first)
        if one["severity"] == "Violation" and one["column"] is not None:
            rows.setdefault(row, first)
    return made


def _sheet(place: tuple[str, str], findings: list[dict[str, Any]], own: Mapping[str, Any]) -> Sheet:
    by_row: dict[int, list[dict[str, Any]]] = {}
    for one in findings:
        by_row.setdefault(one["row"] or one["line"] or 0, []).append(one)
    header = tuple(own["header"])
    rows = []
    for number in sorted(by_row)[:MOST_ROWS]:
        cells = tuple(own["rows"].get(str(number), ()))
        found = tuple(_found(one) for one in by_row[number])
        rows.append(Row(str(number) if number else "", _fit(cells, len(header)) if header else cells, found))
    name = ", ".join(filter(None, place))
    return Sheet(name, header, tuple(rows), max(0, len(by_row) - MOST_ROWS))


def _fit(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells))) if cells else ()


def _found(one: dict[str, Any]) -> Found:
    column, cell, value, suggestion = (
        str(one[name] if one[name] is not None else "") for name in ("column", "cell", "value", "suggestion")
    )
    return Found(
        *(one["severity"], one["rule"], one["message"][spoken()]),
        *(column, cell, value, suggestion),
        also=tuple(one["also"]),
        follows=tuple(one["follows"]),
        tick=as_value(one["file"] or "", one["mends"]),
    )
