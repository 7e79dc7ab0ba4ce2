"""Refusals: what an endpoint's HTTP error means in the terms of the engine interface."""

from __future__ import annotations

import http.client
import re

from server.engine.interface import Busy, EngineError, QueryFailed, QuerySyntax, TimedOut, Unreachable

POSITION = re.compile(
    r"(?:line\s+|error at |^|\s)(?P<line>\d+)(?:\s*,?\s*col(?:umn)?\s+|:)(?P<column>\d+)", re.IGNORECASE
)
PLACE = re.compile(r"^error at \d+:\d+: ")
LINE = re.compile(r"\bline (?P<line>\d+)", re.IGNORECASE)
SYNTAX = re.compile(r"syntax|pars(?:e|ing)|malformed|expected|lexical|encountered|SPARQL compiler", re.IGNORECASE)
SHOWN = 500
CONFIGURATION = {
    301: "moved elsewhere; give --engine its new address",
    302: "moved elsewhere; give --engine its new address",
    307: "moved elsewhere; give --engine its new address",
    308: "moved elsewhere; give --engine its new address",
    401: "asks for a user and password; give them in the URL of --engine",
    403: "forbids queries to this user",
    404: "is not at this address; see that --engine ends in the path of its SPARQL endpoint",
    405: "takes no POST at this address; see that --engine ends in the path of its SPARQL endpoint",
}


def refusal(response: http.client.HTTPResponse, body: str) -> EngineError:
    """The error for a response that is not 200; `body` is the beginning of what the endpoint says."""
    status, said = response.status, _shown(body)
    if status == 400:
        return _bad_query(said)
    if status in (408, 504) or "S1T00" in body:
        return TimedOut(f"The endpoint gave the query up after its own time limit. {said}")
    if status in (429, 503):
        wait = response.headers.get("Retry-After", "")
        return Busy(f"The endpoint is busy ({status}). {said}", int(wait) if wait.isdecimal() else 1)
    if status in CONFIGURATION:
        return Unreachable(f"The endpoint answers {status}: it {CONFIGURATION[status]}.")
    return QueryFailed(f"The endpoint answers {status}. {said}")


def _bad_query(said: str) -> EngineError:
    position, line = POSITION.search(said), LINE.search(said)
    if position:
        return QuerySyntax(PLACE.sub("", said), int(position["line"]), int(position["column"]))
    if line or SYNTAX.search(said):
        return QuerySyntax(said, int(line["line"]) if line else None)
    return QueryFailed(said or "The endpoint refuses the query and does not say why.")


def _shown(body: str) -> str:
    """The first lines of an explanation, without the copy of the query that some endpoints add."""
    text = body.split("\n\nSPARQL query:")[0]
    return " ".join(text.split())[:SHOWN]
