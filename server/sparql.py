"""/sparql: the SPARQL 1.1 Protocol for queries, and the service description on a bare GET."""

from __future__ import annotations

import json
import time

from flask import Blueprint, Response, request

from server import explain_empty, federation, pages
from server.answering import Question
from server.description import description_response
from server.engine.interface import QuerySyntax
from server.language import language
from server.media import CSV, HTML, JSON, OF_FORM, Format
from server.mend import syntax_problem
from server.negotiation import choose
from server.problem import Problem
from server.protocol import Operation, RawRequest, read_only, read_operation
from server.query_text import QUERY_FORMS, QueryText, read_query
from server.reply import Validity, not_modified, streamed, validity, whole
from server.service_policy import check_services, service_calls
from server.site import Site, current_site
from server.stream import BOM, begin
from server.vocabulary import known_prefixes

blueprint = Blueprint("sparql", __name__)
_HEADER_BYTES = 6000


@blueprint.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
def sparql() -> Response:
    """One query operation, or what a bare GET asks for: the service description, or the form for a browser."""
    site = current_site()
    operation = read_operation(raw_request(), site.settings)
    if operation is None:
        return description_response(site)
    return answer(site, operation)


def raw_request() -> RawRequest:
    """The current request as the protocol reads it; raw bytes in the query string must be UTF-8."""
    try:
        query_string = request.environ.get("QUERY_STRING", "").encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("bad-request", "The query string is not UTF-8.", "Frågesträngen är inte UTF-8.") from error
    body = request.get_data() if request.method == "POST" else b""
    return RawRequest(request.method, query_string, request.headers.get("Content-Type", ""), body)


def answer(site: Site, operation: Operation) -> Response:
    """Permit, negotiate, validate the client's copy, and only then ask the engine."""
    text = read_query(operation.query)
    form = permitted_form(site, operation.query, text)
    chosen = choose(request.headers.get("Accept", ""), (*OF_FORM[form], HTML), wanted=operation.format)
    valid = _validity(site, operation, text, chosen)
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    query, seconds = _federated(site, operation)
    question = Question(query, form, chosen, seconds, operation.default_graphs, operation.named_graphs)
    try:
        if chosen is HTML:
            return pages.result_page(site, question, valid, explained=operation.explain_empty)
        begun = begin(site.answering.ask(question).chunks)
    except QuerySyntax as error:
        raise syntax_problem(operation.query, error, known_prefixes(site)) from error
    if operation.explain_empty and form == "SELECT" and begun.complete and explain_empty.is_empty(begun.head, chosen):
        return _explained(site, question, begun.head, valid)
    return streamed(begun, chosen.content_type, valid, prefix=BOM if operation.bom and chosen is CSV else b"")


def _federated(site: Site, operation: Operation) -> tuple[str, float]:
    """The query with its SERVICE clauses resolved, and the seconds that are left for it."""
    if not site.settings.service_allow or not service_calls(operation.query):
        return operation.query, operation.timeout
    begun = time.monotonic()
    query = federation.resolve(operation.query, site.settings, operation.timeout)
    return query, max(operation.timeout - (time.monotonic() - begun), 0.001)


def _explained(site: Site, question: Question, body: bytes, valid: Validity) -> Response:
    """The empty result with its explanation: in a header (JSON in ASCII), and in a JSON result also as a member."""
    explanation = explain_empty.explain(site, question)
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


def permitted_form(site: Site, query: str, text: QueryText) -> str:
    """The query's form, once it is sure that the query neither writes nor reaches the network unasked.

    A text that begins like no query at all passes as a SELECT, so that the engine's parser can say what is wrong with
    it.
    """
    if text.form and text.form not in QUERY_FORMS:
        raise read_only(site.settings, f"an Update ({text.form})", f"en uppdatering ({text.form})")
    check_services(query, site.settings.service_allow)
    return text.form or "SELECT"


def _validity(site: Site, operation: Operation, text: QueryText, chosen: Format) -> Validity:
    parts = [operation.query, chosen.name, str(operation.bom and chosen is CSV), str(operation.explain_empty)]
    parts += ["default", *operation.default_graphs, "named", *operation.named_graphs]
    steady = text.repeatable and not service_calls(operation.query)
    if chosen is not HTML:
        return validity(site, *parts, text=operation.query, repeatable=steady)
    parts += ["lang", language()]
    return validity(site, *parts, vary=("Accept-Language",), text=operation.query, repeatable=steady)
