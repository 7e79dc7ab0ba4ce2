"""Rows sorted into those that state something and those that take a record away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from loader.intake.grids.grid import GridRow
from loader.intake.sheets import changes
from loader.intake.sheets.completing import complete, path_of
from loader.intake.sheets.recognising import Sheet
from loader.intake.world import pagestatements
from loader.intake.world.context import Context
from loader.model import iris
from loader.model.findings import Finding, Position, Severity
from loader.tables.table import Row


def words_of_change(sheet: Sheet, row: GridRow) -> dict[str, str]:
    """What the row says in the columns of change."""
    readings = [reading for reading in sheet.columns if reading.column in changes.COLUMNS and reading.number]
    texts = {str(item.column): row.cells[(item.number or 1) - 1 : item.number or 1] for item in readings}
    return {column: " ".join(found[0].split()) for column, found in texts.items() if found and found[0].strip()}


def stated_and_removed(
    sheet: Sheet, made: list[tuple[Row, dict[str, str]]], named: frozenset[tuple[str, str]], context: Context
) -> tuple[list[Row], list[changes.Removal], list[Finding]]:
    """The rows that state something, those that take a record away, and what is wrong with what they say of changes."""
    rows: list[Row] = []
    removals: list[changes.Removal] = []
    findings: list[Finding] = []
    for row, words in made:
        going = changes.goes(words.get(changes.REMOVED, ""))
        if going is None:
            findings.append(changes.bad_removal(words[changes.REMOVED], _place(sheet, row, changes.REMOVED)))
        former = words.get(changes.FORMERLY, "")
        before = changes.former_key(sheet.table, row.cells, former, context) if former else None
        if former and before is None and not going:
            place = _place(sheet, row, changes.FORMERLY)
            findings.append(changes.not_known(changes.FORMERLY, former, place, _names(sheet.table, row, context)))
        whole = complete(sheet.table, _with_key(sheet.table, row, before), context, named)
        if not going:
            rows.append(whole)
            continue
        found = _removal(sheet, whole, words.get(changes.REPLACED_BY, ""), context)
        if isinstance(found, Finding):
            findings.append(found)
        else:
            removals.append(found)
    return rows, removals, findings


def _with_key(table: str, row: Row, key: str | None) -> Row:
    column = {"variables": "variable", "indicators": "indicator"}.get(table)
    return row if key is None or column is None else replace(row, cells={**row.cells, column: key})


def _removal(sheet: Sheet, row: Row, successor: str, context: Context) -> changes.Removal | Finding:
    place = _place(sheet, row, changes.REMOVED)
    path = path_of(sheet.table, row.cells, context)
    if path is None or iris.thing(path) not in context.described:
        shown = next((row.cells[name] for name in _SHOWN[sheet.table] if row.cells.get(name)), "")
        return changes.nothing_there(shown, place)
    if pagestatements.of_a_page(iris.thing(path), context):
        said = pagestatements.message(iris.thing(path))
        return Finding(pagestatements.RULE, Severity.VIOLATION, said, place, focus=iris.thing(path))
    replaced_by = changes.replacing(sheet.table, row.cells, successor, context) if successor else None
    return changes.Removal(path, replaced_by, place)


_SHOWN = {
    "registers": ("register", "label_sv"),
    "variables": ("notation", "variable"),
    "indicators": ("label_sv", "indicator"),
    "coverage_measurements": ("year", "register"),
    "register_statements": ("property", "register"),
    "registration_volumes": ("year", "register"),
    "reported_events": ("kind", "register"),
}


def _place(sheet: Sheet, row: Row, column: str) -> Position:
    reading = sheet.reading(column)
    line = row.line if sheet.grid.sheet is None else None
    return Position(sheet.grid.file, sheet.grid.sheet, row.number, None if reading is None else reading.header, line)


def _names(table: str, row: Row, context: Context) -> Iterator[str]:
    known = context.notations if table == "variables" else context.labels
    return (text for register, text in known if register == row.cells.get("register", ""))
