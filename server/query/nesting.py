"""How deep a query may nest: the engine's parser calls itself once for each bracket, and its stack has an end.

Oxigraph 0.5.13 with the usual stack of 8 MiB dies at about 810 nested EXISTS, 940 function calls, 1,130 subqueries,
2,130 groups, 4,500 parentheses, or 8,900 times `!` in a row; the workers have 64 MiB. That the process died says
nothing to whoever asked, so a query far below those depths, and far above any that is written, is refused with the
place.
"""

from __future__ import annotations

import re

from server.query.tokens import Reader, line_and_column
from server.web.problem import Problem

DEEPEST = 200
_STEPS = {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}
# Those and "not", what may hold such as are none, and an escaped character in a name.
_NOTABLE = re.compile(r"""["'#<(){}\[\]!]|\\.""", re.DOTALL)


def check_nesting(text: str) -> None:
    """Raise Problem query-syntax (400) at the first bracket or `!` that is more than DEEPEST deep."""
    if sum(map(text.count, "({[!")) <= DEEPEST:
        return
    place = _too_deep(text)
    if place is not None:
        raise _refused(text, place)


def _too_deep(text: str) -> int | None:
    """The offset of the first bracket or `!` that is nested too deep, outside strings, IRIs and comments."""
    reader = Reader(text)
    position = depth = negations = 0
    while found := _NOTABLE.search(text, position):
        start, mark = found.start(), found.group()
        if text[position:start].strip() or mark not in "!#":
            negations = 0
        negations += mark == "!"
        depth = max(depth + _STEPS.get(mark, 0), 0)
        if depth + negations > DEEPEST:
            return start
        position = reader.span(start)[1] if mark in "\"'#<" else found.end()
    return None


def _refused(text: str, place: int) -> Problem:
    line, column = line_and_column(text, place)
    return Problem(
        "query-syntax",
        f"Line {line}, column {column}, at `{text[place]}`. Brackets and `!` may be nested {DEEPEST} deep; this one is "
        "deeper.",
        f"Rad {line}, kolumn {column}, vid `{text[place]}`. Parenteser och `!` får stå {DEEPEST} nivåer djupt i "
        "varandra; den här står djupare.",
        members={"line": line, "column": column, "token": text[place]},
    )
