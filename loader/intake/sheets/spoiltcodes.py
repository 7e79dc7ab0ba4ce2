"""Codes that a spreadsheet has made into something else: MAR1 into a day, 1-2 into a month."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from loader.intake.sheets.recognising import Sheet, header_position
from loader.model.findings import Finding, Message, Position, Severity
from loader.tables.table import Table

_CODES: Mapping[str, tuple[str, ...]] = {
    "registers": ("register", "short_name"),
    "variables": ("notation", "other_notations", "variable"),
    "indicators": ("indicator", "variables"),
}
"""The columns that hold codes, by table."""
_MONTHS = "jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec"
_DAY = re.compile(
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:T[0-9:]+)?|[0-9]{{1,2}}[-/ ](?:{_MONTHS})[a-z]*\.?|"
    rf"(?:{_MONTHS})[a-z]*\.?[-/ ][0-9]{{2,4}}",
    re.IGNORECASE,
)
_POWER = re.compile(r"-?[0-9](?:[.,][0-9]+)?E[+-]?[0-9]{1,3}", re.IGNORECASE)


def spoilt_codes(sheet: Sheet, table: Table) -> Iterator[Finding]:
    """A finding for each code that looks like a day or a power of ten."""
    for column in _CODES.get(sheet.table, ()):
        reading = sheet.reading(column)
        if reading is None:
            continue
        for row in table.rows:
            for code in row.cells[column].split("|"):
                kind = _kind(code)
                if kind is not None:
                    line = row.line if sheet.grid.sheet is None else None
                    place = replace(header_position(sheet, reading.header), row=row.number, line=line)
                    yield _finding(code, kind, place)


def _kind(code: str) -> Message | None:
    if _DAY.fullmatch(code):
        return Message(sv="ett datum", en="a date")
    if _POWER.fullmatch(code):
        return Message(sv="ett tal med tiopotens", en="a number with a power of ten")
    return None


def _finding(code: str, kind: Message, place: Position) -> Finding:
    message = Message(
        sv=f"«{code}» ser ut som en kod som kalkylprogrammet har gjort till {kind.sv}. Formatera kolumnen som text och "
        "skriv koden igen.",
        en=f"“{code}” looks like a code that the spreadsheet has made into {kind.en}. Format the column as text and "
        "write the code again.",
    )
    return Finding("code-became-date", Severity.VIOLATION, message, place, code)
