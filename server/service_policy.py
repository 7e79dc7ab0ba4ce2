"""Find every SERVICE in a query, in whichever way an engine may read the text, and refuse those not on the allow-list.

Engines differ in how they read a text: some take `SERVICE:a{…}` as SERVICE with the name `:a`, and `<` after an
operand may begin an
IRI or mean "less than", which decides where comments and strings begin. So every reading is followed, and a query
passes only
when none of them holds a SERVICE that is not allowed. A query that names no SERVICE in any reading cannot make a
request.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from server.problem import Problem
from server.query_text import REMEMBERED, read_query
from server.tokens import Token, line_and_column, token_at

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_AMBIGUOUS = re.compile(r"[#'\"{}\\]")
_NO_SERVICE_BEFORE = ("GRAPH", "FROM", "NAMED")


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """One possible SERVICE: `iri` is its absolute IRI, or None when it is no constant or the text can be read in two
    ways.
    """

    iri: str | None
    start: int


def check_services(text: str, allowed: Collection[str]) -> None:
    """Raise Problem service-refused (403) unless every SERVICE in every reading of the query is on the allow-list."""
    for call in service_calls(text):
        if call.iri is None or call.iri not in allowed:
            raise _refused(text, call, allowed)


@lru_cache(REMEMBERED)
def service_calls(text: str) -> tuple[ServiceCall, ...]:
    """Every possible SERVICE of a query, in the text as it stands and with its codepoint escapes resolved."""
    calls = list(_calls(text))
    if _ESCAPE.search(text):
        calls += [ServiceCall(None, min(call.start, len(text))) for call in _calls(_ESCAPE.sub(_unescape, text))]
    return tuple(calls)


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


def _calls(text: str) -> Iterator[ServiceCall]:
    if "service" not in text.lower():
        return
    prefixes = read_query(text).prefixes
    for own, following, main in _readings(text):
        reading = own + following
        for place, token in enumerate(own):
            if _may_be_service(reading, place) and (main or _opens_group(reading, place)):
                yield ServiceCall(_target(reading, place, prefixes) if main else None, token.start)


def _readings(text: str) -> Iterator[tuple[list[Token], list[Token], bool]]:
    """The token sequences from every possible start; a sequence ends where it meets one already read. The first is
    the main one.
    """
    seen: set[int] = set()
    starts = [0]
    main = True
    while starts:
        position = starts.pop()
        reading: list[Token] = []
        while position < len(text) and position not in seen:
            seen.add(position)
            token = token_at(text, position)
            if token.kind == "iri" and _AMBIGUOUS.search(token.text):
                starts.append(position + 1)
            if token.kind not in ("space", "comment"):
                reading.append(token)
            position = token.end
        yield reading, _lookahead(text, position), main
        main = False


def _lookahead(text: str, position: int) -> list[Token]:
    """The next three tokens of a reading already followed: a name at the seam is seen with what comes after it."""
    found: list[Token] = []
    while position < len(text) and len(found) < 3:
        token = token_at(text, position)
        position = token.end
        if token.kind not in ("space", "comment"):
            found.append(token)
    return found


def _may_be_service(reading: list[Token], place: int) -> bool:
    token = reading[place]
    if token.kind == "word":
        return "service" in token.text.lower() and _names_a_target(reading[place + 1 : place + 2])
    if token.kind != "name" or "service" not in token.text.partition(":")[0].lower():
        return False
    before = reading[place - 1].text.upper() if place else ""
    opens = place + 1 >= len(reading) or reading[place + 1].text == "{"
    return opens and before not in _NO_SERVICE_BEFORE


def _names_a_target(following: list[Token]) -> bool:
    """Whether what follows the keyword can be SILENT or the name of a service; the end of the text leaves it open."""
    return not following or following[0].kind in ("iri", "name", "variable", "word") or following[0].text == "<"


def _opens_group(reading: list[Token], place: int) -> bool:
    """Whether a group opens behind the keyword and its target; asked where words may come from the middle of an IRI."""
    return any(token.text == "{" for token in reading[place + 1 : place + 4])


def _target(reading: list[Token], place: int, prefixes: dict[str, str]) -> str | None:
    """The constant IRI behind `SERVICE [SILENT]`, when the keyword stands alone and an IRI or a declared name
    follows.
    """
    if reading[place].text.upper() != "SERVICE":
        return None
    following = reading[place + 1 : place + 3]
    if following and following[0].text.upper() == "SILENT":
        following = following[1:]
    if not following:
        return None
    if following[0].kind == "iri":
        return following[0].text[1:-1]
    if following[0].kind == "name":
        prefix, _, local = following[0].text.partition(":")
        return prefixes[prefix] + local if prefix in prefixes and "\\" not in local else None
    return None


def _refused(text: str, call: ServiceCall, allowed: Collection[str]) -> Problem:
    line, column = line_and_column(text, call.start)
    named = f"<{call.iri}>" if call.iri else "a name that is not a constant IRI"
    named_sv = f"<{call.iri}>" if call.iri else "ett namn som inte är en fast IRI"
    listed = ", ".join(f"<{iri}>" for iri in sorted(allowed)) or "none"
    return Problem(
        "service-refused",
        f"SERVICE at line {line}, column {column} names {named}; this server sends queries to no other host than "
        f"those listed: {listed}.",
        f"SERVICE på rad {line}, kolumn {column} anger {named_sv}; servern ställer inga frågor till andra än: "
        f"{listed}.",
        members={"line": line, "column": column, "allowed": sorted(allowed)},
    )
