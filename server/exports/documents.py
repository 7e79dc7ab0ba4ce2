"""An export as bytes: Turtle, RDF/XML or JSON-LD; the same statements in the same order, subject by subject."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import RdfFormat, parse, serialize
from rdflib import Graph

FORMATS: Mapping[str, RdfFormat] = {"ttl": RdfFormat.TURTLE, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}


def written(graph: Graph, form: str) -> bytes:
    """The statements in a form of FORMATS, with the graph's prefixes."""
    statements = parse(graph.serialize(format="nt", encoding="utf-8"), format=RdfFormat.N_TRIPLES)
    prefixes = {prefix: str(namespace) for prefix, namespace in graph.namespaces() if prefix}
    made = serialize(sorted((quad.triple for quad in statements), key=str), format=FORMATS[form], prefixes=prefixes)
    return made or b""
