"""/sparql: the SPARQL 1.1 Protocol for queries, and the service description on a bare GET."""

from __future__ import annotations

import json
import time

from flask import Blueprint, Response, request

from server.engine.interface import QuerySyntax
from server.pages import plain as pages
from server.query import federation
from server.query.answering import Question
from server.query.description import description_response
from server.query.empty_help import explain, is_empty
from server.query.inquiry import Inquiry, read_inquiry
from server.query.protocol import Operation, RawRequest
from server.query.service_policy import service_calls
from server.query.syntax_help import syntax_problem
from server.query.vocabulary import known_prefixes
from server.service import Site, current_site
from server.web.incoming import FAILED
from server.web.language import language
from server.web.media import HTML, JSON
from server.web.problem import Problem
from server.web.reply import not_modified, streamed, whole
from server.web.stream import begin
from server.web.validity import Validity

blueprint = Blueprint("sparql", __name__)
_HEADER_BYTES = 6000


@blueprint.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
def sparql() -> Response:
    """One query operation, or what a bare GET asks for: the service description, or the form for a browser."""
    site = current_site()
    accept = request.headers.get("Accept", "")
    inquiry = read_inquiry(site, raw_request(), accept=accept, language=language)
    return description_response(site) if inquiry is None else answer(site, inquiry)


def raw_request() -> RawRequest:
    """The current request as the protocol reads it; raw bytes in the query string must be UTF-8."""
    try:
        query_string = request.environ.get("QUERY_STRING", "").encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("bad-request", "The query string is not UTF-8.", "Frågesträngen är inte UTF-8.") from error
    body = request.get_data() if request.method == "POST" else b""
    return RawRequest(request.method, query_string, request.headers.get("Content-Type", ""), body)


def answer(site: Site, inquiry: Inquiry) -> Response:
    """The client's own copy when it still holds; only then is the engine asked."""
    operation, valid, chosen = inquiry.operation, inquiry.validity, inquiry.format
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    try:
        if (failed := request.environ.get(FAILED)) is not None:
            raise failed
        question = inquiry.question(*_federated(site, operation))
        if chosen is HTML:
            return pages.result_page(site, question, valid, explained=operation.explain_empty)
        begun = begin(site.answering.ask(question).chunks)
    except QuerySyntax as error:
        raise syntax_problem(operation.query, error, known_prefixes(site)) from error
    if operation.explain_empty and inquiry.form == "SELECT" and begun.complete and is_empty(begun.head, chosen):
        return _explained(site, question, begun.head, valid)
    return streamed(begun, chosen.content_type, valid, prefix=inquiry.prefix)


def _federated(site: Site, operation: Operation) -> tuple[str, float]:
    """The query with its SERVICE clauses resolved, and the seconds that are left for it."""
    if not site.settings.service_allow or not service_calls(operation.query):
        return operation.query, operation.timeout
    begun = time.monotonic()
    query = federation.resolve(operation.query, site.settings, operation.timeout)
    return query, max(operation.timeout - (time.monotonic() - begun), 0.001)


def _explained(site: Site, question: Question, body: bytes, valid: Validity) -> Response:
    """The empty result with its explanation: in a header (JSON in ASCII), and in a JSON result also as a member."""
    explanation = explain(site, question)
    if question.format is JSON:
        body = json.dumps({**json.loads(body), "explanation": explanation}, ensure_ascii=False).encode("utf-8")
    response = whole(body, question.format.content_type, valid)
    response.headers["Registergraf-Explanation"] = _in_a_header(explanation)
    return response


def _in_a_header(explanation: dict[str, object]) -> str:
    """The explanation as JSON that a header can hold: without its texts when it is long, then without the rest."""
    shorter = {**explanation, "culprit": None, "sv": "Se hela svaret som JSON.", "en": "See the whole answer as JSON."}
    forms = (explanation, shorter, {**shorter, "unknown": []})
    return next(text for text in map(json.dumps, forms) if len(text) <= _HEADER_BYTES)
