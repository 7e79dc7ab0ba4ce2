"""Texts that a spreadsheet program would take for formulas, made harmless."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def neutral(text: str) -> str:
    """The text with an apostrophe in front when a program could compute it (OWASP, CSV injection).

    >>> neutral("=1+1"), neutral("Kommun")
    ("'=1+1", 'Kommun')
    """
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA[:4]) else text
