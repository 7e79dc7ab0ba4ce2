"""The column by which a holder confirms what looks doubtful: its row's warnings become notes.

It may stand in every sheet beside the columns of its table. What blocks cannot be confirmed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from loader.intake.grids.grid import GridRow
from loader.intake.sheets.recognising import CONFIRMED, Sheet
from loader.intake.sheets.yesno import yes_or_no
from loader.model.findings import Finding, Message, Severity
from loader.model.nearest import fold

_YES = ("ja", "yes", "true", "bekräftat", "bekräftas", "confirmed")


def is_confirmed(sheet: Sheet, row: GridRow) -> bool:
    """Whether the row says so."""
    reading = sheet.reading(CONFIRMED)
    if reading is None or reading.number is None or reading.number > len(row.cells):
        return False
    return fold(yes_or_no(row.cells[reading.number - 1])) in _YES


def confirmed_rows(sheets: Iterable[Sheet]) -> frozenset[tuple[str, str | None, int]]:
    """The rows that are confirmed: file, sheet and number."""
    return frozenset(
        (sheet.grid.file, sheet.grid.sheet, row.number)
        for sheet in sheets
        for row in sheet.rows
        if is_confirmed(sheet, row)
    )


def answered(findings: Iterable[Finding], rows: Collection[tuple[str, str | None, int]]) -> Iterator[Finding]:
    """The findings, with the warnings on confirmed rows as notes."""
    for finding in findings:
        place = finding.position
        row = (place.file or "", place.sheet, place.row or 0)
        if finding.severity is Severity.WARNING and row in rows:
            message = Message(
                sv=f"{finding.message.sv} Bekräftat av den som lämnar in.",
                en=f"{finding.message.en} Confirmed by who submits it.",
            )
            yield replace(finding, severity=Severity.INFO, message=message)
        else:
            yield finding
