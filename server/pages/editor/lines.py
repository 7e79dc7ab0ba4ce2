"""A query line by line, with a note where it breaks or where its answer ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext
from server.query.help.empty import MOST_LEFT


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a query; `note` is what is said of it in the line that is at fault, `left` how many rows it leaves."""

    number: int
    text: str
    note: str = ""
    left: str = ""


def marked_lines(query: str, fault: int | None, note: str, left: Mapping[int, int] | None = None) -> list[Line]:
    """The lines of a query, the one with the number `fault` with the note; none when there is no such line. `left` is
    the number of rows after each line before it.
    """
    lines = query.replace("\r", "").split("\n")
    if fault is None or not 1 <= fault <= len(lines):
        return []
    said = {number: _said(rows) for number, rows in (left or {}).items()} | {fault: ""}
    return [
        Line(number, text, note if number == fault else "", said.get(number, ""))
        for number, text in enumerate(lines, start=1)
    ]


def _said(rows: int) -> str:
    if rows > MOST_LEFT:
        return _("more than %(num)s rows left", num=MOST_LEFT)
    return ngettext("one row left", "%(num)s rows left", rows)
