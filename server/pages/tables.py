"""Tables to download: what a page shows, as CSV, XLSX or JSON, with the release and the query."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, request

from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken
from server.service import Service
from server.web.addresses import host
from server.web.problem import Problem
from server.web.reply import BOM, not_modified, whole
from server.web.validity import validity

if TYPE_CHECKING:  # it takes half a second to load, which a start does not need
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | bool | None
FORMATS = ("csv", "xlsx", "json")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 32_000  # characters that a cell of a workbook holds


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its name, with a key and a word for each column, and the query behind it."""

    name: str
    keys: tuple[str, ...]
    words: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    query: str


def wanted_format() -> str:
    """The format that the address asks for; empty for the page. Raises Problem when there is no such format."""
    wanted = request.args.get("format", "").lower()
    if wanted in ("", "html"):
        return ""
    if wanted not in FORMATS:
        raise Problem(
            "bad-request",
            f"format= is csv, xlsx or json; “{wanted[:40]}” is none.",
            f"format= är csv, xlsx eller json; «{wanted[:40]}» finns inte.",
        )
    return wanted


def download(site: Service, wanted: str, file: str, tables: Sequence[Table], about: dict[str, Any]) -> Response:
    """The tables as one file: CSV holds the first, XLSX one sheet for each, JSON all of them and `about`."""
    valid = validity(site, "table", request.full_path, spoken(), host(site), vary=("Accept-Language",))
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    address = host(site) + request.full_path.rstrip("?")
    told = {"release": site.engine.release, "address": address, **about}
    body, content_type = _written(wanted, tables, told)
    response = whole(body, content_type, valid)
    response.headers["Content-Disposition"] = f'attachment; filename="{file}.{wanted}"'
    return response


def _written(wanted: str, tables: Sequence[Table], told: dict[str, Any]) -> tuple[bytes, str]:
    if wanted == "csv":
        return as_csv(tables[0], str(told["release"])), "text/csv; charset=utf-8"
    if wanted == "xlsx":
        return as_xlsx(tables, told), XLSX
    return as_json(tables, told), "application/json"


def as_csv(table: Table, release: str) -> bytes:
    """CSV with a byte order mark, so that spreadsheets read å, ä and ö; the last column is the release."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*table.keys, "release"])
    writer.writerows([[guarded(cell) for cell in row] + [release] for row in table.rows])
    return BOM + text.getvalue().encode("utf-8")


def as_json(tables: Sequence[Table], told: dict[str, Any]) -> bytes:
    """JSON: release, address, what was chosen, and each table with its query and its rows as objects."""
    body = {
        **told,
        "tables": [
            {
                "name": table.name,
                "query": table.query,
                "rows": [dict(zip(table.keys, row, strict=True)) for row in table.rows],
            }
            for table in tables
        ],
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def as_xlsx(tables: Sequence[Table], told: dict[str, Any]) -> bytes:
    """A workbook with a sheet for each table and a last one that tells the release, the address and the queries."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook has one sheet
    for table in tables:
        _fill(book.create_sheet(_sheet_name(table.name)), table.words, table.rows)
    rows = [[name, str(value)] for name, value in told.items()] + [
        [f"{_('Query')}: {table.name}", table.query] for table in tables
    ]
    _fill(book.create_sheet(_("About")), (_("What"), _("Value")), rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, words: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for place, row in enumerate([words, *rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(place, column)
            cell.value = value[:_LONGEST] if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"  # a label that begins with = is no formula
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if place == 1:
                cell.font = Font(bold=True)
    for column in range(1, len(words) + 1):
        longest = max((len(str(row[column - 1] or "")) for row in [words, *rows]), default=8)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 10), 60)
    sheet.freeze_panes = "A2"


def _sheet_name(name: str) -> str:
    return "".join(letter for letter in name if letter not in r"[]:*?/\\")[:31] or "1"


_FORMULA = tuple("=+-@\t\r")


def guarded(cell: Cell) -> Cell:
    """A label that a spreadsheet would take for a formula is led by an apostrophe, as spreadsheets themselves do."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) and not _number(cell) else cell


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
