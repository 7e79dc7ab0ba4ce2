"""The parts of an XLSX workbook beside its sheets: their names and states, formats and shared texts."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from loader.intake.grids.numberformat import BUILT_IN

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OFF = ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet: its name, the part that holds it, and whether it is hidden."""

    name: str
    path: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class SharedText:
    """A text that cells share: `struck` when all or some of it is struck out."""

    text: str
    struck: bool


@dataclass(frozen=True, slots=True)
class Book:
    """What cells refer to: `formats` and `struck` are by the number of a cell's style."""

    sheets: tuple[SheetPart, ...]
    formats: tuple[str, ...]
    struck: tuple[bool, ...]
    texts: tuple[SharedText, ...]
    from_1904: bool


def read_book(archive: zipfile.ZipFile) -> Book:
    """The workbook's parts; KeyError or ValueError when a part is missing or damaged."""
    targets = _targets(archive)
    sheets, from_1904 = [], False
    for element in _elements(archive, "xl/workbook.xml"):
        if local(element.tag) == "workbookPr":
            from_1904 = element.attrib.get("date1904", "0") not in _OFF
        elif local(element.tag) == "sheet":
            kind, path = targets.get(_attribute(element, "id"), ("", ""))
            hidden = element.attrib.get("state", "visible") != "visible"
            if kind == "worksheet" and path in archive.namelist():
                sheets.append(SheetPart(element.attrib.get("name", ""), path, hidden))
    formats, struck = _styles(archive)
    texts = tuple(_texts(archive, next((path for kind, path in targets.values() if kind == "sharedStrings"), "")))
    return Book(tuple(sheets), formats, struck, texts, from_1904)


def unescaped(text: str) -> str:
    r"""The text with its escaped characters as they are (ECMA-376 part 1, 22.9.2.19).

    >>> unescaped("rad_x000A_rad")
    'rad\nrad'
    """
    if "_x" not in text:
        return text
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def local(tag: str) -> str:
    """A name without its namespace or prefix."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def _elements(archive: zipfile.ZipFile, path: str) -> Iterator[Element]:
    with archive.open(path) as part:
        for _, element in iterparse(part, forbid_dtd=True):
            yield element


def _targets(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """The kind and the path of each part that the workbook names, by the relation's id."""
    found = {}
    for element in _elements(archive, "xl/_rels/workbook.xml.rels"):
        target, kind = element.attrib.get("Target", ""), element.attrib.get("Type", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        found[element.attrib.get("Id", "")] = (kind.rpartition("/")[2], path)
    return found


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key != name and local(key) == name), "")


def _styles(archive: zipfile.ZipFile) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    codes: dict[int, str] = dict(BUILT_IN)
    fonts: list[bool] = []
    styles: list[tuple[int, int]] = []
    if "xl/styles.xml" not in archive.namelist():
        return (), ()
    for element in _elements(archive, "xl/styles.xml"):
        match local(element.tag):
            case "numFmt" if "numFmtId" in element.attrib:
                codes[int(element.attrib["numFmtId"])] = element.attrib.get("formatCode", "")
            case "fonts":
                fonts = [is_struck(font) for font in element]
            case "cellXfs":
                styles = [(int(xf.attrib.get("numFmtId", 0)), int(xf.attrib.get("fontId", 0))) for xf in element]
    return (
        tuple(codes.get(code, "") for code, _ in styles),
        tuple(font < len(fonts) and fonts[font] for _, font in styles),
    )


def is_struck(properties: Element) -> bool:
    """Whether properties of text strike it out."""
    marks = (item for item in properties if local(item.tag) in ("strike", "dstrike"))
    return any(mark.attrib.get("val", "1") not in _OFF for mark in marks)


def _texts(archive: zipfile.ZipFile, path: str) -> Iterator[SharedText]:
    if path not in archive.namelist():
        return
    for element in _elements(archive, path):
        if local(element.tag) == "si":
            yield _shared(element)
            element.clear()


def _shared(item: Element) -> SharedText:
    """The runs of a text joined; how it is pronounced is left out."""
    texts, struck = [], False
    for child in item:
        if local(child.tag) == "t":
            texts.append(child.text or "")
        elif local(child.tag) == "r":
            run = "".join(part.text or "" for part in child if local(part.tag) == "t")
            texts.append(run)
            struck |= bool(run.strip()) and any(is_struck(part) for part in child if local(part.tag) == "rPr")
    return SharedText(unescaped("".join(texts)), struck)
