"""A query line by line, with a note where it breaks or where its answer ends."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a query; `note` is what is said of it, in the line that is at fault."""

    number: int
    text: str
    note: str = ""


def marked_lines(query: str, fault: int | None, note: str) -> list[Line]:
    """The lines of a query, the one with the number `fault` with the note; none when there is no such line."""
    lines = query.replace("\r", "").split("\n")
    if fault is None or not 1 <= fault <= len(lines):
        return []
    return [Line(number, text, note if number == fault else "") for number, text in enumerate(lines, start=1)]
