"""The VoID description of the dataset, with class and property partitions, computed once per release by queries."""

from __future__ import annotations

import json
from hashlib import sha256

from flask import Blueprint, Response, request
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, VOID, XSD

from server.query.answering import Question
from server.query.description import serialize
from server.query.prefixes import PREFIXES
from server.service import Service, current_service
from server.web.addresses import host
from server.web.media import GRAPH, JSON
from server.web.negotiation import choose
from server.web.reply import not_modified, whole
from server.web.validity import validity

blueprint = Blueprint("void", __name__)
VOID_EXT = Namespace("http://ldf.fi/void-ext#")
Row = dict[str, str]

_TOTALS = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?distinctSubjects) (COUNT(DISTINCT ?p) AS ?properties)
(COUNT(DISTINCT ?o) AS ?distinctObjects) { ?s ?p ?o }"""
_CLASSES = (
    "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class FILTER(isIRI(?class)) } GROUP BY ?class ORDER BY ?class"
)
_PROPERTIES = "SELECT ?property (COUNT(*) AS ?n) { ?s ?property ?o } GROUP BY ?property ORDER BY ?property"
_CLASS_PROPERTIES = """SELECT ?class ?property (COUNT(*) AS ?n) { ?s a ?class ; ?property ?o FILTER(isIRI(?class)) }
GROUP BY ?class ?property ORDER BY ?class ?property"""
_OBJECT_CLASSES = """SELECT ?class ?property ?to (COUNT(*) AS ?n) { ?s a ?class ; ?property ?o . ?o a ?to
FILTER(isIRI(?class) && isIRI(?to)) } GROUP BY ?class ?property ?to ORDER BY ?class ?property ?to"""
_DATATYPES = """SELECT ?class ?property ?to (COUNT(*) AS ?n) { ?s a ?class ; ?property ?o
FILTER(isIRI(?class) && isLiteral(?o)) BIND(DATATYPE(?o) AS ?to) }
GROUP BY ?class ?property ?to ORDER BY ?class ?property ?to"""


@blueprint.get("/.well-known/void")
def void() -> Response:
    """The dataset's description in four RDF formats."""
    service = current_service()
    chosen = choose(request.headers.get("Accept", ""), GRAPH, wanted=request.args.get("format", ""))
    valid = validity(service, "void", host(service), chosen.name)
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    return whole(serialize(dataset_graph(service, host(service)), chosen), chosen.content_type, valid)


def dataset_graph(service: Service, base: str) -> Graph:
    """The description for the server at `base`; the release is asked once, whatever addresses clients call it by."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (("void", VOID), ("void-ext", VOID_EXT), ("dcterms", DCTERMS), ("xsd", XSD)):
        graph.bind(prefix, namespace)
    dataset = URIRef(base + "/.well-known/void#dataset")
    graph.add((dataset, RDF.type, VOID.Dataset))
    graph.add((dataset, DCTERMS.title, Literal("Registergraf", lang="sv")))
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(base + "/sparql")))
    graph.add((dataset, DCTERMS.hasVersion, Literal(service.engine.release)))
    for name, value in _rows(service, _TOTALS)[0].items():
        graph.add((dataset, VOID[name], Literal(int(value))))
    _add_partitions(graph, dataset, service)
    return graph


def _add_partitions(graph: Graph, dataset: URIRef, service: Service) -> None:
    classes = 0
    for row in _rows(service, _CLASSES):
        classes += 1
        part = _part(dataset, row["class"])
        graph.add((dataset, VOID.classPartition, part))
        graph.add((part, VOID["class"], URIRef(row["class"])))
        graph.add((part, VOID.entities, Literal(int(row["n"]))))
    graph.add((dataset, VOID.classes, Literal(classes)))
    for row in _rows(service, _PROPERTIES):
        _add_property(graph, dataset, dataset, row)
        _add_vocabulary(graph, dataset, row["property"])
    for row in _rows(service, _CLASS_PROPERTIES):
        _add_property(graph, _part(dataset, row["class"]), dataset, row)
    for row in _rows(service, _OBJECT_CLASSES):
        _add_target(graph, dataset, row, (VOID.classPartition, VOID["class"]))
    for row in _rows(service, _DATATYPES):
        _add_target(graph, dataset, row, (VOID_EXT.datatypePartition, VOID_EXT.datatype))


def _add_property(graph: Graph, owner: URIRef, dataset: URIRef, row: Row) -> None:
    part = _part(dataset, row.get("class", ""), row["property"])
    graph.add((owner, VOID.propertyPartition, part))
    graph.add((part, VOID.property, URIRef(row["property"])))
    graph.add((part, VOID.triples, Literal(int(row["n"]))))


def _add_target(graph: Graph, dataset: URIRef, row: Row, terms: tuple[URIRef, URIRef]) -> None:
    """What the objects of one property of one class are: a class or a datatype, and how many."""
    part = _part(dataset, row["class"], row["property"], row["to"])
    graph.add((_part(dataset, row["class"], row["property"]), terms[0], part))
    graph.add((part, terms[1], URIRef(row["to"])))
    graph.add((part, VOID.triples, Literal(int(row["n"]))))


def _add_vocabulary(graph: Graph, dataset: URIRef, iri: str) -> None:
    for namespace in PREFIXES.values():
        if iri.startswith(namespace):
            graph.add((dataset, VOID.vocabulary, URIRef(namespace)))


def _part(dataset: URIRef, *iris: str) -> URIRef:
    """The IRI of a partition, from what it is of."""
    return URIRef(f"{dataset}-{sha256(' '.join(iris).encode()).hexdigest()[:16]}")


def _rows(service: Service, query: str) -> list[Row]:
    def make() -> list[Row]:
        body = json.loads(service.answering.text(Question(query, "SELECT", JSON, service.settings.timeout_cap)))
        return [{name: cell["value"] for name, cell in row.items()} for row in body["results"]["bindings"]]

    return service.once(("void", query), make)
