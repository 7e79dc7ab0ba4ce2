"""Data dictionaries as REDCap exports them: a row a field, with its label, type, choices and validation."""

from __future__ import annotations

import re
from dataclasses import replace

from loader.intake.dictionaries.entries import said
from loader.intake.sheets.aliases import fold_header
from loader.intake.sheets.grids import Grid, GridRow
from loader.model.findings import Finding, Position

_NAME, _TYPE, _LABEL = "variable/field name", "field type", "field label"
_MARKUP = re.compile(r"<[^<>]{1,300}>")


def from_redcap(grid: Grid) -> tuple[Grid, tuple[Finding, ...]]:
    """The grid without fields that only show text, and labels without markup; other grids as they are."""
    header = [fold_header(cell) for cell in grid.rows[0].cells] if grid.rows else []
    if not {_NAME, _TYPE, _LABEL} <= set(header):
        return grid, ()
    kind, label = header.index(_TYPE), header.index(_LABEL)
    rows = [_plain(row, label) for row in grid.rows[1:] if "".join(row.cells[kind : kind + 1]) != "descriptive"]
    told = said(Position(grid.file, grid.sheet), "REDCap Data Dictionary", len(rows))
    return replace(grid, rows=(grid.rows[0], *rows)), (told,)


def _plain(row: GridRow, label: int) -> GridRow:
    if label >= len(row.cells) or "<" not in row.cells[label]:
        return row
    text = " ".join(_MARKUP.sub(" ", row.cells[label]).split())
    return replace(row, cells=(*row.cells[:label], text, *row.cells[label + 1 :]))
