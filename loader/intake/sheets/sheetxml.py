"""Cells that the reader of workbooks takes for empty although they are not: errors, and formulas never computed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from loader.intake.upload import Upload
from loader.judging.findings import Finding, Message, Position, Severity

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class UnreadCell:
    """One cell: `error` is what it shows (#N/A …), None for a formula without a computed value."""

    sheet: str
    row: int
    letters: str
    error: str | None

    def finding(self, file: str) -> Finding:
        """The finding about the cell."""
        position = Position(file, self.sheet, self.row, self.letters)
        if self.error is None:
            message = Message(
                sv="Cellen är en formel utan uträknat värde; formler räknas aldrig ut. Klistra in värdet i stället.",
                en="The cell is a formula without a computed value; formulas are never computed. Paste the value.",
            )
            return Finding("formula-without-value", Severity.VIOLATION, message, position)
        message = Message(
            sv=f"Cellen visar felet {self.error}. Rätta formeln, eller skriv värdet.",
            en=f"The cell shows the error {self.error}. Mend the formula, or write the value.",
        )
        return Finding("error-cell", Severity.VIOLATION, message, position, self.error)


def unread_cells(upload: Upload) -> Iterator[UnreadCell]:
    """Those of every sheet of an XLSX workbook, in order; none for other formats."""
    with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return
        for name, part in _sheets(archive).items():
            data = archive.read(part) if part in archive.namelist() else b""
            if b't="e"' in data or b"<f" in data:
                yield from _cells(name, data)


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by the sheet's name."""
    targets = {}
    if "xl/_rels/workbook.xml.rels" in archive.namelist():
        for _, element in iterparse(io.BytesIO(archive.read("xl/_rels/workbook.xml.rels")), forbid_dtd=True):
            if "Id" in element.attrib:
                targets[element.attrib["Id"]] = element.attrib.get("Target", "")
    found = {}
    for _, element in iterparse(io.BytesIO(archive.read("xl/workbook.xml")), forbid_dtd=True):
        if element.tag == f"{_MAIN}sheet":
            target = targets.get(element.attrib.get(_RELATION, ""), "")
            found[element.attrib.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _cells(sheet: str, data: bytes) -> Iterator[UnreadCell]:
    for _, element in iterparse(io.BytesIO(data), forbid_dtd=True):
        if element.tag != f"{_MAIN}c":
            continue
        found = _unread(sheet, element)
        if found is not None:
            yield found
        element.clear()


def _unread(sheet: str, cell: Element) -> UnreadCell | None:
    place = _CELL.fullmatch(cell.attrib.get("r", ""))
    value = cell.find(f"{_MAIN}v")
    text = "" if value is None else value.text or ""
    if place is None:
        return None
    if cell.attrib.get("t") == "e":
        return UnreadCell(sheet, int(place[2]), place[1], text or "#N/A")
    if cell.find(f"{_MAIN}f") is not None and not text and cell.attrib.get("t") != "str":
        return UnreadCell(sheet, int(place[2]), place[1], None)
    return None
