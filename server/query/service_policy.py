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

from server.query.text import read_query, remembered
from server.query.tokens import Token, line_and_column, readings, unescaped
from server.web.problem import Problem

# Where a reading may hold the keyword. It cannot in a comment before the first token, for every reading begins behind
# it; in a variable, a language tag or a name behind its colon, for these marks and what follows them are in one token
# wherever a reading begins; in the prefix of a name, unless a group opens behind that name; in a word without a target
# behind it. Searched in lower case. Each part keeps all that it has looked at, so the time is linear.
_POSSIBLE = re.compile(
    r"""
    \A(?:[ \t\r\n]|\#[^\r\n]*+)++
  | :(?:[\w:\-·]|(?<!:)\.)*+
  | [?$]\w[\w·]*+
  | @[a-z]+(?:-[a-z0-9]+)*+(?:--[a-z]+)?+
  | (?P<odd>_\w*+)
  | service[\w.\-·]*+
    (?: :(?!\.)(?:[\w:.\-·]|%[0-9a-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*+[ \t\r\n]*+(?P<opens>[{\#]|\Z)?+
      | :
      | [ \t\r\n]*+(?P<target>[<?$:\#\w]|\Z)?+
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_FOLDING = frozenset("\u0130\u212a")  # letters whose lower case is, or begins with, an ASCII letter
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


@remembered
def service_calls(text: str) -> tuple[ServiceCall, ...]:
    """Every possible SERVICE of a query, in the text as it stands and with its codepoint escapes resolved."""
    calls = list(_calls(text))
    if (plain := unescaped(text)) != text:
        calls += [ServiceCall(None, min(call.start, len(text))) for call in _calls(plain)]
    return tuple(calls)


def _calls(text: str) -> Iterator[ServiceCall]:
    if not may_name_service(text):
        return
    prefixes = read_query(text).prefixes
    main = True
    for own, following in readings(text, _AMBIGUOUS):
        reading = own + following
        for place, token in enumerate(own):
            if _may_be_service(reading, place) and (main or _opens_group(reading, place)):
                yield ServiceCall(_target(reading, place, prefixes) if main else None, token.start)
        main = False


def may_name_service(text: str) -> bool:
    """Whether to look for SERVICE in a text at all: false only where no reading of it can hold one."""
    lower = text.lower()
    if "service" not in lower:
        return False
    return not _FOLDING.isdisjoint(text) or any(_is_possible(found) for found in _POSSIBLE.finditer(lower))


def _is_possible(found: re.Match[str]) -> bool:
    if found["odd"] is not None:
        return "service" in found["odd"]
    return found["opens"] is not None or found["target"] is not None


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
