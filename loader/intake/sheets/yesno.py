"""The words and signs by which people write yes and no in sheets."""

from __future__ import annotations

from loader.model.nearest import fold

_MARKS = frozenset("x×✓✔☑☒")
_YES = _MARKS | {"sant", "1", "j", "y", "sann"}
_NO = frozenset(("falskt", "falsk", "0", "n", "☐"))


def yes_or_no(text: str) -> str:
    """The text as ja or nej where it is another way to write them.

    >>> yes_or_no("SANT"), yes_or_no("x"), yes_or_no("0"), yes_or_no("kanske")
    ('ja', 'ja', 'nej', 'kanske')
    """
    plain = fold(text)
    return "ja" if plain in _YES else "nej" if plain in _NO else text


def is_mark(text: str) -> bool:
    """Whether the text is a tick."""
    return fold(text) in _MARKS
