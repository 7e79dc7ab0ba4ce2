"""Mends in an OpenDocument spreadsheet: the cells in content.xml, and no other byte of any part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loader.intake.grids.cells import SheetCells
from loader.intake.grids.odssheet import read_sheets
from loader.intake.limits import DEFAULT_LIMITS
from server.handing_in.mending.markup import Edit, Element, can_be_edited, content, edited, elements, tag
from server.handing_in.mending.mend import Mend, Mended, by_cell, in_cell
from server.handing_in.mending.parts import with_parts

CONTENT = "content.xml"
_NAMES = frozenset({"table", "table-row", "table-cell", "covered-table-cell", "p", "annotation"})
_VALUES = ("value-type", "value", "boolean-value", "date-value", "time-value", "string-value", "currency")


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell as written: `places` are all that it stands for, for equal neighbours are written once."""

    element: Element
    sheet: int
    places: tuple[tuple[int, int], ...]
    paragraphs: tuple[Element, ...]


def mend_ods(data: bytes, mends: Sequence[Mend]) -> Mended:
    """The spreadsheet with the mends in it. A cell with a formula stays; equal cells written once change together."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(CONTENT)
        if not can_be_edited(xml):
            return Mended(data, ())
        sheets = read_sheets(archive, DEFAULT_LIMITS)
    wanted = {name: by_cell([mend for mend in mends if mend.sheet == name]) for name in {mend.sheet for mend in mends}}
    edits, done = list[Edit](), list[Mend]()
    for cell in _cells(elements(xml, _NAMES), wanted_rows(mends)):
        here = wanted.get(sheets[cell.sheet].name, {})
        every = [here.get(place, []) for place in cell.places]
        if not all(every) or any(_said(one) != _said(every[0]) for one in every):
            continue
        text, put = in_cell(_text(sheets[cell.sheet], cell), every[0])
        if put:
            edits += _edits(cell, text)
            done += [mend for one in every for mend in one if _said([mend])[0] in _said(put)]
    return Mended(with_parts(data, {CONTENT: edited(xml, edits)}), tuple(done)) if done else Mended(data, ())


def wanted_rows(mends: Sequence[Mend]) -> int:
    """The last row that a mend is about."""
    return max((mend.row for mend in mends), default=0)


def _said(mends: Sequence[Mend]) -> list[tuple[str, str]]:
    return [(mend.old, mend.new) for mend in mends]


def _text(sheet: SheetCells, cell: _Cell) -> str:
    row, column = cell.places[0]
    return sheet.rows.get(row, {}).get(column, "")


def _cells(found: Sequence[Element], last: int) -> Iterator[_Cell]:
    """The cells that hold text and no formula, as far as the last row that is asked for."""
    sheet, row, column, times = -1, 0, 1, 1
    for index, element in enumerate(found):
        match element.name.rpartition(":")[2]:
            case "table":
                sheet, row, times = sheet + 1, 0, 1
            case "table-row":
                row, column, times = row + times, 1, _repeated(element, "rows")
            case "table-cell" | "covered-table-cell":
                wide = _repeated(element, "columns")
                paragraphs = _paragraphs(found, index)
                if paragraphs and row <= last and wide * times <= DEFAULT_LIMITS.columns and not _formula(element):
                    places = [(row + down, column + right) for down in range(times) for right in range(wide)]
                    yield _Cell(element, sheet, tuple(places), paragraphs)
                column += wide


def _paragraphs(found: Sequence[Element], index: int) -> tuple[Element, ...]:
    """The paragraphs of a cell itself, not those of its note."""
    cell, own = found[index], []
    for element in found[index + 1 :]:
        if element.begin >= cell.end:
            break
        if element.depth == cell.depth + 1 and element.name.endswith(":p"):
            own.append(element)
    return tuple(own)


def _repeated(element: Element, what: str) -> int:
    text = element.attributes.get(f"table:number-{what}-repeated", "1")
    return int(text) if text.isdigit() and int(text) > 0 else 1


def _formula(element: Element) -> bool:
    return "table:formula" in element.attributes


def _edits(cell: _Cell, text: str) -> Iterator[Edit]:
    """The tag says that it is text, the first paragraph has it, the others go."""
    element, first = cell.element, cell.paragraphs[0]
    kept = {name: value for name, value in element.attributes.items() if name.partition(":")[2] not in _VALUES}
    if set(element.attributes) - set(kept) != {"office:value-type"} or not _is_text(element):
        yield Edit(element.begin, element.inner, tag(element.name, {**kept, "office:value-type": "string"}))
    lines = [f"<{first.name}>".encode() + content(line) + f"</{first.name}>".encode() for line in text.split("\n")]
    yield Edit(first.begin, first.end, b"".join(lines))
    yield from (Edit(other.begin, other.end, b"") for other in cell.paragraphs[1:])


def _is_text(element: Element) -> bool:
    return element.attributes.get("office:value-type") == "string"
