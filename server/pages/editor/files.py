"""Answers as files that spreadsheets open: CSV with semicolons and a byte order mark for Swedish Excel, and XLSX."""

from __future__ import annotations

import csv
import io

from flask import Response

from server.pages.tables import Cell, as_xlsx, guarded
from server.pages.tables import Table as Sheet
from server.pages.words.wording import gettext as _
from server.query.rows import Table, Term, select
from server.service import Service
from server.web.addresses import host
from server.web.problem import Problem
from server.web.reply import BOM, whole
from server.web.validity import Validity

FORMATS = ("csv-excel", "xlsx")
MOST = 20_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WHOLE = ("integer", "int", "long", "nonNegativeInteger", "positiveInteger", "gYear")
_BROKEN = ("decimal", "double", "float")


def answer_file(site: Service, query: str, wanted: str, valid: Validity) -> Response:
    """The answer of a SELECT as a file of FORMATS. Raises Problem (too-large) above MOST rows."""
    table = select(site, query, limit=MOST, value=32_000)
    if table.more:
        raise Problem(
            "too-large",
            f"The answer has more than {MOST} rows, the most of this format. Take CSV or JSON, which have no limit.",
            f"Svaret har fler än {MOST} rader, det mesta i det här formatet. Ta CSV eller JSON, som inte har gräns.",
        )
    body, content_type, ending = (
        (_semicolons(table), "text/csv; charset=utf-8", "csv")
        if wanted == "csv-excel"
        else (_workbook(site, query, table), _XLSX, "xlsx")
    )
    response = whole(body, content_type, valid)
    response.headers["Content-Disposition"] = f'attachment; filename="registergraf-answer.{ending}"'
    return response


def _semicolons(table: Table) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(table.variables)
    writer.writerows([[_swedish(_cell(term)) for term in row] for row in table.rows])
    return BOM + text.getvalue().encode("utf-8")


def _swedish(cell: Cell) -> Cell:
    """A number with a decimal comma, as Swedish Excel reads it."""
    return str(cell).replace(".", ",") if isinstance(cell, float) else guarded(cell)


def _workbook(site: Service, query: str, table: Table) -> bytes:
    names = tuple(table.variables)
    rows = [[_cell(term) for term in row] for row in table.rows]
    told = {"release": site.engine.release, "address": f"{host(site)}/query"}
    return as_xlsx([Sheet(_("Answer"), names, names, rows, query)], told)


def _cell(term: Term) -> Cell:
    """A number as a number, anything else as its text."""
    kind = term.datatype.rpartition("#")[2]
    try:
        if kind in _WHOLE:
            return int(term.text)
        if kind in _BROKEN:
            return float(term.text)
    except ValueError:
        return term.text
    return term.text
