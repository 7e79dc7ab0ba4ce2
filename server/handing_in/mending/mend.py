"""A mend of one cell, and where in the text of a cell it goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from loader.intake.grids.texts import cleaned

# Before and after an item of a cell with several: bars, semicolons, strokes, commas, lines, bullets, and our own words.
_BEFORE = r"(?:^|[|;/,\n]|^\s*[*–-]\s|[•·▪●◦‣]|\bEv\.|\[Alt\. variabel:)\s*"
_AFTER = r"\s*(?:$|[|;/,\n\]]|[•·▪●◦‣])"


@dataclass(frozen=True, slots=True)
class Mend:
    """`new` instead of `old` in one cell: `sheet` of a workbook, `row` and `column` from 1 as the check counts them."""

    sheet: str | None
    row: int
    column: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mended:
    """The file as it is then, and the mends that were put in; the others found no cell with what they replace."""

    data: bytes
    done: tuple[Mend, ...]


def replaced(text: str, mend: Mend) -> str | None:
    """The text of a cell with the mend in it; None when what it replaces is not there, or more than once.

    >>> replaced(" Kommun|Regoin ", Mend(None, 2, 1, "Regoin", "Region"))
    ' Kommun|Region '
    """
    if cleaned(text).strip() == mend.old.strip():
        return text.replace(text.strip(), mend.new) if text.strip() else mend.new
    pattern = re.compile(f"({_BEFORE})({re.escape(mend.old)})(?={_AFTER})")
    found = list(pattern.finditer(text))
    if len(found) != 1 or not mend.old:
        return None
    begin, end = found[0].span(2)
    return text[:begin] + mend.new + text[end:]


def by_cell(mends: Sequence[Mend]) -> dict[tuple[int, int], list[Mend]]:
    """The mends of one sheet by their cell."""
    found: dict[tuple[int, int], list[Mend]] = {}
    for mend in mends:
        found.setdefault((mend.row, mend.column), []).append(mend)
    return found


def in_cell(text: str, mends: Sequence[Mend]) -> tuple[str, list[Mend]]:
    """The text with every mend of its cell that can be put in, and which those are."""
    done = []
    for mend in mends:
        new = replaced(text, mend)
        if new is not None:
            text = new
            done.append(mend)
    return text, done
