"""Mends in an XLSX workbook: the cells in the XML of their sheet, and no other byte of any part."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from loader.intake.grids.cells import column_letters, place_of
from loader.intake.grids.xlsxbook import Book, SheetPart, read_book
from loader.intake.grids.xlsxsheet import read_sheet
from loader.intake.limits import DEFAULT_LIMITS
from server.handing_in.mending.markup import Edit, Element, can_be_edited, content, edited, elements, tag
from server.handing_in.mending.mend import Mend, Mended, by_cell, in_cell
from server.handing_in.mending.parts import with_parts

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_NAMES = frozenset({"row", "c", "f"})


def mend_xlsx(data: bytes, mends: Sequence[Mend]) -> Mended:
    """The workbook with the mends in it. A cell with a formula stays, and so does the heading of a table object."""
    parts, done = {}, list[Mend]()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = read_book(archive)
        for sheet in book.sheets:
            mine = [mend for mend in mends if mend.sheet == sheet.name]
            if not mine:
                continue
            xml, put = _mended_sheet(archive, sheet, book, mine)
            if put:
                parts[sheet.path] = xml
                done += put
    return Mended(with_parts(data, parts), tuple(done)) if done else Mended(data, ())


def _mended_sheet(
    archive: zipfile.ZipFile, sheet: SheetPart, book: Book, mends: Sequence[Mend]
) -> tuple[bytes, list[Mend]]:
    xml = archive.read(sheet.path)
    if not can_be_edited(xml):
        return xml, []
    texts = read_sheet(archive, sheet, book, DEFAULT_LIMITS.cells).rows
    cells = _cells(elements(xml, _NAMES))
    columns: dict[int, list[int]] = {}
    for row, column in cells:
        columns.setdefault(row, []).append(column)
    headings = frozenset(_headings(archive, sheet.path))
    edits, done = [], list[Mend]()
    for place, here in sorted(by_cell(mends).items()):
        cell = cells[place] if place in cells else _room(place, cells, columns.get(place[0], ()))
        if cell is None or place in headings:
            continue
        text, put = in_cell(texts.get(place[0], {}).get(place[1], ""), here)
        if put:
            edits.append(Edit(cell.begin, cell.end, _cell(cell, place, text)))
            done += put
    return edited(xml, edits), done


def _cells(found: Sequence[Element]) -> dict[tuple[int, int], Element | None]:
    """The cells by row and column, None for one with a formula."""
    cells: dict[tuple[int, int], Element | None] = {}
    row, place = 0, (0, 0)
    for element in found:
        match element.name.rpartition(":")[2]:
            case "row":
                row = int(element.attributes.get("r", row + 1))
                place = (row, 0)
            case "c":
                reference = element.attributes.get("r")
                place = (place_of(reference) if reference else None) or (row, place[1] + 1)
                cells[place] = element
            case "f":
                cells[place] = None
    return cells


def _room(
    place: tuple[int, int], cells: Mapping[tuple[int, int], Element | None], columns: Sequence[int]
) -> Element | None:
    """Where an empty cell that is not written would stand: behind the last one before it, if there is one."""
    before = max((column for column in columns if column < place[1]), default=0)
    last = cells.get((place[0], before))
    return None if last is None else Element(last.name, {"t": "s"}, last.depth, last.end, last.end, last.end)


def _cell(cell: Element, place: tuple[int, int], text: str) -> bytes:
    """The cell with another text, in its style: a number stays a number, all else stands within the cell."""
    prefix = cell.name.rpartition(":")[0]
    lead = f"{prefix}:" if prefix else ""
    kept = {name: value for name, value in cell.attributes.items() if name not in ("t", "vm", "cm")}
    kept = {"r": f"{column_letters(place[1])}{place[0]}", **kept}
    if cell.attributes.get("t", "n") == "n" and _NUMBER.fullmatch(text):
        return tag(cell.name, kept) + f"<{lead}v>{text}</{lead}v></{cell.name}>".encode()
    inner = f"<{lead}is>".encode() + tag(f"{lead}t", {"xml:space": "preserve"}) + content(_escaped(text))
    return tag(cell.name, {**kept, "t": "inlineStr"}) + inner + f"</{lead}t></{lead}is></{cell.name}>".encode()


def _escaped(text: str) -> str:
    """What would be read as an escaped character is escaped itself (ECMA-376 part 1, 22.9.2.19)."""
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)


def _headings(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[int, int]]:
    """The cells that are headings of table objects, whose names stand in the table's own part as well."""
    folder, name = posixpath.split(path)
    related = f"{folder}/_rels/{name}.rels"
    if related not in archive.namelist():
        return
    for relation in elements(archive.read(related), frozenset({"Relationship"})):
        if not relation.attributes.get("Type", "").endswith("/table"):
            continue
        target = relation.attributes.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        for table in elements(archive.read(part), frozenset({"table"})):
            yield from _first_row(table.attributes)


def _first_row(table: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    first, _, last = table.get("ref", "").partition(":")
    begin, end = place_of(first), place_of(last or first)
    if begin is not None and end is not None and table.get("headerRowCount") != "0":
        yield from ((begin[0], column) for column in range(begin[1], end[1] + 1))
