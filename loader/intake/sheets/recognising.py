"""Which table a grid holds, in which row its header stands, and what each of its columns is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from loader.intake.grids.grid import Grid, GridRow
from loader.intake.sheets.aliases import TableNames, fold_header, known_tables
from loader.intake.sheets.changes import COLUMNS, change_column
from loader.intake.sheets.columns import ColumnReading, How
from loader.intake.world.context import Context
from loader.model.findings import Finding, Message, Position, Severity
from loader.model.nearest import fold, nearest

_HEADER_ROWS = 15
MAIN = {
    "registers": ("label_sv", "register"),
    "variables": ("notation", "variable", "label_sv"),
    "indicators": ("label_sv", "printed", "indicator"),
    "coverage_measurements": ("from_percent", "under_percent", "to_percent"),
    "register_statements": ("property",),
    "registration_volumes": ("number",),
    "reported_events": ("kind",),
}
_TEXT_OF_KEY = {"variables": ("variable", "notation"), "indicators": ("indicator", "label_sv")}
IGNORE = "-"
CONFIRMED = "confirmed"
_CONFIRMED_NAMES = frozenset(map(fold_header, ("Bekräftat", "Confirmed", "bekräftad", "bekräftas")))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid that holds a table: `title` is the text above the header, `rows` are the data rows below it."""

    grid: Grid
    table: str
    header: GridRow
    title: str
    columns: tuple[ColumnReading, ...]
    rows: tuple[GridRow, ...]
    constants: Mapping[str, str] = field(default_factory=dict)

    def reading(self, column: str) -> ColumnReading | None:
        """The submitted column that was taken for a column of the table."""
        return next((reading for reading in self.columns if reading.column == column), None)


def recognise_sheet(grid: Grid, mapping: Mapping[str, str]) -> Sheet | None:
    """The table in the grid, or None when no row looks like the header of one that may be submitted."""
    best: tuple[tuple[int, int, int], GridRow, TableNames, tuple[ColumnReading, ...]] | None = None
    for index, row in enumerate(grid.rows[:_HEADER_ROWS]):
        for names in known_tables().values():
            columns = tuple(_read_header(grid, row, names, mapping))
            score = _score(grid, names, columns, index)
            if score is not None and (best is None or score > best[0]):
                best = (score, row, names, columns)
    if best is None:
        return None
    _, header, names, columns = best
    above = [row for row in grid.rows if row.number < header.number]
    return Sheet(
        grid=grid,
        table=names.table,
        header=header,
        title=" ".join(cell for row in above for cell in row.cells if cell),
        columns=columns,
        rows=tuple(row for row in grid.rows if row.number > header.number and row.cells != header.cells),
        constants=dict(_constants(names, mapping)),
    )


def _score(grid: Grid, names: TableNames, columns: Sequence[ColumnReading], index: int) -> tuple[int, int, int] | None:
    known = {reading.column for reading in columns if reading.column is not None}
    if not known & set(MAIN[names.table]):
        return None
    by_sheet = grid.sheet is not None and fold_header(grid.sheet) in names.sheets
    few = len(columns) <= 3 or by_sheet or any(reading.how is How.MAPPING for reading in columns)
    if len(known) < (1 if few else 2):
        return None
    hits = len(known) + (1 if "groups" in known or "follow_up_areas" in known else 0)
    return (hits + (2 if by_sheet else 0), -sum(reading.how is How.IGNORED for reading in columns), -index)


def _read_header(grid: Grid, row: GridRow, names: TableNames, mapping: Mapping[str, str]) -> Iterator[ColumnReading]:
    taken: set[str] = set()
    found = [_find(header, names, mapping) for header in row.cells]
    found = _keys_as_texts(names.table, found)
    for number, (header, hit) in enumerate(zip(row.cells, found, strict=True), 1):
        if not header.strip():
            continue
        column, how = hit if hit is not None and hit[0] not in taken else (None, How.IGNORED)
        if column is not None:
            taken.add(column)
        yield ColumnReading(grid.file, grid.sheet, names.table, number, " ".join(header.split()), column, how)


def _find(header: str, names: TableNames, mapping: Mapping[str, str]) -> tuple[str, How] | None:
    wanted = mapping.get(header, mapping.get(" ".join(header.split())))
    if wanted is None and fold_header(header) in _CONFIRMED_NAMES:
        return CONFIRMED, How.NAME
    if wanted is None:
        return _known(header, names) if header.strip() else None
    table, dot, column = wanted.rpartition(".")
    if column in (*names.columns, *COLUMNS) and (not dot or table == names.table):
        return column, How.MAPPING
    return None


def _known(header: str, names: TableNames) -> tuple[str, How] | None:
    """The table's own column, else one that says that something changes."""
    change = change_column(header)
    return names.find(header) or (None if change is None else (change, How.ALIAS))


def _keys_as_texts(table: str, found: list[tuple[str, How] | None]) -> list[tuple[str, How] | None]:
    """A column called variable or indicator holds keys only where another holds the texts."""
    key, text = _TEXT_OF_KEY.get(table, ("", ""))
    known = {hit[0] for hit in found if hit is not None}
    if key not in known or text in known:
        return found
    return [(text, How.ALIAS) if hit is not None and hit[0] == key else hit for hit in found]


def _constants(names: TableNames, mapping: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What a mapping says of every row: `{"=register": "riksstroke"}`."""
    for key, value in mapping.items():
        table, _, column = key.removeprefix("=").rpartition(".")
        if key.startswith("=") and column in names.columns and table in ("", names.table):
            yield column, value


def column_findings(sheet: Sheet) -> Iterator[Finding]:
    """What there is to say of the header: columns that stand twice, and columns that are not read."""
    names = known_tables()[sheet.table]
    taken = {reading.column for reading in sheet.columns if reading.column is not None}
    free = {column.title(language): name for name, column in names.columns.items() for language in ("sv", "en")}
    for reading in sheet.columns:
        if reading.column is not None:
            continue
        hit = names.find(reading.header)
        if hit is not None and hit[0] in taken:
            yield _twice(sheet, reading, hit[0])
        else:
            guess = nearest(reading.header, [title for title, name in free.items() if name not in taken], cutoff=85)
            yield _not_read(sheet, reading, guess)


def header_position(sheet: Sheet, header: str | None = None) -> Position:
    """Where the header, or one of its cells, stands."""
    return Position(sheet.grid.file, sheet.grid.sheet, sheet.header.number, header, sheet.header.line)


def _twice(sheet: Sheet, reading: ColumnReading, column: str) -> Finding:
    first = sheet.reading(column)
    other = "" if first is None else first.header
    message = Message(
        sv=f"Kolumnen «{reading.header}» betyder detsamma som kolumnen «{other}». Ta bort en av dem.",
        en=f"The column “{reading.header}” means the same as the column “{other}”. Remove one of them.",
    )
    return Finding(
        "duplicate-column", Severity.VIOLATION, message, header_position(sheet, reading.header), reading.header
    )


def _not_read(sheet: Sheet, reading: ColumnReading, guess: str | None) -> Finding:
    message = Message(
        sv=f"Kolumnen «{reading.header}» läses inte. Byt rubrik, eller ge en mappning, om den ska läsas.",
        en=f"The column “{reading.header}” is not read. Rename it, or give a mapping, if it should be.",
    )
    severity = Severity.INFO if guess is None else Severity.WARNING
    place = header_position(sheet, reading.header)
    return Finding("column-not-read", severity, message, place, reading.header, suggestion=guess)


def unknown_sheet(grid: Grid, *, alone: bool) -> Finding:
    """The finding about a grid that holds no table; it blocks only when the upload holds no other."""
    titles = {
        language: [names.sv if language == "sv" else names.en for names in known_tables().values()]
        for language in ("sv", "en")
    }
    seen = ", ".join(cell for cell in (grid.rows[0].cells if grid.rows else ()) if cell)[:200]
    message = Message(
        sv=f"Ingen rad ser ut som rubriken till någon av tabellerna {', '.join(titles['sv'])} (första raden: {seen}). "
        "Använd mallen, eller ge en mappning.",
        en=f"No row looks like the header of one of the tables {', '.join(titles['en'])} (the first row: {seen}). "
        "Use the template, or give a mapping.",
    )
    severity = Severity.VIOLATION if alone else Severity.INFO
    first = grid.rows[0] if grid.rows else GridRow(1, None, ())
    position = Position(grid.file, grid.sheet, first.number, None, first.line)
    return Finding("unknown-table" if alone else "sheet-not-read", severity, message, position, seen or None)


def registers_named(sheet: Sheet, context: Context) -> frozenset[str]:
    """The keys of the registers that a sheet's name or the title above its header names."""
    stem = re.sub(r"\.\w{1,5}$", "", sheet.grid.file)
    texts = [sheet.grid.sheet or "", stem, *re.split(r"[:.–—]| - ", sheet.title), sheet.title]
    found = {context.register_key(text.strip()) for text in texts if text.strip()}
    if not found - {None}:
        title = fold(sheet.title)
        found |= {key for name, key in context.registers.items() if len(name) > 4 and _mentions(title, name)}
    return frozenset(key for key in found if key is not None)


def _mentions(text: str, name: str) -> bool:
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
