"""Help with queries that are wrong or empty: found in a worker, within the query's time, and put into words here."""

from __future__ import annotations

import json
import time
from typing import Any

from server.engine.caller import CALLER
from server.engine.interface import EngineError, Job, Left, QuerySyntax
from server.query.answering import Question
from server.service import Service
from server.web.media import JSON, XML, Format
from server.web.problem import Problem

BUDGET = 5.0  # seconds for an explanation, of those that the query has left
_KINDS = {
    "triple": ("mönstret", "the pattern"),
    "filter": ("filtret", "the filter"),
    "union": ("alternativen", "the alternatives"),
    "group": ("gruppen", "the group"),
    "graph": ("grafmönstret", "the graph pattern"),
    "minus": ("undantaget", "the exclusion"),
    "values": ("värdelistan", "the list of values"),
    "select": ("underfrågan", "the subquery"),
    "having": ("villkoret på grupperna", "the condition on the groups"),
    "offset": ("förskjutningen", "the offset"),
    "limit": ("begränsningen", "the limit"),
}


def syntax_problem(service: Service, question: Question, error: QuerySyntax) -> Problem:
    """The problem for a query that the engine cannot parse, with line, column, token and hints."""
    arguments = {"text": question.text, "line": error.line, "column": error.column}
    found = _run(service, "server.query.help.syntax:syntax_job", arguments, min(BUDGET, question.timeout))
    if found is None:
        members = {"line": error.line, "column": error.column, "parser": str(error)}
        return Problem("query-syntax", str(error), f"Tolken säger: {error}", members=members)
    return problem_of(found, error)


def problem_of(found: dict[str, Any], error: QuerySyntax) -> Problem:
    """The problem with what server/query/help/syntax.py has found."""
    line, column, token = found["line"], found["column"], found["token"]
    at, at_sv = (f"`{token}`", f"`{token}`") if token else ("the end", "slutet")
    en = " ".join([f"Line {line}, column {column}, at {at}.", *(hint["en"] for hint in found["hints"])])
    sv = " ".join([f"Rad {line}, kolumn {column}, vid {at_sv}.", *(hint["sv"] for hint in found["hints"])])
    return Problem("query-syntax", en, sv, members={**found, "parser": str(error)})


def is_empty(body: bytes, form: Format) -> bool:
    """Whether a complete SELECT result in this format has no row."""
    if form is JSON:
        return not json.loads(body)["results"]["bindings"]
    if form is XML:
        return b"<result>" not in body and b"<result/>" not in body
    return body.count(b"\n") <= 1


def explained(service: Service, question: Question, body: bytes) -> dict[str, Any] | None:
    """The explanation of a result, when that is empty."""
    return explain(service, question) if is_empty(body, question.format) else None


def explain(service: Service, question: Question) -> dict[str, Any]:
    """Why a query has no row: `culprit` (or None), `unknown` terms, and both in words (`sv`, `en`).

    Takes at most BUDGET seconds of those that the question has; what was not found by then is left out.
    """
    ends = time.monotonic() + min(BUDGET, question.timeout)
    graphs = {"default_graphs": list(question.default_graphs), "named_graphs": list(question.named_graphs)}
    unknown = _run(service, "server.query.help.empty:unknown_job", {"text": question.text}, ends - time.monotonic())
    arguments = {"text": question.text, **graphs}
    found = _run(service, "server.query.help.empty:explain_job", arguments, ends - time.monotonic())
    return in_words(unknown or [], found)


def rows_left(service: Service, question: Question) -> dict[int, int]:
    """How many rows of an empty query are left after the parts before the one that takes the last, by line.

    Counted up to `MOST_LEFT` of server/query/help/empty.py; one more says that there are more. Of several parts on a
    line the last counts.
    """
    graphs = {"default_graphs": list(question.default_graphs), "named_graphs": list(question.named_graphs)}
    arguments = {"text": question.text, **graphs}
    found = _run(service, "server.query.help.empty:left_job", arguments, min(BUDGET, question.timeout))
    return {one["line"]: one["rows"] for one in found or []}


def nearest_things(service: Service, iri: str) -> list[str]:
    """The things of the release whose IRIs are most like one that it does not have; none when that takes too long."""
    return _run(service, "server.query.help.vocabulary:nearest_job", {"iri": iri, "role": "things"}, BUDGET) or []


def _run(service: Service, function: str, arguments: dict[str, Any], seconds: float) -> Any:
    """What a job gives; None when it did not come to an end, for whatever reason but that the client has left."""
    if seconds <= 0:
        return None
    try:
        return service.engine.run(Job(function, arguments, seconds, CALLER.get()))
    except Left:
        raise
    except EngineError:
        return None


def in_words(unknown: list[dict[str, Any]], found: dict[str, Any] | None) -> dict[str, Any]:
    """The explanation from what was found; `found` is None when the search did not end."""
    culprit, hints = (found["culprit"], found["hints"]) if found else (None, [])
    if culprit:
        kind_sv, kind_en = _KINDS[culprit["kind"]]
        sv = [f"Inga rader finns kvar efter {kind_sv} på rad {culprit['line']}: {culprit['text']}"]
        en = [f"No row is left after {kind_en} on line {culprit['line']}: {culprit['text']}"]
    elif found is None:
        sv, en = ["Tiden räckte inte för att söka orsaken."], ["The time did not suffice to search for the cause."]
    else:
        sv, en = ["Ingen enskild del kunde pekas ut."], ["No single part could be named."]
    both = [*hints, *unknown]
    return {
        "culprit": culprit,
        "unknown": [{"iri": hint["iri"], "nearest": hint["nearest"]} for hint in unknown if hint["iri"]],
        "sv": "\n".join([*sv, *(hint["sv"] for hint in both)]),
        "en": "\n".join([*en, *(hint["en"] for hint in both)]),
    }
