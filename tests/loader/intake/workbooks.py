"""Workbooks with what people do to cells: made by openpyxl, or part by part where it cannot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from loader.check import Upload

VARIABLES = ("Register", "Variabel", "Fråga eller benämning (svenska)", "Begreppslig variabel")
COVERAGE = ("Register", "Täckningsgrad (%)", "År", "Uppgiftslämnare")
Change = Callable[[Worksheet], None]


def book(sheet: str, rows: Sequence[Sequence[object]], *changes: Change) -> Upload:
    """A workbook of one sheet."""
    made = openpyxl.Workbook()
    page = made.active
    assert isinstance(page, Worksheet)
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for change in changes:
        change(page)
    output = io.BytesIO()
    made.save(output)
    return Upload("blad.xlsx", output.getvalue())


def text(*rows: Sequence[str], encoding: str = "utf-8", delimiter: str = ";") -> Upload:
    """The rows as delimited text, without quotes."""
    return Upload("tabell.csv", "\r\n".join(delimiter.join(row) for row in rows).encode(encoding))


def archive(**members: bytes) -> Upload:
    """A zip archive; a double underscore in a name is a slash, a single one before its last part a point."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as made:
        for name, data in members.items():
            folder, _, last = name.rpartition("__")
            made.writestr("/".join(filter(None, (folder.replace("__", "/"), last.replace("_", ".")))), data)
    return Upload("arkiv.zip", output.getvalue())


def ods(body: str, styles: str = "") -> Upload:
    """An OpenDocument spreadsheet with this body of tables."""
    names = ("office", "table", "text", "style", "fo")
    space = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{space}:{name}:1.0"' for name in names)
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", content)
        made.writestr("META-INF/manifest.xml", "<m/>")
    return Upload("blad.ods", output.getvalue())
