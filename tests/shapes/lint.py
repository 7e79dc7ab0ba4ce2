"""What is wrong with the form of shapes: engines ignore a term that they do not know, so it is looked for here."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from tests.shapes.report import short

# The terms of SHACL Core that our shapes may use (Recommendation of 2017-07-20, sections 2 to 4).
_TERMS = """
NodeShape PropertyShape IRI BlankNode Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral Violation Warning
Info targetClass targetNode targetObjectsOf targetSubjectsOf property path alternativePath inversePath
zeroOrMorePath oneOrMorePath zeroOrOnePath name description message severity order group defaultValue
deactivated class datatype nodeKind minCount maxCount minInclusive maxInclusive minExclusive maxExclusive
minLength maxLength pattern flags languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and node
qualifiedValueShape qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint closed ignoredProperties
hasValue in
"""
TERMS = frozenset(SH[name] for name in _TERMS.split())
_SEVERITIES = frozenset({SH.Violation, SH.Warning, SH.Info})


def problems(shapes: Graph) -> list[str]:
    """Every breach of the form, sorted; nothing when all is well."""
    return sorted({*_terms(shapes), *_property_shapes(shapes), *_node_shapes(shapes), *_links(shapes)})


def _terms(shapes: Graph) -> Iterator[str]:
    for node in {node for triple in shapes for node in triple if isinstance(node, URIRef)}:
        if node.startswith(str(SH)) and node not in TERMS:
            yield f"{short(node)} is no term of SHACL Core, or one that our shapes avoid"


def _property_shapes(shapes: Graph) -> Iterator[str]:
    for shape in {*shapes.subjects(RDF.type, SH.PropertyShape), *shapes.subjects(SH.path)}:
        if isinstance(shape, BNode):
            yield f"a shape for the path {short(shapes.value(shape, SH.path))} has no IRI"
        if (shape, RDF.type, SH.PropertyShape) not in shapes or shapes.value(shape, SH.path) is None:
            yield f"{short(shape)} is no sh:PropertyShape with a path"
        yield from _texts(shapes, shape, SH.name)
        yield from _texts(shapes, shape, SH.message)
        yield from _severity(shapes, shape)
        orders = list(shapes.objects(shape, SH.order))
        if len(orders) != 1 or not isinstance(orders[0], Literal) or orders[0].datatype != XSD.integer:
            yield f"{short(shape)} has no sh:order"


def _node_shapes(shapes: Graph) -> Iterator[str]:
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        yield from _texts(shapes, shape, SH.name)
        if any(shapes.value(shape, name) is not None for name in (SH.pattern, SH.nodeKind, SH.languageIn)):
            yield from _texts(shapes, shape, SH.message)
            yield from _severity(shapes, shape)


def _links(shapes: Graph) -> Iterator[str]:
    used = set(shapes.objects(None, SH.property))
    there = set(shapes.subjects(RDF.type, SH.PropertyShape))
    yield from (f"{short(shape)} is used but not there" for shape in used - there)
    yield from (f"{short(shape)} is there but not used" for shape in there - used)
    for predicate in (SH.node, SH.qualifiedValueShape):
        for value in shapes.objects(None, predicate):
            if (value, RDF.type, SH.NodeShape) not in shapes:
                yield f"{short(value)} is used but not there"


def _texts(shapes: Graph, shape: Node, predicate: URIRef) -> Iterator[str]:
    languages = sorted(str(text.language) for text in shapes.objects(shape, predicate) if isinstance(text, Literal))
    if languages != ["en", "sv"]:
        yield f"{short(shape)} has {short(predicate)} in {languages}, not once in Swedish and once in English"


def _severity(shapes: Graph, shape: Node) -> Iterator[str]:
    found = set(shapes.objects(shape, SH.severity))
    if len(found) != 1 or not found <= _SEVERITIES:
        yield f"{short(shape)} has no severity of its own"
