"""A concept scheme, whole: as a graph with all its concepts, as a table, or as the page about it."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from server.pages.things.document import link_header
from server.pages.things.routes import described
from server.query.answering import Question
from server.query.graph_store import graph_response
from server.query.rows import select
from server.service import BASE, Service, current_service
from server.web.media import CSV, GRAPH, HTML
from server.web.negotiation import choose
from server.web.reply import not_modified, whole
from server.web.validity import validity

blueprint = Blueprint("schemes", __name__)
_TABLE = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?concept ?notation ?label_sv ?label_en ?definition_sv ?definition_en ?broader {{
  ?concept skos:inScheme <{iri}>
  OPTIONAL {{ ?concept skos:notation ?notation }}
  OPTIONAL {{ ?concept skos:prefLabel ?label_sv FILTER(lang(?label_sv) = "sv") }}
  OPTIONAL {{ ?concept skos:prefLabel ?label_en FILTER(lang(?label_en) = "en") }}
  OPTIONAL {{ ?concept skos:definition ?definition_sv FILTER(lang(?definition_sv) = "sv") }}
  OPTIONAL {{ ?concept skos:definition ?definition_en FILTER(lang(?definition_en) = "en") }}
  OPTIONAL {{ ?concept skos:broader ?broader }}
}} ORDER BY ?concept ?broader"""
_WHOLE = "{{ VALUES ?s {{ <{iri}> }} }} UNION {{ ?s <http://www.w3.org/2004/02/skos/core#inScheme> <{iri}> }} ?s ?p ?o"


@blueprint.get("/id/scheme/<name>")
def scheme(name: str) -> Response | AnyResponse:
    """The scheme in the wished form; one that is not there is told as any other thing is."""
    site, iri = current_service(), f"{BASE}id/scheme/{name}"
    offers = (*GRAPH, CSV, HTML)
    chosen = choose(request.headers.get("Accept", ""), offers, wanted=request.args.get("format", ""))
    if chosen is HTML or set(iri) & set('<>"{}|^`\\ ') or not _known(site, iri):
        return described(site, iri)
    response = _table(site, iri) if chosen is CSV else _graph(site, iri)
    response.headers["Link"] = link_header(site, iri)
    return response


def _known(site: Service, iri: str) -> bool:
    return bool(select(site, f"SELECT ?p {{ <{iri}> ?p ?o }} LIMIT 1", limit=1).rows)


def _graph(site: Service, iri: str) -> Response:
    pattern = _WHOLE.format(iri=iri)
    return graph_response(site, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", "scheme", iri)


def _table(site: Service, iri: str) -> Response:
    valid = validity(site, "scheme", iri, "csv")
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    body = site.answering.text(Question(_TABLE.format(iri=iri), "SELECT", CSV, site.settings.timeout_cap))
    return whole(body, CSV.content_type, valid)
