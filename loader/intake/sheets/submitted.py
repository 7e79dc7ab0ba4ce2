"""Sheets as tables of the loader: cells in the loader's form, and what a submitter leaves out worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from loader.graph.scopes import scope_of
from loader.intake.grids.grid import GridRow
from loader.intake.sheets import changes
from loader.intake.sheets.aliases import known_tables
from loader.intake.sheets.columns import ColumnReading, How
from loader.intake.sheets.recognising import Sheet, header_position
from loader.intake.sheets.rowchanges import stated_and_removed, words_of_change
from loader.intake.sheets.yesno import yes_or_no
from loader.intake.world.context import Context
from loader.model.codes import Concept
from loader.model.findings import Finding, Message, Severity
from loader.model.layout import Column, TableLayout
from loader.model.nearest import fold
from loader.tables.reportcells import scheme_of
from loader.tables.statedvalues import meaning
from loader.tables.table import Row, Table

_BULLETS = re.compile(r"^\s*[•·▪●◦‣]\s*|^\s*[*–-]\s+(?=\S)|\s+[•·▪●◦‣]\s*", re.MULTILINE)
# What a sheet without this column says of every row.
_UNSAID: Mapping[str, tuple[str, str]] = {
    "registers": ("kind", "quality-register"),
    "indicators": ("kind", "tabulated"),
    "coverage_measurements": ("metric", "coverage"),
    "register_statements": ("standing", "stated"),
    "registration_volumes": ("exactness", "exact"),
}
_NUMBER = re.compile(r"-?[0-9]{1,3}(?:[  ][0-9]{3})+|-?[0-9]+")


@dataclass(frozen=True, slots=True)
class Submitted:
    """One sheet as a table: its columns, those worked out included, and findings about the header."""

    sheet: Sheet
    table: Table
    part: str
    columns: tuple[ColumnReading, ...]
    findings: tuple[Finding, ...]
    removals: tuple[changes.Removal, ...] = ()

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes of which the sheet has rows."""
        found = (row.cells.get("register", "") for row in self.table.rows)
        return frozenset(scope_of(self.table.name, register) for register in found if register)

    @property
    def part_path(self) -> str:
        """The IRI path of the sheet as a part of its document."""
        return f"part/{self.sheet.grid.source}.{self.part}"

    @property
    def given(self) -> frozenset[str]:
        """The columns of the table that the sheet has, or that were worked out."""
        return frozenset(reading.column for reading in self.columns if reading.column is not None)


def as_table(sheet: Sheet, context: Context, register: str | None, part: str = "sheet") -> Submitted:
    """The sheet as a table; `register` is what it is about when it does not say, `part` its key within its upload."""
    layout = context.layouts[sheet.table]
    readings = list(sheet.columns)
    fixed = dict(sheet.constants)
    if register is not None and lacks_register(sheet, layout):
        fixed["register"] = register
    column, value = _UNSAID.get(sheet.table, ("", ""))
    if column and sheet.reading(column) is None:
        fixed.setdefault(column, value)
    readings += [_extra(sheet, column, How.CONSTANT, value) for column, value in fixed.items()]
    made = [(_row(sheet, row, fixed, part, context), words_of_change(sheet, row)) for row in sheet.rows]
    named = frozenset((row.cells.get("register", ""), fold(row.cells.get("notation", ""))) for row, _ in made)
    rows, removals, findings = stated_and_removed(sheet, made, named, context)
    readings += [_extra(sheet, column, How.DERIVED, origin) for column, origin in _derived(sheet, fixed)]
    table = Table(sheet.table, sheet.grid.source, sheet.grid.name, tuple(rows))
    findings += _missing(sheet, layout, readings) if rows else ()
    return Submitted(sheet, table, part, tuple(readings), tuple(findings), tuple(removals))


def _row(sheet: Sheet, row: GridRow, fixed: Mapping[str, str], part: str, context: Context) -> Row:
    """The row's cells as the loader writes them."""
    layout = context.layouts[sheet.table]
    cells = {column.name: fixed.get(column.name, "") for column in layout.columns}
    for reading in sheet.columns:
        column = layout.by_name.get(reading.column or "")
        if column is not None and reading.number is not None and reading.number <= len(row.cells):
            cells[column.name] = as_cell(row.cells[reading.number - 1], column, context)
    if layout.class_by is not None:
        cells[layout.class_by] = class_key(layout, cells[layout.class_by], context)
    if layout.passage:
        cells["part"], cells["row"] = part, str(row.number)
    made = Row(row.number, row.line or row.number, cells)
    return made if layout.value_by is None else replace(made, cells=_values(layout, made, context))


def _values(layout: TableLayout, row: Row, context: Context) -> dict[str, str]:
    """The cells, with those of kind value written as what they hold in this row is written."""
    meant = {column.name: meaning(layout, row, column, context.codes) for column in layout.columns}
    return {
        name: as_cell(text, held, context) if (held := meant.get(name)) is not None else text
        for name, text in row.cells.items()
    }


def lacks_register(sheet: Sheet, layout: TableLayout) -> bool:
    """Whether the rows are about a register that the sheet has no column for."""
    return "register" in layout.by_name and "register" not in sheet.constants and sheet.reading("register") is None


def _extra(sheet: Sheet, column: str, how: How, origin: str) -> ColumnReading:
    return ColumnReading(sheet.grid.file, sheet.grid.sheet, sheet.table, None, "", column, how, origin)


_ORIGINS: Mapping[str, Mapping[str, str]] = {
    "registers": {"register": "short_name, label_sv"},
    "variables": {"variable": "notation"},
    "indicators": {"indicator": "label_sv, register", "printed": "label_sv", "measure_type": "label_sv"},
    "coverage_measurements": {"measurement": "year, register, metric", "printed": "from_percent, to_percent"},
    "register_statements": {"statement": "as_of, value, value_sv", "printed": "value, value_sv, value_en"},
    "registration_volumes": {"volume": "year, unit", "printed": "number, unit"},
    "reported_events": {"event": "date, kind", "printed": "kind, date"},
}


def _derived(sheet: Sheet, fixed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column, origin in _ORIGINS[sheet.table].items():
        if sheet.reading(column) is None and column not in fixed:
            yield column, origin


def class_key(layout: TableLayout, text: str, context: Context) -> str:
    """The key of the class that a text names in either language, in full or by a word of its own; else the text."""
    wanted = set(fold(text).split())
    found = [
        key
        for key, name in layout.classes.items()
        for known in [context.class_names.get(name, Message(sv=key, en=key))]
        if wanted and any(wanted <= set(fold(label).split()) for label in (known.sv, known.en, key))
    ]
    return found[0] if len(found) == 1 else text


def as_cell(text: str, column: Column, context: Context) -> str:
    """A submitted cell as the loader writes it: one line, items between bars, numbers with a point, keys for names."""
    plain = text.replace("\u00a0", " ").strip()
    if column.many:
        return _items(plain, column, context)
    plain = " ".join(_BULLETS.sub(" ", plain).split()) if column.kind != "text" else _one_line(plain)
    if column.kind == "ref":
        return context.key_named(column.table or "", plain) or plain
    if column.kind == "boolean":
        return yes_or_no(plain)
    if column.kind == "decimal":
        return _decimal(plain)
    if column.kind == "integer":
        return plain.replace(" ", "") if _NUMBER.fullmatch(plain) else plain
    return plain


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"^[•·▪●◦‣]\s*", "", text).split())


def _decimal(text: str) -> str:
    bare = text.removesuffix("%").strip()
    return bare.replace(",", ".") if re.fullmatch(r"-?[0-9]+(?:,[0-9]+)?", bare) else bare if _plain(bare) else text


def _plain(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text) is not None


def _items(text: str, column: Column, context: Context) -> str:
    """The items between bars: those of a cell of several lines, with bullets, bars or semicolons between them."""
    if not text:
        return ""
    known = partial(_is_code, column, context)
    if known(" ".join(text.split())):
        return " ".join(text.split())
    marked = _BULLETS.sub("\n", text).replace("|", "\n")
    if column.kind != "text":
        marked = marked.replace(";", "\n")
    lines = [line.strip() for line in re.sub(r"/\s*\n\s*", "/", marked).split("\n")]
    empty = "|" in text and any(not part.strip() for part in text.split("|"))
    items = [" ".join(line.split()) for line in lines if line]
    if column.kind == "ref":
        items = [context.key_named(column.table or "", item) or item for item in items]
    return "|".join(items) + ("|" if empty and items else "")


def _is_code(column: Column, context: Context, text: str) -> bool:
    if column.kind != "code":
        return False
    return isinstance(scheme_of(context.codes, column.scheme or "").find(text), Concept)


def _missing(sheet: Sheet, layout: TableLayout, readings: list[ColumnReading]) -> Iterator[Finding]:
    """A finding for each column that must be there and is neither given nor worked out."""
    known = {reading.column for reading in readings}
    names = known_tables()[sheet.table].columns
    for column in layout.columns:
        needed = column.required or column.kind == "key"
        if column.name in known or not needed or column.kind.startswith("passage"):
            continue
        title = names[column.name]
        mild = column.name in MAY_BE_MISSING.get(sheet.table, ())
        message = Message(
            sv=f"Kolumnen «{title.sv}» saknas. {title.help_sv}"
            + (f" Exempel: {title.example}." if title.example else ""),
            en=f"The column “{title.en}” is missing. {title.help_en}"
            + (f" Example: {title.example_en}." if title.example else ""),
        )
        yield Finding(
            "missing-column",
            Severity.WARNING if mild else Severity.VIOLATION,
            message,
            header_position(sheet),
            value=title.sv,
        )


MAY_BE_MISSING: Mapping[str, tuple[str, ...]] = {
    "registers": ("label_en",),
    "indicators": ("label_en", "patient_reported"),
    "register_statements": ("value_en",),
}
"""Columns that the report's tables do not have: a submission without them is taken in, with a warning."""
