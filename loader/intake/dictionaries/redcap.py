"""Data dictionaries as REDCap exports them: a row a field, with its label, type, choices and validation."""

from __future__ import annotations

import re
from dataclasses import replace

from loader.intake.dictionaries.entries import dictionary_read, listed_codes
from loader.intake.grids.grid import Grid, GridRow
from loader.intake.sheets.aliases import fold_header
from loader.model.findings import Finding, Position

_NAME, _TYPE, _LABEL = "variable/field name", "field type", "field label"
_CHOICES = "choices, calculations, or slider labels"
_CHOOSING = ("radio", "dropdown", "checkbox")
_MARKUP = re.compile(r"<[^<>]{1,300}>")


def from_redcap(grid: Grid) -> tuple[Grid, tuple[Finding, ...]]:
    """The grid without fields that only show text, and labels without markup; other grids as they are."""
    header = [fold_header(cell) for cell in grid.rows[0].cells] if grid.rows else []
    if not {_NAME, _TYPE, _LABEL} <= set(header):
        return grid, ()
    kind, label = header.index(_TYPE), header.index(_LABEL)
    choices = header.index(_CHOICES) if _CHOICES in header else len(header)
    rows = [row for row in grid.rows[1:] if _cell(row, kind) != "descriptive"]
    read = [_chosen(_plain(row, label), choices, _cell(row, kind)) for row in rows]
    told = dictionary_read(Position(grid.file, grid.sheet), "REDCap Data Dictionary", len(rows))
    return replace(grid, rows=(grid.rows[0], *read)), (told,)


def _cell(row: GridRow, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def _with(row: GridRow, place: int, text: str) -> GridRow:
    return replace(row, cells=(*row.cells[:place], text, *row.cells[place + 1 :]))


def _plain(row: GridRow, label: int) -> GridRow:
    text = _cell(row, label)
    return _with(row, label, " ".join(_MARKUP.sub(" ", text).split())) if "<" in text else row


def _chosen(row: GridRow, place: int, kind: str) -> GridRow:
    """The choices as codes with their meaning; a formula or the words of a slider are no codes."""
    if not _cell(row, place):
        return row
    pairs = (item.partition(",") for item in _cell(row, place).split("|")) if kind in _CHOOSING else ()
    return _with(row, place, listed_codes((code.strip(), text.strip()) for code, _, text in pairs))
