"""What people leave in sheets beside the rows that are meant: hidden and struck-out rows, headings, totals, footnotes.

Each is told. Struck-out rows and rows that hold no record are left out; hidden ones are read. A row that its holder
confirms (column Bekräftat/Confirmed) is read as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from loader.intake.grids.cells import column_letters
from loader.intake.grids.grid import GridRow
from loader.intake.sheets.confirming import is_confirmed
from loader.intake.sheets.recognising import MAIN, Sheet, header_position
from loader.intake.sheets.yesno import is_mark
from loader.intake.world.context import Context
from loader.model.findings import Finding, Message, Position, Severity
from loader.model.nearest import fold

_FOOTNOTE = re.compile(r"\*+|[†‡]|[0-9]+\)\s|(?:not|noter|anm|anmärkning|källa|obs|note|source|footnote)\s*[:.]", re.I)
_TOTAL = re.compile(r"(?:summa|totalt?|sum|in total|delsumma|subtotal)\b:?", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[0-9\s.,%]+")


@dataclass(frozen=True, slots=True)
class SortedOut:
    """The sheet with the rows that are read; `unread` when a row that was meant could not be."""

    sheet: Sheet
    findings: tuple[Finding, ...]
    unread: bool


def sort_out(sheet: Sheet, context: Context) -> SortedOut:
    """The sheet without what is no row of its table, and what there is to say of it."""
    kept: list[GridRow] = []
    findings = list(_hidden_columns(sheet))
    unread = False
    width = max((reading.number or 0 for reading in sheet.columns), default=0)
    for row in sheet.rows:
        told = [*_told(sheet, row, context), *_beyond(sheet, row, width)]
        findings += [item.finding for item in told]
        unread |= any(item.lost for item in told)
        if not any(item.left_out for item in told):
            kept.append(row)
    rows, marks = _marks(replace(sheet, rows=tuple(kept)), context)
    return SortedOut(replace(sheet, rows=rows), (*findings, *marks), unread)


@dataclass(frozen=True, slots=True)
class _Told:
    """A finding about a row: `left_out` when the row is not read, `lost` when it was meant to be."""

    finding: Finding
    left_out: bool = False
    lost: bool = False


def _told(sheet: Sheet, row: GridRow, context: Context) -> Iterator[_Told]:
    width = max((reading.number or 0 for reading in sheet.columns), default=0)
    filled = {number for number, cell in enumerate(row.cells[:width], 1) if cell}
    if not filled:
        return
    if filled <= row.struck:
        if not is_confirmed(sheet, row):
            yield _Told(_struck_row(sheet, row), left_out=True)
        return
    kind = _no_record(sheet, row, filled, context)
    if kind is not None:
        yield _Told(_not_a_row(sheet, row, kind), left_out=True)
        return
    for number in sorted(filled & row.struck):
        yield _Told(_struck_cell(sheet, row, number))
    if row.hidden and not is_confirmed(sheet, row):
        yield _Told(_hidden_row(sheet, row))


def _no_record(sheet: Sheet, row: GridRow, filled: set[int], context: Context) -> Message | None:
    """What a row is that holds no record of its table; None for one that does."""
    first = row.cells[min(filled) - 1]
    others = [row.cells[number - 1] for number in filled if number != min(filled)]
    if _TOTAL.fullmatch(first) and all(_NUMBER.fullmatch(other) for other in others):
        return Message(sv="en summarad", en="a total")
    if len(filled) != 1 or len(sheet.columns) < 3:
        return None
    if _FOOTNOTE.match(first):
        return Message(sv="en fotnot", en="a footnote")
    number = min(filled)
    column = next((reading.column for reading in sheet.columns if reading.number == number), None)
    if number in row.merged or first.endswith(":") or (column not in MAIN[sheet.table] and not _key(first, context)):
        return Message(sv="en mellanrubrik", en="a section heading")
    return None


def _key(text: str, context: Context) -> bool:
    return context.register_key(text) is not None or re.fullmatch(r"[a-z0-9-]+", text) is not None


def _beyond(sheet: Sheet, row: GridRow, width: int) -> Iterator[_Told]:
    """Cells beyond the header: in text their row was cut in the wrong places, in a workbook they are not read."""
    beyond = [number for number, cell in enumerate(row.cells, 1) if cell and number > width]
    if not beyond:
        return
    if sheet.grid.sheet is None:
        yield _Told(_too_wide(sheet, row, width), left_out=True, lost=True)
        return
    place = f"{column_letters(beyond[0])}{row.number}"
    message = Message(
        sv=f"Cellen {place} står utanför tabellen (kolumnen har ingen rubrik) och läses inte.",
        en=f"The cell {place} stands outside the table (its column has no header) and is not read.",
    )
    position = Position(sheet.grid.file, sheet.grid.sheet, row.number, column_letters(beyond[0]))
    finding = Finding("cell-outside-table", Severity.WARNING, message, position, row.cells[beyond[0] - 1][:200])
    yield _Told(finding, left_out=not any(row.cells[:width]))


def _too_wide(sheet: Sheet, row: GridRow, width: int) -> Finding:
    shown = " ¦ ".join(row.cells)[:300]
    message = Message(
        sv=f"Raden har {len(row.cells)} celler, rubriken {width}: {shown}. En cell som själv innehåller skiljetecknet "
        "måste stå inom citattecken.",
        en=f"The row has {len(row.cells)} cells, the header {width}: {shown}. A cell that holds the delimiter itself "
        "must stand in quotation marks.",
    )
    return Finding("row-width", Severity.VIOLATION, message, _place(sheet, row))


def _struck_row(sheet: Sheet, row: GridRow) -> Finding:
    message = Message(
        sv="Raden är överstruken och läses inte. Ta bort den; ska dess post utgå: skriv ja i kolumnen «Utgår»; gäller "
        "den: ta bort överstrykningen.",
        en="The row is struck out and is not read. Remove it; if its record is to go: write yes in the column "
        "“Removed”; if it holds: take the strike-through away.",
    )
    return Finding("struck-out", Severity.WARNING, message, _place(sheet, row))


def _struck_cell(sheet: Sheet, row: GridRow, number: int) -> Finding:
    message = Message(
        sv="Text i cellen är överstruken. Ta bort det som inte gäller.",
        en="Text in the cell is struck out. Remove what does not hold.",
    )
    header = next((reading.header for reading in sheet.columns if reading.number == number), column_letters(number))
    position = replace(_place(sheet, row), column=header)
    return Finding("struck-out-text", Severity.VIOLATION, message, position, row.cells[number - 1][:200])


def _hidden_row(sheet: Sheet, row: GridRow) -> Finding:
    message = Message(
        sv="Raden är dold eller bortfiltrerad, men läses. Visa den om den är menad, eller ta bort den.",
        en="The row is hidden or filtered away, but is read. Show it if it is meant, or remove it.",
    )
    return Finding("hidden-row", Severity.WARNING, message, _place(sheet, row))


def _hidden_columns(sheet: Sheet) -> Iterator[Finding]:
    for reading in sheet.columns:
        if reading.number in sheet.grid.hidden_columns and reading.column is not None:
            message = Message(
                sv=f"Kolumnen «{reading.header}» är dold, men läses. Visa den om den är menad, eller ta bort den.",
                en=f"The column “{reading.header}” is hidden, but is read. Show it if it is meant, or remove it.",
            )
            place = header_position(sheet, reading.header)
            yield Finding("hidden-column", Severity.WARNING, message, place, reading.header)


def hidden_sheet(sheet: Sheet) -> Finding:
    """The finding about a hidden sheet that holds a table: it is not read."""
    message = Message(
        sv=f"Bladet «{sheet.grid.sheet}» är dolt och läses inte. Är det menat: visa bladet.",
        en=f"The sheet “{sheet.grid.sheet}” is hidden and is not read. If it is meant: show the sheet.",
    )
    return Finding("hidden-sheet", Severity.WARNING, message, header_position(sheet))


def _not_a_row(sheet: Sheet, row: GridRow, kind: Message) -> Finding:
    text = next(cell for cell in row.cells if cell)[:80]
    message = Message(
        sv=f"«{text}» lästes som {kind.sv}, inte som en rad i tabellen.",
        en=f"“{text}” was taken for {kind.en}, not for a row of the table.",
    )
    return Finding("not-a-row", Severity.INFO, message, _place(sheet, row), text)


def _marks(sheet: Sheet, context: Context) -> tuple[tuple[GridRow, ...], list[Finding]]:
    """Columns of yes and no that are only ticked: their empty cells say no."""
    layout = context.layouts[sheet.table]
    rows, findings = list(sheet.rows), []
    for reading in sheet.columns:
        column = layout.by_name.get(reading.column or "")
        if column is None or column.kind != "boolean" or reading.number is None:
            continue
        cells = [_cell(row, reading.number) for row in rows]
        if not any(cells) or all(cells) or not all(is_mark(cell) for cell in cells if cell):
            continue
        rows = [_with(row, reading.number, "nej") if not _cell(row, reading.number) else row for row in rows]
        message = Message(
            sv=f"Kolumnen «{reading.header}» är bara kryssad: kryss lästes som ja, tomma celler som nej.",
            en=f"The column “{reading.header}” is only ticked: ticks were read as yes, empty cells as no.",
        )
        findings.append(Finding("ticked-column", Severity.INFO, message, header_position(sheet, reading.header)))
    return tuple(rows), findings


def _cell(row: GridRow, number: int) -> str:
    return fold(row.cells[number - 1]) if number <= len(row.cells) else ""


def _with(row: GridRow, number: int, text: str) -> GridRow:
    cells = [*row.cells, *[""] * (number - len(row.cells))]
    cells[number - 1] = text
    return replace(row, cells=tuple(cells))


def _place(sheet: Sheet, row: GridRow) -> Position:
    return Position(sheet.grid.file, sheet.grid.sheet, row.number, None, row.line)
