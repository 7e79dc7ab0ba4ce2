"""Names and texts as SQL: the one place where what a user gave becomes part of a statement."""

from __future__ import annotations

from collections.abc import Iterable


def name(identifier: str) -> str:
    """An identifier in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text literal in single quotes."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """A list of text literals, comma-separated."""
    return ", ".join(text(value) for value in values)
