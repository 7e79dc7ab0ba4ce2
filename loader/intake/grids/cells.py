"""The filled cells of one sheet as a reader of workbooks finds them, before they are rows of a grid."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
"""The last row and column that a spreadsheet has (ECMA-376 part 1, 18.3.1.73 and 18.3.1.13)."""
_REFERENCE = re.compile(r"([A-Z]{1,8})([0-9]{1,12})")


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell without a value: `error` is what it shows (#N/A …), None for a formula that was never computed."""

    row: int
    column: int
    error: str | None


@dataclass(slots=True)
class SheetCells:
    """The texts of one sheet by row and column, from 1, and what was done to them.

    `merged` are ranges (top, left, bottom, right); `nowhere` are references that no spreadsheet has; `full` when more
    cells were there than are read.
    """

    name: str
    hidden: bool = False
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    struck: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    nowhere: list[str] = field(default_factory=list)
    number: int = 0
    full: bool = False

    def put(self, row: int, column: int, text: str, *, struck: bool = False) -> None:
        """Keep a cell that has text."""
        text = text.strip()
        if not text:
            return
        self.rows.setdefault(row, {})[column] = text
        self.number += 1
        if struck:
            self.struck.add((row, column))


def column_letters(number: int) -> str:
    """The letters of a column.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place_of(reference: str) -> tuple[int, int] | None:
    """Row and column of a reference; None when no spreadsheet has the cell.

    >>> place_of("AB7"), place_of("XFE1"), place_of("A1048577")
    ((7, 28), None, None)
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    return (row, column) if 1 <= row <= MAX_ROW and column <= MAX_COLUMN else None
