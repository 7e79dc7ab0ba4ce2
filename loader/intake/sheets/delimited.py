"""Delimited text (CSV, TSV and the like) as a grid: the delimiter and the encoding are found out."""

from __future__ import annotations

import csv
import io
from collections import Counter

from loader.intake.grids.decoding import decode_text
from loader.intake.grids.grid import Grid, GridRow, ReadGrids
from loader.intake.grids.texts import cleaned, text_findings
from loader.intake.grids.workbook import too_long
from loader.intake.limits import Limits
from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Position, Severity
from loader.tables.files import TextFile
from loader.tables.table import split_rows

DELIMITERS = (";", ",", "\t", "|", "¦", "^", "~", "#", ":")
_SAMPLE = 50


def read_delimited(upload: Upload, headers: frozenset[str], limits: Limits) -> ReadGrids:
    """The rows of the text; `headers` are folded names of columns, by which the right delimiter is known."""
    decoded = decode_text(upload)
    if isinstance(decoded, Finding):
        return ReadGrids((), (decoded,), readable=False)
    text = decoded.text
    body, skipped = _without_separator_line(text.text.lstrip("\ufeff"))
    delimiter = find_delimiter(body, headers)
    rows: list[GridRow] = []
    for record in split_rows(TextFile(text.name, body), delimiter):
        if isinstance(record, Finding):
            return ReadGrids((), (record,), readable=False)
        number, line, cells = record
        cleared = tuple(map(cleaned, cells))
        if any(cleared):
            rows.append(GridRow(number + skipped, line + skipped, cleared))
    findings = tuple(_excess(upload, rows, limits))
    if findings:
        return ReadGrids((), findings, readable=False)
    long = [
        too_long(Position(upload.shown, None, row.number, index, row.line), cell, limits)
        for row in rows
        for index, cell in enumerate(row.cells, 1)
        if len(cell) > limits.cell
    ]
    grid = Grid(upload.shown, None, upload.source, tuple(rows))
    return ReadGrids((grid,), (*decoded.findings, *long, *text_findings(grid)), readable=bool(rows))


def find_delimiter(text: str, headers: frozenset[str]) -> str:
    """The delimiter that gives the most known columns in one row, then the most rows of one width above 1."""
    from loader.intake.sheets.aliases import fold_header

    sample = text[:200_000]

    def score(delimiter: str) -> tuple[int, int, int]:
        try:
            rows = [
                row
                for row, _ in zip(csv.reader(io.StringIO(sample), delimiter=delimiter), range(_SAMPLE), strict=False)
            ]
        except csv.Error:
            return (0, 0, 0)
        known = max((len({fold_header(cell) for cell in row} & headers) for row in rows[:15]), default=0)
        width, same = max(Counter(len(row) for row in rows if row).items(), key=lambda item: item[1], default=(1, 0))
        return (known, same if width > 1 else 0, width)

    return max(DELIMITERS, key=score)


def _without_separator_line(text: str) -> tuple[str, int]:
    """The text without Excel's first line sep=…, and how many lines were left out."""
    first, newline, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and newline and len(first.strip()) <= 5:
        return rest, 1
    return text, 0


def _excess(upload: Upload, rows: list[GridRow], limits: Limits) -> list[Finding]:
    widest = max((len(row.cells) for row in rows), default=0)
    found = []
    for rule, sv, en, number, limit in (
        ("too-many-rows", "rader", "rows", len(rows), limits.rows),
        ("too-many-columns", "kolumner", "columns", widest, limits.columns),
    ):
        if number > limit:
            message = Message(
                sv=f"Det finns {number} {sv}; högst {limit} läses. Dela upp filen.",
                en=f"There are {number} {en}; at most {limit} are read. Split the file.",
            )
            found.append(Finding(rule, Severity.VIOLATION, message, Position(upload.shown)))
    return found
