"""rdfs:label and rdfs:comment of the ontology's terms, made from their preferred labels and definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad

from loader.model import iris

_FROM = {
    iris.PREFIXES["skos"] + "prefLabel": NamedNode(iris.PREFIXES["rdfs"] + "label"),
    iris.PREFIXES["skos"] + "definition": NamedNode(iris.PREFIXES["rdfs"] + "comment"),
    iris.PREFIXES["dcterms"] + "title": NamedNode(iris.PREFIXES["rdfs"] + "label"),
    iris.PREFIXES["dcterms"] + "description": NamedNode(iris.PREFIXES["rdfs"] + "comment"),
}


def generated_labels(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The labels and comments for tools that know no SKOS, each in the graph of its term."""
    for quad in quads:
        predicate = _FROM.get(quad.predicate.value)
        if predicate is not None:
            yield Quad(quad.subject, predicate, quad.object, quad.graph_name)
