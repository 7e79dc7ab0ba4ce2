"""One worksheet of an XLSX workbook, read cell by cell: what each shows, where it stands, and what was done to it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from xml.parsers.expat import ParserCreate

from loader.intake.grids.cells import SheetCells, Unread, place_of
from loader.intake.grids.numberformat import shown
from loader.intake.grids.xlsxbook import Book, SheetPart, local, unescaped

_ON = ("1", "true", "on")
_CHUNK = 1 << 16


def read_sheet(archive: zipfile.ZipFile, part: SheetPart, book: Book, most: int) -> SheetCells:
    """The sheet's cells, at most so many; ExpatError when the part is not well-formed."""
    reader = _Reader(part, book)
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.characters
    with archive.open(part.path) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            if reader.cells.number > most:
                reader.cells.full = True
                return reader.cells
        parser.Parse(b"", True)
    return reader.cells


class _Reader:
    """The state of reading: the cell that is open, and where the next one stands when it does not say."""

    def __init__(self, part: SheetPart, book: Book) -> None:
        self.cells = SheetCells(part.name, part.hidden)
        self._book = book
        self._row = self._column = 0
        self._cell: Mapping[str, str] = {}
        self._values: list[str] = []
        self._texts: list[str] = []
        self._into: list[str] | None = None
        self._formula = self._spoken = self._struck = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "c":
                self._open(attributes)
            case "v":
                self._into = self._values
            case "t":
                self._into = None if self._spoken else self._texts
            case "f":
                self._formula = True
            case "row":
                self._open_row(attributes)
            case "rPh":
                self._spoken = True
            case "strike" | "dstrike":
                self._struck |= attributes.get("val", "1") not in ("0", "false", "off")
            case "col" if attributes.get("hidden") in _ON:
                self.cells.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        match local(name):
            case "v" | "t":
                self._into = None
            case "rPh":
                self._spoken = False
            case "c":
                self._close()

    def characters(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _open_row(self, attributes: Mapping[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._column = 0
        if attributes.get("hidden") in _ON:
            self.cells.hidden_rows.add(self._row)

    def _open(self, attributes: Mapping[str, str]) -> None:
        self._cell, self._column = attributes, self._column + 1
        self._values.clear()
        self._texts.clear()
        self._formula = self._struck = False

    def _close(self) -> None:
        reference = self._cell.get("r")
        place = (self._row, self._column) if reference is None else place_of(reference)
        text = self._text()
        if place is None:
            if text:
                self.cells.nowhere.append(reference or "")
            return
        self._row, self._column = place
        kind = self._cell.get("t", "n")
        if kind == "e":
            self.cells.unread.append(Unread(*place, text or "#N/A"))
        elif self._formula and not text and kind != "str":
            self.cells.unread.append(Unread(*place, None))
        else:
            self.cells.put(*place, text, struck=self._is_struck(kind))

    def _text(self) -> str:
        value = "".join(self._values)
        match self._cell.get("t", "n"):
            case "s":
                number = int(value) if value.isdigit() else -1
                return self._book.texts[number].text if 0 <= number < len(self._book.texts) else ""
            case "inlineStr":
                return unescaped("".join(self._texts))
            case "str":
                return unescaped(value)
            case "b":
                return {"1": "true", "0": "false"}.get(value, value)
            case "e" | "d":
                return value.removesuffix("T00:00:00")
        return shown(value, self._format(), from_1904=self._book.from_1904) if value else ""

    def _style(self) -> int:
        style = self._cell.get("s", "0")
        return int(style) if style.isdigit() else 0

    def _format(self) -> str:
        style = self._style()
        return self._book.formats[style] if style < len(self._book.formats) else ""

    def _is_struck(self, kind: str) -> bool:
        style = self._style()
        if self._struck or (style < len(self._book.struck) and self._book.struck[style]):
            return True
        value = "".join(self._values)
        return (
            kind == "s"
            and value.isdigit()
            and int(value) < len(self._book.texts)
            and self._book.texts[int(value)].struck
        )

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        begin, end = place_of(first), place_of(last or first)
        if begin is not None and end is not None:
            self.cells.merged.append((*begin, *end))
