"""A submitted workbook as it looks: its cells, and nothing else of the file.

Only what is named here is copied: values, formats, sizes, merged cells, notes, and drop-downs of the workbook itself.
Defined names, links, connections, charts, rules of formatting and properties stay behind, whatever they are called.
"""

from __future__ import annotations

import io
from copy import copy
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from loader.model.shown import shown

_STYLES = ("font", "fill", "border", "alignment", "number_format")
_ELSEWHERE = ("[", "://", "|", "\\")
"""What stands in a formula that leads out of the workbook."""


def own_book(data: bytes) -> Workbook:
    """The workbook, with values for formulas; what openpyxl raises when it cannot be read."""
    source = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for sheet in source.worksheets:
        _copy(sheet, book.create_sheet(sheet.title))
    return book


def _copy(old: Worksheet, new: Worksheet) -> None:
    new.sheet_state, new.freeze_panes = old.sheet_state, old.freeze_panes
    styles: dict[int, dict[str, Any]] = {}
    for row in old.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and (cell.value is not None or cell.has_style or cell.comment is not None):
                _copy_cell(cell, new, styles)
    for merged in old.merged_cells.ranges:
        new.merge_cells(merged.coord)
    for letter, column in old.column_dimensions.items():
        new.column_dimensions[letter].width, new.column_dimensions[letter].hidden = column.width, column.hidden
    for number, line in old.row_dimensions.items():
        new.row_dimensions[number].height, new.row_dimensions[number].hidden = line.height, line.hidden
    for choice in old.data_validations.dataValidation:
        if not any(sign in f"{choice.formula1}{choice.formula2}" for sign in _ELSEWHERE):
            new.add_data_validation(copy(choice))


def _copy_cell(old: Cell, sheet: Worksheet, styles: dict[int, dict[str, Any]]) -> None:
    new = sheet.cell(old.row, old.column)
    if isinstance(new, MergedCell):
        return
    new.value = _readable(old.value) if isinstance(old.value, str) else old.value
    if isinstance(old.value, str) and new.data_type == "f":
        new.data_type = "s"  # a text that begins with = is no formula
    if old.has_style:
        if old.style_id not in styles:
            styles[old.style_id] = {name: copy(getattr(old, name)) for name in _STYLES}
        for name, value in styles[old.style_id].items():
            setattr(new, name, value)
    if old.comment is not None:
        new.comment = Comment(_readable(old.comment.text), "")


def _readable(text: str) -> str:
    """The text, of several lines where it is, with signs that are not seen written out."""
    return "\n".join(map(shown, text.replace("\r\n", "\n").split("\n")))
