"""Shapes prepared for pySHACL, which is slow on nested property shapes and wrong with `focus_nodes=`.

`flatten` gives property shapes the targets of the node shapes that use them and drops the link: each is then evaluated
once for all its focus nodes. `untargeted` takes all targets away, so that focus nodes can be named one by one. Neither
changes what is found: the source shape of a result is the property shape itself.
"""

from __future__ import annotations

from rdflib import OWL, RDF, RDFS, Graph, Namespace
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
    for shape in set(shapes.subjects()):
        for predicate, value in _targets(shapes, shape):
            flat.add((shape, predicate, value))
    for parent, child in sorted(shapes.subject_objects(SH.property), key=str):
        targets = _targets(shapes, parent)
        if not targets or parent in nested or child in nested or _inactive(shapes, parent):
            continue
        for predicate, value in targets:
            flat.add((child, predicate, value))
        flat.add((child, RDF.type, SH.PropertyShape))
        flat.remove((parent, SH.property, child))
    return flat


def targeted_shapes(shapes: Graph) -> tuple[Node, ...]:
    """The shapes with a target of their own, sorted."""
    return tuple(sorted({subject for predicate in TARGETS for subject in shapes.subjects(predicate)}, key=str))


def untargeted(shapes: Graph) -> Graph:
    """The same shapes without any target."""
    bare = Graph()
    for triple in shapes:
        if triple[1] not in TARGETS:
            bare.add(triple)
    return bare


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
