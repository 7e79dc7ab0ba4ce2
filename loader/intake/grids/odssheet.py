"""The sheets of an OpenDocument spreadsheet (ODF 1.2 part 1, 9), read cell by cell as they show."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from xml.parsers.expat import ParserCreate

from loader.intake.grids.cells import SheetCells, Unread
from loader.intake.grids.numberformat import plain
from loader.intake.limits import Limits

_CHUNK = 1 << 16
_ERROR = re.compile(r"#[A-Z/0]+[!?]?|Err:[0-9]+")
_HIDING = ("collapse", "filter")


def read_sheets(archive: zipfile.ZipFile, limits: Limits) -> list[SheetCells]:
    """Every sheet's cells; ExpatError when the content is not well-formed."""
    reader = _Reader(limits)
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.characters
    with archive.open("content.xml") as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    return reader.sheets


class _Reader:
    """The state of reading: where the open cell stands, and the paragraphs of its text."""

    def __init__(self, limits: Limits) -> None:
        self.sheets: list[SheetCells] = []
        self._limits = limits
        self._hidden_styles: set[str] = set()
        self._struck_styles: set[str] = set()
        self._style = ""
        self._row = self._column = 0
        self._row_times = self._next_columns = 1
        self._cell: Mapping[str, str] | None = None
        self._lines: list[str] = []
        self._note = 0
        self._in_text = self._struck = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "style:style":
                self._style = attributes.get("style:name", "")
            case "style:table-properties" if attributes.get("table:display") == "false":
                self._hidden_styles.add(self._style)
            case "style:text-properties" if attributes.get("style:text-line-through-style", "none") != "none":
                self._struck_styles.add(self._style)
            case "table:table":
                hidden = attributes.get("table:style-name") in self._hidden_styles
                self.sheets.append(SheetCells(attributes.get("table:name", ""), hidden))
                self._row, self._next_columns = 0, 1
            case "table:table-column":
                self._columns(attributes)
            case "table:table-row":
                self._open_row(attributes)
            case "table:table-cell" | "table:covered-table-cell":
                self._cell, self._lines, self._struck = attributes, [], False
            case "office:annotation":
                self._note += 1
            case _ if self._cell is not None and not self._note:
                self._inline(name, attributes)

    def end(self, name: str) -> None:
        match name:
            case "office:annotation":
                self._note -= 1
            case "text:p":
                self._in_text = False
            case "table:table-cell" | "table:covered-table-cell":
                self._close()
            case "table:table-row":
                self._row += self._row_times - 1

    def characters(self, text: str) -> None:
        if self._in_text and not self._note:
            self._lines[-1] += text

    def _columns(self, attributes: Mapping[str, str]) -> None:
        times = _times(attributes, "table:number-columns-repeated")
        if attributes.get("table:visibility") in _HIDING:
            self.sheets[-1].hidden_columns.append((self._next_columns, self._next_columns + times - 1))
        self._next_columns += times

    def _open_row(self, attributes: Mapping[str, str]) -> None:
        self._row, self._column = self._row + 1, 0
        self._row_times = _times(attributes, "table:number-rows-repeated")
        if attributes.get("table:visibility") in _HIDING:
            last = self._row + min(self._row_times, self._limits.rows)
            self.sheets[-1].hidden_rows.update(range(self._row, last))

    def _inline(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "text:p":
            self._in_text = True
            self._lines.append("")
        elif self._in_text and name in ("text:s", "text:tab", "text:line-break"):
            self._lines[-1] += "\n" if name == "text:line-break" else " " * _times(attributes, "text:c", most=100)
        elif name == "text:span":
            self._struck |= attributes.get("text:style-name") in self._struck_styles

    def _close(self) -> None:
        cell = self._cell or {}
        self._cell = None
        sheet, text = self.sheets[-1], "\n".join(self._lines)
        times = _times(cell, "table:number-columns-repeated")
        first, self._column = self._column + 1, self._column + times
        if not text and "office:value" not in cell and "table:formula" not in cell:
            self._merge(cell, first)
            return
        struck = self._struck or cell.get("table:style-name") in self._struck_styles
        for row in range(self._row, self._row + min(self._row_times, self._limits.rows + 1)):
            for column in range(first, first + min(times, self._limits.columns + 1)):
                if sheet.number > self._limits.cells:
                    sheet.full = True
                    return
                _put(sheet, cell, (row, column), _shown(cell, text), struck=struck)
        self._merge(cell, first)

    def _merge(self, cell: Mapping[str, str], column: int) -> None:
        rows, columns = (_times(cell, f"table:number-{name}-spanned") for name in ("rows", "columns"))
        if rows > 1 or columns > 1:
            self.sheets[-1].merged.append((self._row, column, self._row + rows - 1, column + columns - 1))


def _put(sheet: SheetCells, cell: Mapping[str, str], place: tuple[int, int], text: str, *, struck: bool) -> None:
    if "table:formula" in cell and (not text or _ERROR.fullmatch(text)):
        sheet.unread.append(Unread(*place, text or None))
    else:
        sheet.put(*place, text, struck=struck)


def _times(attributes: Mapping[str, str], name: str, most: int = 1 << 31) -> int:
    text = attributes.get(name, "1")
    return min(int(text), most) if text.isdigit() and int(text) > 0 else 1


def _shown(cell: Mapping[str, str], text: str) -> str:
    """What the cell shows, numbers with a point; its value where what it shows is no plain number."""
    match cell.get("office:value-type", cell.get("calcext:value-type", "")):
        case "boolean":
            return cell.get("office:boolean-value", text)
        case "date":
            return cell.get("office:date-value", text).removesuffix("T00:00:00")
        case "float" | "currency":
            return _number(cell.get("office:value", ""), text, 1) or text
        case "percentage":
            number = _number(cell.get("office:value", ""), text, 100)
            return text if number is None else f"{number} %"
    return text


def _number(value: str, text: str, times: int) -> str | None:
    """The number as shown where it is the value, rounded or with zeros before or after it; else the value."""
    try:
        exact = Decimal(repr(float(value))) * times
    except (InvalidOperation, ValueError):
        return None
    bare = "".join(text.removesuffix("%").split()).replace(",", ".").replace("−", "-")
    if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", bare):
        unit = Decimal(1).scaleb(-len(bare.partition(".")[2]))
        if abs(Decimal(bare) - exact) <= unit / 2:
            return bare
    return plain(exact)
