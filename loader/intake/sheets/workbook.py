"""Workbooks (XLSX, ODS) as grids: real row numbers, numbers as they were typed, no formula evaluated."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from loader.intake.limits import Limits
from loader.intake.sheets.archive import check_archive
from loader.intake.sheets.grids import Grid, GridRow, ReadGrids
from loader.intake.sheets.sheetxml import unread_cells
from loader.intake.upload import Upload
from loader.judging.findings import Finding, Message, Position, Severity

CellValue = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(upload: Upload, limits: Limits) -> ReadGrids:
    """Every sheet with its rows; findings about what could not be read, and about cells that hold no value."""
    problem = check_archive(upload, limits)
    if problem is not None:
        return ReadGrids((), (problem,), readable=False)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(upload.data))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        if len(names) > limits.sheets:
            return ReadGrids((), (_too_many(upload, "sheets", len(names), limits.sheets),), readable=False)
        sheets = [book.get_sheet_by_name(name) for name in names]
        grids, findings = _grids(upload, sheets, limits)
    except (CalamineError, OSError, ValueError, OverflowError, MemoryError) as error:
        return ReadGrids((), (_damaged(upload, error),), readable=False)
    findings += [cell.finding(upload.shown) for cell in unread_cells(upload)]
    return ReadGrids(tuple(grids), tuple(findings), readable=bool(grids))


def _grids(upload: Upload, sheets: Iterable[CalamineSheet], limits: Limits) -> tuple[list[Grid], list[Finding]]:
    grids: list[Grid] = []
    findings: list[Finding] = []
    for sheet in sheets:
        if sheet.total_height > limits.rows or sheet.total_width > limits.columns:
            many = (
                ("rows", sheet.total_height, limits.rows)
                if sheet.total_height > limits.rows
                else ("columns", sheet.total_width, limits.columns)
            )
            findings.append(_too_many(upload, *many, sheet=sheet.name))
            continue
        grid = Grid(upload.shown, sheet.name, upload.source, tuple(_rows(sheet)))
        grids.append(grid)
        findings += _merged(upload, sheet, grid)
        findings += _long_cells(grid, limits)
    return grids, findings


def _rows(sheet: CalamineSheet) -> Iterator[GridRow]:
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
        cells = tuple(as_text(value) for value in row)
        if any(cells):
            yield GridRow(number, None, cells)


def as_text(value: CellValue) -> str:
    """A cell's value as text: whole numbers without a point, days as YYYY-MM-DD, booleans as true and false.

    >>> as_text(42.0), as_text(0.5), as_text(date(2025, 7, 1)), as_text(True)
    ('42', '0.5', '2025-07-01', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()


def _merged(upload: Upload, sheet: CalamineSheet, grid: Grid) -> Iterator[Finding]:
    """Merged cells below the second row that has text: what stands in them is known for one row only."""
    ranges = sheet.merged_cell_ranges or []
    for (top, left), (bottom, _right) in ranges:
        if bottom == top or not any(row.number == bottom + 1 for row in grid.rows):
            continue
        message = Message(
            sv=f"Cellen är sammanslagen över raderna {top + 1}–{bottom + 1}; bara den översta raden får värdet. "
            "Dela cellen och skriv värdet på varje rad.",
            en=f"The cell is merged over rows {top + 1}–{bottom + 1}; only the top row gets the value. "
            "Unmerge the cell and write the value on every row.",
        )
        position = Position(upload.shown, sheet.name, top + 1, column_letters(left + 1))
        yield Finding("merged-cells", Severity.VIOLATION, message, position)


def column_letters(number: int) -> str:
    """The letters of a column.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _long_cells(grid: Grid, limits: Limits) -> Iterator[Finding]:
    for row in grid.rows:
        for index, cell in enumerate(row.cells, 1):
            if len(cell) > limits.cell:
                yield too_long(
                    Position(grid.file, grid.sheet, row.number, column_letters(index), row.line), cell, limits
                )


def too_long(position: Position, cell: str, limits: Limits) -> Finding:
    """The finding about a cell with too much text."""
    message = Message(
        sv=f"Cellen har {len(cell)} tecken; högst {limits.cell} läses. Korta texten.",
        en=f"The cell has {len(cell)} characters; at most {limits.cell} are read. Shorten the text.",
    )
    return Finding("too-long", Severity.VIOLATION, message, position, cell[:80])


_THINGS = {"sheets": ("blad", "sheets"), "rows": ("rader", "rows"), "columns": ("kolumner", "columns")}


def _too_many(upload: Upload, things: str, number: int, limit: int, *, sheet: str | None = None) -> Finding:
    sv, en = _THINGS[things]
    message = Message(
        sv=f"Det finns {number} {sv}; högst {limit} läses. Dela upp filen.",
        en=f"There are {number} {en}; at most {limit} are read. Split the file.",
    )
    return Finding(f"too-many-{things}", Severity.VIOLATION, message, Position(upload.shown, sheet))


def _damaged(upload: Upload, error: Exception) -> Finding:
    message = Message(
        sv=f"Arbetsboken kan inte läsas ({error}). Öppna den i ett kalkylprogram och spara om den.",
        en=f"The workbook cannot be read ({error}). Open it in a spreadsheet program and save it again.",
    )
    return Finding("damaged-workbook", Severity.VIOLATION, message, Position(upload.shown))
