"""A result as a flat table, in CSV and as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from loader.model.findings import Language
from server.registerservice.coverage.result import Result
from server.registerservice.messages import Said
from server.registerservice.output.summary import NAMES, REASONS

_NUMBERS = ("found", "of", "rate", "lower", "upper")
_HEADINGS = {
    "measure": Said("mått", "measure"),
    "reason": Said("orsak", "reason"),
    "found": Said("funna", "found"),
    "of": Said("av", "of"),
    "rate": Said("andel", "rate"),
    "lower": Said("undre gräns", "lower"),
    "upper": Said("övre gräns", "upper"),
    "count": Said("antal", "count"),
    "suppressed": Said("visas inte", "suppressed"),
}
_YES = Said("ja", "yes")


def dimensions(result: Result) -> list[str]:
    """The names of everything that the result is broken down by."""
    names: dict[str, None] = {}
    for row in result.measurements:
        names |= dict.fromkeys(row.by)
    return list(names)


def csv_bytes(result: Result, _lang: Language) -> bytes:
    """All rows in one table with English keys, in UTF-8; nothing stands where a number is hidden."""
    names = dimensions(result)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["table", "what", "reason", *names, *_NUMBERS, "suppressed"])
    for table, rows in (
        ("measurement", result.measurements),
        ("coverage", result.coverage),
        ("participation", result.participation),
    ):
        for row in rows:
            places = [row.by.get(name, "") for name in names]
            numbers = [getattr(row, name) for name in _NUMBERS]
            writer.writerow([table, row.what, "", *places, *numbers, str(row.suppressed).lower()])
    for entry in result.unmatched:
        places = [entry.by.get(name, "") for name in names]
        numbers = [entry.count, "", "", "", "", str(entry.suppressed).lower()]
        writer.writerow(["unmatched", entry.direction, entry.reason, *places, *numbers])
    return stream.getvalue().encode()


def workbook_bytes(result: Result, lang: Language) -> bytes:
    """Three sheets: measures, reasons, method. Texts are written as texts, whatever they begin with."""
    book = Workbook(write_only=True)
    sheets = (
        (Said("Mått", "Measures"), _measures(result, lang)),
        (Said("Inte funna", "Not found"), _reasons(result, lang)),
        (Said("Metod", "Method"), _method(result.method, lang)),
    )
    for title, rows in sheets:
        sheet = book.create_sheet(title.text(lang))
        sheet.freeze_panes = "A2"
        for place, row in enumerate(rows):
            sheet.append([_cell(sheet, value, bold=place == 0) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(sheet: Any, value: Any, *, bold: bool) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if isinstance(value, float):
        cell.number_format = "0.0%"
    cell.font = Font(bold=bold)
    return cell


def _measures(result: Result, lang: Language) -> Iterator[list[object]]:
    names = dimensions(result)
    keys = ("measure", *names, *_NUMBERS, "suppressed")
    yield [_HEADINGS[key].text(lang) if key in _HEADINGS else key for key in keys]
    for row in result.shares:
        places = [row.by.get(name) for name in names]
        numbers = [getattr(row, name) for name in _NUMBERS]
        yield [NAMES[row.what].text(lang), *places, *numbers, _YES.text(lang) if row.suppressed else None]


def _reasons(result: Result, lang: Language) -> Iterator[list[object]]:
    names = dimensions(result)
    keys = ("measure", *names, "reason", "count", "suppressed")
    yield [_HEADINGS[key].text(lang) if key in _HEADINGS else key for key in keys]
    for entry in result.unmatched:
        hidden = _YES.text(lang) if entry.suppressed else None
        places = [entry.by.get(name) for name in names]
        yield [NAMES[entry.direction].text(lang), *places, REASONS[entry.reason].text(lang), entry.count, hidden]


def _method(method: dict[str, Any], lang: Language) -> Iterator[list[object]]:
    yield [Said("uppgift", "item").text(lang), Said("värde", "value").text(lang)]
    for key, value in method.items():
        told = value[lang] if isinstance(value, dict) and lang in value else value
        yield [key, str(told) if told is not None else None]
