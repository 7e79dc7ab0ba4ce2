"""The text of cells made comparable, and findings about text that was spoilt on its way here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from loader.intake.grids.cells import column_letters
from loader.intake.grids.grid import Grid
from loader.model.findings import Finding, Message, Position, Severity

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"))
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TWICE = re.compile("[ÃÂâ√¬]")
TEXT_RULES = ("control-character", "encoded-twice", "lost-character")
_LOST = "\ufffd"


def cleaned(text: str) -> str:
    r"""The text in composed form (NFC), without byte-order marks and other signs that nobody sees.

    >>> cleaned("\ufeffKo\u0308n")
    'Kön'
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE)).strip()


def encoded_twice(text: str) -> str | None:
    """What a text says that was read in the wrong encoding and saved; None when it looks all right.

    >>> encoded_twice("LÃ¤kare"), encoded_twice("Läkare")
    ('Läkare', None)
    """
    if _TWICE.search(text) is None:
        return None
    for encoding in ("cp1252", "latin-1", "mac_roman"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None


def text_findings(grid: Grid) -> Iterator[Finding]:
    """Findings about cells with characters that no text holds, or that were lost."""
    for row in grid.rows:
        for number, cell in enumerate(row.cells, 1):
            if cell and not (cell.isascii() and cell.isprintable()):
                column = column_letters(number) if grid.sheet is not None else number
                yield from _spoilt(cell, Position(grid.file, grid.sheet, row.number, column, row.line))


def _spoilt(cell: str, position: Position) -> Iterator[Finding]:
    control = _CONTROL.search(cell)
    if control is not None:
        sign = f"U+{ord(control[0]):04X}"
        message = Message(
            sv=f"Cellen innehåller styrtecknet {sign}, som inte syns. Skriv om cellen.",
            en=f"The cell holds the control character {sign}, which is not seen. Write the cell anew.",
        )
        yield Finding("control-character", Severity.VIOLATION, message, position, sign)
    meant = encoded_twice(cell)
    if meant is not None:
        message = Message(
            sv=f"«{cell[:80]}» har sparats i fel teckenkodning. Skriv om texten, eller spara om filen som CSV UTF-8.",
            en=f"“{cell[:80]}” was saved in the wrong encoding. Write the text anew, or save the file as CSV UTF-8.",
        )
        yield Finding("encoded-twice", Severity.VIOLATION, message, position, cell[:200], meant[:200])
    elif _LOST in cell:
        message = Message(
            sv=f"«{cell[:80]}» har ett tecken som gått förlorat (�). Skriv om texten.",
            en=f"“{cell[:80]}” has a character that was lost (�). Write the text anew.",
        )
        yield Finding("lost-character", Severity.VIOLATION, message, position, cell[:200])
