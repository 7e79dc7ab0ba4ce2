"""Shapes prepared for pySHACL, which is slow on nested property shapes and wrong with `focus_nodes=`.

`flatten` gives property shapes the targets of the node shapes that use them and drops the link: each is then evaluated
once for all its focus nodes. `retarget` replaces targets by given focus nodes. Neither changes what is found: the
source shape of a result is the property shape itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import OWL, RDF, RDFS, Graph, Namespace, URIRef
from rdflib.term import Node

SH = Namespace("http://www.w3.org/ns/shacl#")
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_NESTING = (SH.node, SH.qualifiedValueShape, SH["not"])
_NESTING_LISTS = (SH["and"], SH["or"], SH.xone)


def flatten(shapes: Graph) -> Graph:
    """The same shapes with property shapes targeted directly, where their node shape is used by no other shape."""
    flat = Graph()
    for triple in shapes:
        flat.add(triple)
    nested = _nested(shapes)
    for parent, child in sorted(shapes.subject_objects(SH.property), key=str):
        targets = _targets(shapes, parent)
        if not targets or parent in nested or child in nested or _inactive(shapes, parent):
            continue
        for predicate, value in targets:
            flat.add((child, predicate, value))
        flat.add((child, RDF.type, SH.PropertyShape))
        flat.remove((parent, SH.property, child))
    return flat


def retarget(shapes: Graph, data: Graph, focus: Iterable[str]) -> Graph:
    """The same shapes with targets replaced by those of the given nodes that they target in the data."""
    wanted = {URIRef(node) for node in focus}
    aimed = Graph()
    for triple in shapes:
        if triple[1] not in TARGETS:
            aimed.add(triple)
    for shape in {subject for predicate in TARGETS for subject in shapes.subjects(predicate)}:
        for node in wanted & focus_nodes(shapes, data, shape):
            aimed.add((shape, SH.targetNode, node))
    return aimed


def focus_nodes(shapes: Graph, data: Graph, shape: Node) -> set[Node]:
    """The nodes of the data that a shape targets (SHACL 1.0, 2.1.3), by subclasses in the data."""
    found: set[Node] = set(shapes.objects(shape, SH.targetNode))
    for wide in shapes.objects(shape, SH.targetClass):
        for narrow in data.transitive_subjects(RDFS.subClassOf, wide):
            found |= set(data.subjects(RDF.type, narrow))
    for predicate in shapes.objects(shape, SH.targetSubjectsOf):
        found |= set(data.subjects(predicate))
    for predicate in shapes.objects(shape, SH.targetObjectsOf):
        found |= set(data.objects(None, predicate))
    return found


def targeted_shapes(shapes: Graph) -> tuple[URIRef, ...]:
    """The shapes with a target of their own, sorted."""
    found = {subject for predicate in TARGETS for subject in shapes.subjects(predicate)}
    return tuple(sorted((shape for shape in found if isinstance(shape, URIRef)), key=str))


def only(shapes: Graph, wanted: Iterable[URIRef]) -> Graph:
    """The same shapes, but only the wanted ones keep their targets."""
    keep = set(wanted)
    part = Graph()
    for triple in shapes:
        if triple[1] not in TARGETS or triple[0] in keep:
            part.add(triple)
    return part


def _targets(shapes: Graph, shape: Node) -> list[tuple[Node, Node]]:
    found: list[tuple[Node, Node]] = [
        (predicate, value) for predicate in TARGETS for value in shapes.objects(shape, predicate)
    ]
    if (shape, RDF.type, OWL.Class) in shapes or (shape, RDF.type, RDFS.Class) in shapes:
        found.append((SH.targetClass, shape))
    return found


def _nested(shapes: Graph) -> set[Node]:
    """Shapes that other shapes call by name: their property shapes must stay where they are."""
    found = {value for predicate in _NESTING for value in shapes.objects(None, predicate)}
    for predicate in _NESTING_LISTS:
        for head in shapes.objects(None, predicate):
            found |= set(shapes.items(head))
    return found


def _inactive(shapes: Graph, shape: Node) -> bool:
    return any(str(value) == "true" for value in shapes.objects(shape, SH.deactivated))
