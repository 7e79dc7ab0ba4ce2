"""SERVICE for the endpoints on the allow-list, resolved in the web tier, for the engine's workers have no network.

`SERVICE <iri> { P }` has the solutions of P at that endpoint, whatever stands around it (SPARQL 1.1 Federated
Query, section 3), so they are fetched first and put in its place as a VALUES block. What cannot be put there is an
error, never left out: blank nodes, SERVICE inside SERVICE, a variable for a name, more rows or bytes than the settings
allow.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import Any

from server.engine.interface import TimedOut
from server.query.pinned_fetch import Bounds, FetchRefused, Guard, fetch_results, is_public
from server.query.service_policy import check_services
from server.query.text import read_query
from server.query.tokens import Token, tokens
from server.settings import Settings
from server.web.problem import Problem

_IRI = re.compile(r"[^\x00-\x20<>\"{}|^`\\]+\Z")
_LANGUAGE = re.compile(r"[A-Za-z]+(-[A-Za-z0-9]+)*\Z")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass(frozen=True, slots=True)
class _Clause:
    """One SERVICE clause: offsets in the query, the endpoint, the group's content, and whether failures are passed
    over.
    """

    start: int
    end: int
    iri: str
    inner: str
    silent: bool


def resolve(text: str, settings: Settings, seconds: float, guard: Guard | None = None) -> str:
    """The query with each allowed SERVICE replaced by its solutions, all within `seconds`.

    Raises Problem service-refused or service-failed, and TimedOut. `guard` tells which addresses may be asked; without
    it those of the public internet.
    """
    check_services(text, settings.service_allow)
    deadline = time.monotonic() + seconds
    while (clause := _first(text)) is not None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimedOut("The endpoints named by SERVICE took all of it.")
        bounds = Bounds(left, settings.service_bytes, guard or is_public)
        text = text[: clause.start] + _solutions(text, clause, settings, bounds) + text[clause.end :]
    return text


def _first(text: str) -> _Clause | None:
    stream = list(tokens(text))
    place = next(
        (n for n, token in enumerate(stream) if token.text.upper() == "SERVICE" and token.kind == "word"), None
    )
    if place is None:
        return None
    silent = stream[place + 1].text.upper() == "SILENT"
    target = place + 2 if silent else place + 1
    opened = target + 1
    if opened >= len(stream) or stream[opened].text != "{":
        raise _failed("SERVICE is not followed by a constant IRI and a group")
    closed = _closing(stream, opened)
    inner = text[stream[opened].end : stream[closed].start]
    if any(token.kind == "word" and token.text.upper() == "SERVICE" for token in tokens(inner)):
        raise _failed("SERVICE inside SERVICE is not supported")
    return _Clause(stream[place].start, stream[closed].end, _iri(text, stream[target]), inner, silent)


def _iri(text: str, token: Token) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return read_query(text).prefixes[prefix] + local


def _closing(stream: list[Token], opened: int) -> int:
    depth = 0
    for place in range(opened, len(stream)):
        depth += {"{": 1, "}": -1}.get(stream[place].text, 0) if stream[place].kind == "mark" else 0
        if depth == 0:
            return place
    raise _failed("the group behind SERVICE is not closed")


def _solutions(text: str, clause: _Clause, settings: Settings, bounds: Bounds) -> str:
    prologue = text[: read_query(text).prologue_end]
    query = f"{prologue}\nSELECT * WHERE {{ {clause.inner} }}"
    try:
        return _values(fetch_results(clause.iri, query, bounds), settings.service_rows)
    except FetchRefused as error:
        if clause.silent:
            return "{}"
        raise _failed(str(error)) from error


def _values(body: bytes, most: int) -> str:
    """JSON results as a group with a VALUES block."""
    try:
        results: dict[str, Any] = json.loads(body)
        names = [str(name) for name in results["head"]["vars"]]
        rows = [[_term(row.get(name)) for name in names] for row in results["results"]["bindings"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FetchRefused(f"the endpoint's answer is no SPARQL JSON result: {error}") from error
    if len(rows) > most:
        raise FetchRefused(f"the endpoint has {len(rows)} rows for this SERVICE; at most {most} are taken")
    if not all(re.fullmatch(r"\w+", name) for name in names):
        raise FetchRefused("the endpoint's answer names a variable that SPARQL does not allow")
    if not names:
        return "{}" if rows else "{ FILTER(false) }"
    head = " ".join("?" + name for name in names)
    return "{ VALUES (" + head + ") { " + " ".join("(" + " ".join(row) + ")" for row in rows) + " } }"


def _term(cell: dict[str, str] | None) -> str:
    """One cell in SPARQL's own notation."""
    if cell is None:
        return "UNDEF"
    value, kind = cell["value"], cell["type"]
    if kind == "uri":
        return _bracketed(value)
    if kind not in ("literal", "typed-literal"):
        raise FetchRefused("the endpoint's answer holds a blank node, which has no meaning here")
    text = '"' + value.translate(_ESCAPES) + '"'
    if "xml:lang" in cell:
        if not _LANGUAGE.match(cell["xml:lang"]):
            raise FetchRefused("the endpoint's answer holds an unreadable language tag")
        return f"{text}@{cell['xml:lang']}"
    return f"{text}^^{_bracketed(cell['datatype'])}" if "datatype" in cell else text


def _bracketed(iri: str) -> str:
    if not _IRI.match(iri):
        raise FetchRefused("the endpoint's answer holds an unreadable IRI")
    return f"<{iri}>"


def _failed(reason: str) -> Problem:
    return Problem(
        "service-failed", f"SERVICE could not be answered: {reason}.", f"SERVICE kunde inte besvaras: {reason}."
    )
