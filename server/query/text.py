"""What can be told from a query's text without running it: its form, its prefixes, whether two runs give the same
bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from typing import TypeVar

from server.query.tokens import Token, readings, tokens, unescaped

QUERY_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATE_FORMS = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
# Texts whose reading is kept, for one request asks for it several times. What is read from a text takes up to ten times
# its size, so few long ones (in characters) are kept: 64 * 10 * 16 KB and 4 * 10 * 256 KB make 10 MB of each kind.
SHORT = 16_384
REMEMBERED_SHORT = 64
REMEMBERED_LONG = 4
# The plain way to declare a prefix, in one step; any other way is read token by token.
_DECLARED = re.compile(
    r"(?:[ \t\r\n]+|#[^\r\n]*)*+PREFIX[ \t\r\n]+([A-Za-z][\w-]{0,99})?:[ \t\r\n]*<([^<>\s]*)>", re.IGNORECASE
)
_CHANGING = ("NOW", "RAND", "UUID", "BNODE")  # and STRUUID
_COMPARED = re.compile(r"[#'\"(\\]")  # in an IRI: a comment, string or call may begin there if its `<` is "less than"
_FRESH = frozenset("[(<~|")  # in a template these make blank nodes, besides `_:`

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class QueryText:
    """`form` is one of QUERY_FORMS or UPDATE_FORMS, or empty when the text is neither; `prefixes` as declared in the
    prologue.

    `repeatable` is false when a function such as NOW() or RAND(), or a blank node that the template of a CONSTRUCT
    makes, makes each answer another; also when only some ways to read the text hold such a one. `prologue_end` is the
    offset of the first character behind the prologue.
    """

    form: str
    prefixes: dict[str, str]
    base: str
    repeatable: bool
    prologue_end: int


def remembered(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """A function of a query's text that keeps what it last read."""
    of_short, of_long = lru_cache(REMEMBERED_SHORT)(read), lru_cache(REMEMBERED_LONG)(read)

    @wraps(read)
    def reading(text: str) -> Read:
        return of_short(text) if len(text) <= SHORT else of_long(text)

    return reading


@remembered
def read_query(text: str) -> QueryText:
    """Read a query's prologue and form, and of the rest what it takes to know whether it is repeatable."""
    query = _read(text)
    plain = unescaped(text)
    if query.repeatable and plain != text:  # some engines resolve the escapes first, which may spell RAND or a bracket
        return replace(query, repeatable=_read(plain).repeatable)
    return query


def _read(text: str) -> QueryText:
    prefixes: dict[str, str] = {}
    base = ""
    start = 0
    while declared := _DECLARED.match(text, start):
        prefixes[declared[1] or ""] = declared[2]
        start = declared.end()
    stream = tokens(text, start)
    first = next(stream, None)
    while first is not None:
        word = first.text.upper()
        if word == "PREFIX" and (pair := _declaration(stream)):
            prefixes[pair[0].text[:-1]] = pair[1].text[1:-1]
        elif word in ("BASE", "VERSION") and (value := next(stream, None)):
            base = value.text[1:-1] if word == "BASE" else base
        else:
            break
        first = next(stream, None)
    start = first.start if first else len(text)
    form = _form(first)
    return QueryText(form, prefixes, base, _is_repeatable(text[start:], form), start)


def _declaration(stream: Iterator[Token]) -> tuple[Token, Token] | None:
    """The name and the IRI behind PREFIX, if that is what follows."""
    name, iri = next(stream, None), next(stream, None)
    if name and iri and (name.kind, iri.kind) == ("name", "iri") and name.text.endswith(":"):
        return name, iri
    return None


def _form(first: Token | None) -> str:
    """The first keyword; engines also take keywords without a space behind them, so the beginning of the word
    decides.
    """
    if first is None or first.kind not in ("word", "name"):
        return ""
    word = first.text.upper()
    return next((form for form in (*QUERY_FORMS, *UPDATE_FORMS) if word.startswith(form)), "")


def _is_repeatable(body: str, form: str) -> bool:
    upper = body.upper()
    if any(name in upper for name in _CHANGING) and _calls_changing(body):
        return False
    return form != "CONSTRUCT" or not _makes_nodes(body)


def _calls_changing(body: str) -> bool:
    """Whether a reading has a call of such a function; DISTINCTRAND() is DISTINCT RAND() to some engines."""
    for own, following in readings(body, _COMPARED):
        reading = own + following
        for word, bracket in zip(own, reading[1:], strict=False):
            if bracket.text == "(" and word.kind == "word" and word.text.upper().endswith(_CHANGING):
                return True
    return False


def _makes_nodes(body: str) -> bool:
    """Whether the template, which is the first group, has blank nodes, collections or reifiers."""
    depth = 0
    for token in tokens(body):
        depth += (token.text == "{") - (token.text == "}")
        if depth and (token.kind == "blank" or token.text in _FRESH):
            return True
        if token.text == "}" and depth <= 0:
            break
    return False
