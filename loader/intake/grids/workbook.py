"""Workbooks (XLSX, ODS) as grids: what each cell shows, real row numbers, no formula evaluated."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from loader.intake.grids.archive import check_archive
from loader.intake.grids.cells import SheetCells, Unread, column_letters
from loader.intake.grids.grid import Grid, GridRow, ReadGrids
from loader.intake.grids.odssheet import read_sheets
from loader.intake.grids.texts import cleaned, text_findings
from loader.intake.grids.xlsxbook import read_book
from loader.intake.grids.xlsxsheet import read_sheet
from loader.intake.limits import Limits
from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Position, Severity

_DAMAGED = (KeyError, IndexError, ValueError, OverflowError, OSError, EOFError, RuntimeError, zlib.error)
_STRAY = 20


def read_workbook(upload: Upload, limits: Limits) -> ReadGrids:
    """Every sheet with its rows; findings about what could not be read, and about cells that hold no value."""
    problem = check_archive(upload, limits)
    if problem is not None:
        return ReadGrids((), (problem,), readable=False)
    try:
        sheets = _sheets(upload, limits)
    except (*_DAMAGED, ExpatError, ParseError, zipfile.BadZipFile):
        return ReadGrids((), (_damaged(upload),), readable=False)
    if isinstance(sheets, Finding):
        return ReadGrids((), (sheets,), readable=False)
    grids: list[Grid] = []
    findings: list[Finding] = []
    for sheet in sheets:
        findings += _unread(upload, sheet)
        problem = _too_large(upload, sheet, limits)
        if problem is not None:
            findings.append(problem)
            continue
        findings += _far(upload, sheet, limits)
        grid = _grid(upload, sheet, limits)
        grids.append(grid)
        findings += [*_merged(upload, sheet), *_long_cells(grid, limits), *text_findings(grid)]
    return ReadGrids(tuple(grids), tuple(findings), readable=bool(grids))


def _sheets(upload: Upload, limits: Limits) -> list[SheetCells] | Finding:
    with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            sheets = read_sheets(archive, limits)
            return sheets if len(sheets) <= limits.sheets else _too_many(upload, "sheets", len(sheets), limits.sheets)
        book = read_book(archive)
        if len(book.sheets) > limits.sheets:
            return _too_many(upload, "sheets", len(book.sheets), limits.sheets)
        return [read_sheet(archive, part, book, limits.cells) for part in book.sheets]


def _grid(upload: Upload, sheet: SheetCells, limits: Limits) -> Grid:
    """The cells as rows; columns beyond the limit have a finding of their own."""
    struck: dict[int, set[int]] = {}
    for row, column in sheet.struck:
        struck.setdefault(row, set()).add(column)
    wide: dict[int, set[int]] = {}
    for top, left, _bottom, right in sheet.merged:
        if right > left:
            wide.setdefault(top, set()).add(left)
    rows = []
    for number, filled in sorted(sheet.rows.items()):
        known = {column: cleaned(text) for column, text in filled.items() if column <= limits.columns}
        if number > limits.rows or not any(known.values()):
            continue
        cells = tuple(known.get(column, "") for column in range(1, max(known) + 1))
        marks = (number in sheet.hidden_rows, frozenset(struck.get(number, ())), frozenset(wide.get(number, ())))
        rows.append(GridRow(number, None, cells, *marks))
    columns = {number for low, high in sheet.hidden_columns for number in range(low, min(high, limits.columns) + 1)}
    return Grid(upload.shown, sheet.name, upload.source, tuple(rows), sheet.hidden, frozenset(columns))


def _too_large(upload: Upload, sheet: SheetCells, limits: Limits) -> Finding | None:
    widest = max((len(row) for row in sheet.rows.values()), default=0)
    for things, number, limit in (("rows", len(sheet.rows), limits.rows), ("columns", widest, limits.columns)):
        if number > limit:
            return _too_many(upload, things, number, limit, sheet=sheet.name)
    return _too_many(upload, "cells", sheet.number, limits.cells, sheet=sheet.name) if sheet.full else None


def _far(upload: Upload, sheet: SheetCells, limits: Limits) -> Iterator[Finding]:
    """Cells so far away that they belong to no table, and references that no spreadsheet has."""
    far = [
        f"{column_letters(column)}{number}"
        for number, row in sorted(sheet.rows.items())
        for column in sorted(row)
        if number > limits.rows or column > limits.columns
    ]
    for reference in [*far, *sheet.nowhere][:_STRAY]:
        message = Message(
            sv=f"Cellen {reference} står utanför det som läses ({limits.rows} rader, {limits.columns} kolumner) och "
            "läses inte. Flytta den till tabellen, eller töm den.",
            en=f"The cell {reference} stands outside what is read ({limits.rows} rows, {limits.columns} columns) and "
            "is not read. Move it to the table, or empty it.",
        )
        yield Finding("far-cell", Severity.WARNING, message, Position(upload.shown, sheet.name), reference)


def _unread(upload: Upload, sheet: SheetCells) -> Iterator[Finding]:
    return (
        _no_value(Position(upload.shown, sheet.name, cell.row, column_letters(cell.column)), cell)
        for cell in sheet.unread
    )


def _no_value(position: Position, cell: Unread) -> Finding:
    if cell.error is None:
        message = Message(
            sv="Cellen är en formel utan uträknat värde; formler räknas aldrig ut. Klistra in värdet i stället.",
            en="The cell is a formula without a computed value; formulas are never computed. Paste the value.",
        )
        return Finding("formula-without-value", Severity.VIOLATION, message, position)
    message = Message(
        sv=f"Cellen visar felet {cell.error}. Rätta formeln, eller skriv värdet.",
        en=f"The cell shows the error {cell.error}. Mend the formula, or write the value.",
    )
    return Finding("error-cell", Severity.VIOLATION, message, position, cell.error)


def _merged(upload: Upload, sheet: SheetCells) -> Iterator[Finding]:
    """Cells merged over rows that have other text: what stands in them is known for the top row only."""
    for top, left, bottom, _right in sheet.merged:
        if bottom == top or bottom not in sheet.rows:
            continue
        message = Message(
            sv=f"Cellen är sammanslagen över raderna {top}–{bottom}; bara den översta raden får värdet. "
            "Dela cellen och skriv värdet på varje rad.",
            en=f"The cell is merged over rows {top}–{bottom}; only the top row gets the value. "
            "Unmerge the cell and write the value on every row.",
        )
        position = Position(upload.shown, sheet.name, top, column_letters(left))
        yield Finding("merged-cells", Severity.VIOLATION, message, position)


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


_THINGS = {
    "sheets": ("blad", "sheets"),
    "rows": ("rader", "rows"),
    "columns": ("kolumner", "columns"),
    "cells": ("celler", "cells"),
}


def _too_many(upload: Upload, things: str, number: int, limit: int, *, sheet: str | None = None) -> Finding:
    sv, en = _THINGS[things]
    message = Message(
        sv=f"Det finns {number} {sv}; högst {limit} läses. Dela upp filen.",
        en=f"There are {number} {en}; at most {limit} are read. Split the file.",
    )
    return Finding(f"too-many-{things}", Severity.VIOLATION, message, Position(upload.shown, sheet))


def _damaged(upload: Upload) -> Finding:
    message = Message(
        sv="Arbetsboken är skadad: delar av den saknas eller går inte att tolka. Öppna den i ett kalkylprogram och "
        "spara om den.",
        en="The workbook is damaged: parts of it are missing or make no sense. Open it in a spreadsheet program and "
        "save it again.",
    )
    return Finding("damaged-workbook", Severity.VIOLATION, message, Position(upload.shown))
