"""What can be told from a query's text without running it: its form, its prefixes, whether two runs give the same
bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from server.tokens import Token, tokens

QUERY_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATE_FORMS = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
REMEMBERED = 64  # texts whose reading is kept: one request asks for it several times, and queries come again
_CHANGING = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


@dataclass(frozen=True, slots=True)
class QueryText:
    """`form` is one of QUERY_FORMS or UPDATE_FORMS, or empty when the text is neither; `prefixes` as declared in the
    prologue.

    `repeatable` is false when a function such as NOW() or RAND() or a blank node
    in a CONSTRUCT makes each answer another. `prologue_end` is the
    offset of the first character behind the prologue.
    """

    form: str
    prefixes: dict[str, str]
    base: str
    repeatable: bool
    prologue_end: int


@lru_cache(REMEMBERED)
def read_query(text: str) -> QueryText:
    """Read a query's prologue and its words."""
    stream = list(tokens(text))
    prefixes: dict[str, str] = {}
    base = ""
    place = 0
    while place < len(stream):
        word = stream[place].text.upper()
        if word == "PREFIX" and _is_prefix(stream, place):
            prefixes[stream[place + 1].text[:-1]] = stream[place + 2].text[1:-1]
            place += 3
        elif word in ("BASE", "VERSION") and place + 1 < len(stream):
            base = stream[place + 1].text[1:-1] if word == "BASE" else base
            place += 2
        else:
            break
    rest = stream[place:]
    form = _form(rest)
    repeatable = not any(token.kind == "word" and token.text.upper() in _CHANGING for token in rest)
    if form == "CONSTRUCT":
        repeatable = repeatable and not any(token.kind == "blank" or token.text == "[" for token in rest)
    return QueryText(form, prefixes, base, repeatable, rest[0].start if rest else len(text))


def _is_prefix(stream: list[Token], place: int) -> bool:
    following = stream[place + 1 : place + 3]
    return [token.kind for token in following] == ["name", "iri"] and following[0].text.endswith(":")


def _form(rest: list[Token]) -> str:
    """The first keyword; engines also take keywords without a space behind them, so the beginning of the word
    decides.
    """
    if not rest or rest[0].kind not in ("word", "name"):
        return ""
    word = rest[0].text.upper()
    return next((form for form in (*QUERY_FORMS, *UPDATE_FORMS) if word.startswith(form)), "")
