"""The SPARQL 1.1 Service Description: only statements that a request to this server proves."""

from __future__ import annotations

from flask import Response, request
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, VOID

from server.query.browser_pages import pages
from server.query.counts import counts
from server.service import Service
from server.web.addresses import host
from server.web.media import GRAPH, HTML, JSONLD, NTRIPLES, RDFXML, ROWS, TURTLE, Format
from server.web.negotiation import choose
from server.web.reply import not_modified, whole
from server.web.validity import validity

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_SERIALIZERS = {TURTLE: "turtle", NTRIPLES: "nt", RDFXML: "xml", JSONLD: "json-ld"}


def description_response(service: Service) -> Response:
    """The answer to a bare GET of /sparql: the description in one of four RDF formats, the query form for a browser."""
    wanted = request.args.get("format", "")
    chosen = choose(request.headers.get("Accept", ""), (*GRAPH, HTML), wanted=wanted)
    if chosen is HTML:
        return pages().form(service)
    valid = validity(service, "description", host(service), chosen.name)
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    return whole(serialize(describe(service, host(service)), chosen), chosen.content_type, valid)


def describe(service: Service, base: str) -> Graph:
    """The description of the endpoint at `base`/sparql and of the dataset of its release."""
    graph = Graph(bind_namespaces="none")
    graph.bind("sd", SD)
    graph.bind("void", VOID)
    endpoint = URIRef(base + "/sparql")
    graph.add((endpoint, RDF.type, SD.Service))
    graph.add((endpoint, SD.endpoint, endpoint))
    graph.add((endpoint, SD.supportedLanguage, SD.SPARQL11Query))
    graph.add((endpoint, SD.feature, SD.UnionDefaultGraph))
    for offer in (*ROWS, *GRAPH):
        graph.add((endpoint, SD.resultFormat, URIRef(offer.iri)))
    _add_dataset(graph, endpoint, service)
    return graph


def _add_dataset(graph: Graph, endpoint: URIRef, service: Service) -> None:
    dataset, default = URIRef(endpoint + "#dataset"), URIRef(endpoint + "#default-graph")
    graph.add((endpoint, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    graph.add((default, VOID.triples, Literal(counts(service)["triples"])))
    for number, (name, count) in enumerate(sorted(service.graphs.items()), start=1):
        named, content = URIRef(f"{endpoint}#graph-{number}"), URIRef(f"{endpoint}#graph-{number}-content")
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, URIRef(name)))
        graph.add((named, SD.graph, content))
        graph.add((content, RDF.type, SD.Graph))
        graph.add((content, VOID.triples, Literal(count)))


def serialize(graph: Graph, chosen: Format) -> bytes:
    """A small graph in one of the four formats, the same bytes each time."""
    if chosen is NTRIPLES:
        return "".join(sorted(graph.serialize(format="nt").splitlines(keepends=True))).encode("utf-8")
    return graph.serialize(format=_SERIALIZERS[chosen], encoding="utf-8")
