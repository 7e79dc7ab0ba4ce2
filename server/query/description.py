"""The SPARQL 1.1 Service Description: only statements that a request to this server proves."""

from __future__ import annotations

from flask import Response, request
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, VOID

from server.pages import plain as pages
from server.pages.counts import counts
from server.service import Site
from server.web.addresses import host
from server.web.media import GRAPH, HTML, JSONLD, NTRIPLES, RDFXML, ROWS, TURTLE, Format
from server.web.negotiation import choose
from server.web.reply import not_modified, whole
from server.web.validity import validity

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_SERIALIZERS = {TURTLE: "turtle", NTRIPLES: "nt", RDFXML: "xml", JSONLD: "json-ld"}


def description_response(site: Site) -> Response:
    """The answer to a bare GET of /sparql: the description in one of four RDF formats, the query form for a browser."""
    wanted = request.args.get("format", "")
    chosen = choose(request.headers.get("Accept", ""), (*GRAPH, HTML), wanted=wanted)
    if chosen is HTML:
        return pages.form_page(site)
    valid = validity(site, "description", host(site), chosen.name)
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    return whole(serialize(describe(site, host(site)), chosen), chosen.content_type, valid)


def describe(site: Site, base: str) -> Graph:
    """The description of the service at `base`/sparql and of the dataset of its release."""
    graph = Graph(bind_namespaces="none")
    graph.bind("sd", SD)
    graph.bind("void", VOID)
    service = URIRef(base + "/sparql")
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, service))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    graph.add((service, SD.feature, SD.UnionDefaultGraph))
    for offer in (*ROWS, *GRAPH):
        graph.add((service, SD.resultFormat, URIRef(offer.iri)))
    _add_dataset(graph, service, site)
    return graph


def _add_dataset(graph: Graph, service: URIRef, site: Site) -> None:
    dataset, default = URIRef(service + "#dataset"), URIRef(service + "#default-graph")
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    graph.add((default, VOID.triples, Literal(counts(site)["triples"])))
    for number, (name, count) in enumerate(sorted(site.graphs.items()), start=1):
        named, content = URIRef(f"{service}#graph-{number}"), URIRef(f"{service}#graph-{number}-content")
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
