"""The SPARQL 1.1 Graph Store HTTP Protocol, for reading: graphs by their address, or by name at /rdf-graph-store."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Blueprint, Response, request

from server.query.answering import Question
from server.query.browser_pages import pages
from server.query.permit import read_only
from server.query.protocol import check_iri
from server.service import BASE, Service, current_service
from server.web.media import GRAPH, HTML
from server.web.negotiation import choose
from server.web.problem import Problem
from server.web.reply import begin, begun_reply, not_modified
from server.web.validity import validity

blueprint = Blueprint("graph_store", __name__)
_READ = ("GET", "HEAD")
_METHODS = [*_READ, "PUT", "POST", "DELETE", "PATCH"]


@blueprint.route("/graph/<path:name>", methods=_METHODS)
def direct(name: str) -> Response:
    """Direct identification: /graph/<name> is the graph https://w3id.org/registergraf/graph/<name>; a browser gets a
    page about it.
    """
    service, iri = current_service(), f"{BASE}graph/{name}"
    wanted = request.args.get("format", "")
    offers = (*GRAPH, HTML)
    readable = request.method in _READ and iri in service.graphs
    if readable and choose(request.headers.get("Accept", ""), offers, wanted=wanted) is HTML:
        return pages().graph(service, iri)
    return _serve(iri)


@blueprint.route("/rdf-graph-store", methods=_METHODS, strict_slashes=False)
def indirect() -> Response:
    """Indirect identification: `?graph=<IRI>`, or `?default` for the union of all graphs."""
    _refuse_writes()
    fields = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
    names = [value for name, value in fields if name == "graph"]
    default = [value for name, value in fields if name == "default"]
    if len(names) + len(default) != 1 or any(default):
        raise Problem(
            "bad-request",
            "Name one graph: ?graph=<its IRI>, or ?default without a value.",
            "Ange en graf: ?graph=<grafens IRI>, eller ?default utan värde.",
        )
    return _serve(check_iri(names[0], "graph") if names else "")


def _serve(iri: str) -> Response:
    """One graph of the release, or the default graph when `iri` is empty."""
    _refuse_writes()
    service = current_service()
    if iri and iri not in service.graphs:
        raise Problem("not-found", f"The release has no graph <{iri}>.", f"Versionen har ingen graf <{iri}>.")
    return graph_response(service, _query(iri), "graph", iri)


def graph_response(service: Service, query: str, *parts: str) -> Response:
    """The answer to a CONSTRUCT of the server's own, in the RDF format that the client prefers."""
    chosen = choose(request.headers.get("Accept", ""), GRAPH, wanted=request.args.get("format", ""))
    valid = validity(service, *parts, chosen.name)
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    answer = service.answering.ask(Question(query, "CONSTRUCT", chosen, service.settings.timeout_cap))
    coding = request.headers.get("Accept-Encoding", "")
    return begun_reply(service, begin(answer.chunks), chosen.content_type, valid, coding).response()


def _query(iri: str) -> str:
    pattern = f"GRAPH <{iri}> {{ ?s ?p ?o }}" if iri else "?s ?p ?o"
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"


def _refuse_writes() -> None:
    if request.method not in _READ:
        raise read_only(current_service().settings, f"a {request.method} of a graph", f"{request.method} av en graf")
