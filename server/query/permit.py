"""A query's text, read, and what it must not be: an update, a call to another host, or more than the engine's parser is
to be given.

SERVICE is refused in whatever way an engine could read the text; the workers have no network besides. The bounds are
far below where Oxigraph 0.5.13 fails or takes minutes to plan, and far above any query that is written: with the stack
of a worker it dies at some thousand nested brackets, and its time grows with the square of the parts of a group.
"""

from __future__ import annotations

from server.engine.caller import CALLER
from server.engine.interface import Job
from server.engine.tokens import line_and_column
from server.query.text import QUERY_FORMS, Excess, QueryText, query_text_of, read_query
from server.service import Service
from server.settings import Settings
from server.web.problem import Problem

LONG = 4096  # characters of a text that is read here; a longer one is read in a worker, where that can be stopped

_EXCESS = {
    "depth": (
        "Brackets, `!` and `<<` may be nested {most} deep; this one is deeper.",
        "Parenteser, `!` och `<<` får stå {most} nivåer djupt i varandra; den här står djupare.",
    ),
    "parts": (
        "A query may have {most} parts (FILTER, UNION, OPTIONAL, BIND and the like); this is one more.",
        "En fråga får ha {most} delar (FILTER, UNION, OPTIONAL, BIND och liknande); det här är en till.",
    ),
    "items": (
        "A collection may have {most} items; this is one more. Use VALUES for a long list.",
        "En samling får ha {most} led; det här är ett till. Använd VALUES för en lång lista.",
    ),
}


def read_permitted(service: Service, text: str, timeout: float) -> tuple[QueryText, str]:
    """What can be told of a text within `timeout` seconds, and its form; EngineError, and Problem as permitted_form."""
    read = read_query(text) if len(text) <= LONG else _read_in_a_worker(service, text, timeout)
    return read, permitted_form(service.settings, read)


def _read_in_a_worker(service: Service, text: str, timeout: float) -> QueryText:
    return query_text_of(service.engine.run(Job("server.query.text:read_job", {"text": text}, timeout, CALLER.get())))


def permitted_form(settings: Settings, query: QueryText) -> str:
    """The query's form, once it is sure that the query may be asked; Problem read-only, service-refused, query-syntax.

    A text that begins like no query at all passes as a SELECT, so that the engine's parser can say what is wrong with
    it.
    """
    if query.form and query.form not in QUERY_FORMS:
        raise read_only(settings, f"an Update ({query.form})", f"en uppdatering ({query.form})")
    if query.excess is not None:
        raise _too_much(query.text, query.excess)
    if query.service >= 0:
        raise _service(query)
    return query.form or "SELECT"


def read_only(settings: Settings, en: str, sv: str) -> Problem:
    """403 for anything that would write, with where to hand data in instead."""
    where = settings.submission_url or f"{settings.public_url}/submissions"
    return Problem(
        "read-only",
        f"The request is {en}, but this service only answers queries over validated releases. Hand new or "
        f"corrected data in at {where}.",
        f"Begäran är {sv}, men tjänsten svarar bara på frågor mot granskade versioner. Lämna nya eller rättade "
        f"uppgifter på {where}.",
        members={"submit": where},
    )


def _too_much(text: str, excess: Excess) -> Problem:
    line, column = line_and_column(text, excess.place)
    token = text[excess.place : excess.place + 1]
    en, sv = (said.format(most=excess.most) for said in _EXCESS[excess.kind])
    return Problem(
        "query-syntax",
        f"Line {line}, column {column}, at `{token}`. {en}",
        f"Rad {line}, kolumn {column}, vid `{token}`. {sv}",
        members={"line": line, "column": column, "token": token, "most": excess.most},
    )


def _service(query: QueryText) -> Problem:
    line, column = line_and_column(query.text, query.service)
    return Problem(
        "service-refused",
        f"SERVICE at line {line}, column {column}: this server sends queries to no other host. Join from your side: "
        "docs/protocol.md shows how.",
        f"SERVICE på rad {line}, kolumn {column}: servern ställer inga frågor till andra. Slå ihop svaren hos dig: "
        "docs/protocol.md visar hur.",
        members={"line": line, "column": column},
    )
