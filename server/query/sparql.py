"""/sparql: the SPARQL 1.1 Protocol for queries, and the service description on a bare GET.

One way: parse the request, permit the query, negotiate the format, ask the engine, describe the answer. Only *ask*
waits.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

from flask import Blueprint, Response

from server.engine.interface import EngineError, QuerySyntax
from server.query.answering import Question
from server.query.browser_pages import pages
from server.query.description import description_response
from server.query.help.words import explained, syntax_problem
from server.query.permit import read_permitted
from server.query.protocol import Operation, read_operation
from server.query.text import QueryText
from server.service import Service, current_service
from server.web.cache import Stored
from server.web.media import CSV, HTML, JSON, OF_FORM
from server.web.negotiation import choose
from server.web.problem import Problem
from server.web.reply import BOM, Reply, begin, begun_reply, unmodified_reply, whole_reply
from server.web.request import Asked, read_request
from server.web.validity import Validity, validity

blueprint = Blueprint("sparql", __name__)
_HEADER_BYTES = 6000
_log = logging.getLogger("registergraf")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A query that may be asked: as it came, as it was read, as the engine is asked, and how long its answer holds."""

    operation: Operation
    text: QueryText
    question: Question
    valid: Validity


@blueprint.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
def sparql() -> Response:
    """One query operation, or what a bare GET asks for: the service description, or the form for a browser."""
    service, asked = current_service(), read_request()
    operation = read_operation(asked, service.settings)
    if operation is None:
        return description_response(service)
    inquiry = read_inquiry(service, asked, operation)
    if (unchanged := unmodified_reply(service, inquiry.valid, asked.if_none_match)) is not None:
        return unchanged.response()
    try:
        if inquiry.question.format is HTML:
            return pages().answer(service, inquiry.question, inquiry.valid, operation.explain_empty)
        return answer(service, inquiry, asked.accept_encoding).response()
    except QuerySyntax as error:
        raise syntax_problem(service, inquiry.question, error) from error


def read_inquiry(service: Service, asked: Asked, operation: Operation) -> Inquiry:
    """Permit and negotiate. Problem when the query would write or reach the network, or no format is accepted."""
    text, form = read_permitted(service, operation.query, operation.timeout)
    chosen = choose(asked.accept, (*OF_FORM[form], HTML), wanted=operation.format)
    question = Question(
        operation.query, form, chosen, operation.timeout, operation.default_graphs, operation.named_graphs, text
    )
    parts = [operation.query, chosen.name, str(operation.bom and chosen is CSV), str(operation.explain_empty)]
    parts += ["default", *operation.default_graphs, "named", *operation.named_graphs]
    page = chosen is HTML
    valid = validity(
        service,
        *(*parts, "lang", asked.language()) if page else parts,
        vary=("Accept-Language",) if page else (),
        text=operation.query,
        repeatable=text.repeatable,
    )
    return Inquiry(operation, text, question, valid)


def answer(service: Service, inquiry: Inquiry, accept_encoding: str) -> Reply:
    """The reply to a query that is not a page's: from the kept answers, or from the engine."""
    question, valid = inquiry.question, inquiry.valid
    content_type = question.format.content_type
    kept = service.cache.peek((valid.etag,)) if valid.etag else None
    if kept is not None:
        return whole_reply(service, kept.body, content_type, valid, accept_encoding)
    generation, begun_at = service.cache.generation, time.monotonic()
    begun = begin(service.answering.ask(question).chunks)
    if inquiry.operation.explain_empty and question.form == "SELECT" and begun.complete:
        left = question.timeout - (time.monotonic() - begun_at)
        if (explanation := explained(service, replace(question, timeout=left), begun.head)) is not None:
            return _with_explanation(service, inquiry, begun.head, explanation, accept_encoding)
    if inquiry.operation.bom and question.format is CSV:
        begun = replace(begun, head=BOM + begun.head)
    if begun.complete and valid.etag:
        service.cache.put((valid.etag,), Stored((), (), begun.head, valid.etag, ""), generation)
    return begun_reply(service, begun, content_type, valid, accept_encoding)


def _with_explanation(
    service: Service, inquiry: Inquiry, body: bytes, explanation: dict[str, object], accept_encoding: str
) -> Reply:
    """The empty result with its explanation: in a header (JSON in ASCII), and in a JSON result also as a member."""
    chosen = inquiry.question.format
    if chosen is JSON:
        body = json.dumps({**json.loads(body), "explanation": explanation}, ensure_ascii=False).encode("utf-8")
    reply = whole_reply(service, body, chosen.content_type, inquiry.valid, accept_encoding)
    reply.headers.append(("Registergraf-Explanation", _in_a_header(explanation)))
    return reply


def _in_a_header(explanation: dict[str, object]) -> str:
    """The explanation as JSON that a header can hold: without its texts when it is long, then without the rest."""
    shorter = {**explanation, "culprit": None, "sv": "Se hela svaret som JSON.", "en": "See the whole answer as JSON."}
    forms = (explanation, shorter, {**shorter, "unknown": []})
    return next(text for text in map(json.dumps, forms) if len(text) <= _HEADER_BYTES)


def warm(service: Service, queries: list[str], stopped: Callable[[], bool]) -> int:
    """Ask these queries and keep their answers, as JSON and as CSV, until it is `stopped`; how many were kept."""
    kept = 0
    for query, name in product(queries, ("json", "csv")):
        if stopped():
            break
        operation = Operation(query, service.settings.timeout, format=name)
        try:
            reply = answer(service, read_inquiry(service, Asked("GET", ""), operation), "")
        except (EngineError, Problem) as error:
            if not stopped():
                _log.warning("a shipped question is not answered ahead: %s", error)
            continue
        if isinstance(reply.body, bytes):
            kept += 1
        else:
            reply.body.close()
    return kept
