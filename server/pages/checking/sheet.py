"""The findings of a report beside the rows that they are about: what repeats or follows is folded into its cause."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.pages.wording import spoken

MOST_ROWS = 300
_RANK = {"Violation": 0, "Warning": 1, "Info": 2}
_ENCODINGS = ("utf-8-sig", "cp1252")


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: `also` are the other rows where the very same is wrong, `follows` what goes with it in its cell."""

    severity: str
    rule: str
    message: str
    column: str
    cell: str
    value: str
    suggestion: str
    also: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()

    @property
    def bad(self) -> bool:
        """Whether it stops a handing in."""
        return self.severity == "Violation"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its cells, where they can be shown, and the findings about it; `number` is empty for a whole file."""

    number: str
    cells: tuple[str, ...]
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file or a sheet of it: its heading, and the rows that something is said of."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def marked(self, row: Row, place: int) -> str:
        """The class of a cell: err or info when a finding of the row is about its column."""
        about = [one for one in row.findings if one.column == self.header[place]]
        return "" if not about else "err" if any(one.bad for one in about) else "info"


def sheets(report: Mapping[str, Any], files: Mapping[str, bytes]) -> list[Sheet]:
    """The sheets that have findings, in the order of the report, which begins with the worst."""
    made: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in _causes(report["findings"]):
        made.setdefault((one["file"] or "", one["sheet"] or ""), []).append(one)
    return [_sheet(file, sheet, some, files.get(file)) for (file, sheet), some in made.items()]


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
        elif one["row"] and (first := cells.get(cell) or (rows.get(row) if one["column"] is None else None)):
            first["follows"].append(one["message"][spoken()])
            continue
        else:
            first = {**one, "also": [], "follows": []}
            made.append(first)
        same.setdefault(cause, first)
        cells.setdefault(cell, first)
        if one["severity"] == "Violation" and one["column"] is not None:
            rows.setdefault(row, first)
    return made


def _sheet(file: str, sheet: str, findings: list[dict[str, Any]], data: bytes | None) -> Sheet:
    lines = _lines(data) if data is not None and not sheet else []
    by_row: dict[int, list[dict[str, Any]]] = {}
    for one in findings:
        by_row.setdefault(one["row"] or one["line"] or 0, []).append(one)
    rows = []
    for number in sorted(by_row)[:MOST_ROWS]:
        cells = tuple(lines[number - 1]) if 0 < number <= len(lines) else ()
        rows.append(Row(str(number) if number else "", cells, tuple(_found(one) for one in by_row[number])))
    header = tuple(lines[0]) if lines else ()
    name = f"{file}, {sheet}" if sheet else file
    return Sheet(name, header, tuple(Row(row.number, _fit(row.cells, len(header)), row.findings) for row in rows))


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
    )


def _lines(data: bytes) -> list[list[str]]:
    """The rows of a text file with separators; none for any other file."""
    if data[:2] == b"PK" or b"\0" in data:
        return []
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        first = text.partition("\n")[0]
        separator = max(";,\t", key=first.count)
        if not first.count(separator):
            return []
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    return []
