"""SHACL results as plain rows, and the shapes of one class turned upon one record."""

from __future__ import annotations

from dataclasses import dataclass

import pyshacl
from rdflib import RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from loader.model.iris import compact


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One result: all IRIs in short form; the path of an alternative is its members with `|` between them."""

    focus: str
    path: str
    shape: str
    component: str
    severity: str

    def __str__(self) -> str:
        return " ".join((self.focus, self.path, self.shape, self.component, self.severity))


def validate(data: Graph, shapes: Graph) -> list[Result]:
    """Every result of the reference engine, sorted; causes inside a result (sh:detail) are left out."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, advanced=False)
    assert isinstance(report, Graph)
    return sorted(_result(report, node) for node in report.objects(None, SH.result))


def _result(report: Graph, node: Node) -> Result:
    component = short(report.value(node, SH.sourceConstraintComponent))
    return Result(
        short(report.value(node, SH.focusNode)),
        path_text(report, report.value(node, SH.resultPath)),
        short(report.value(node, SH.sourceShape)),
        component.removeprefix("sh:").removesuffix("ConstraintComponent"),
        short(report.value(node, SH.resultSeverity)).removeprefix("sh:"),
    )


def short(node: Node | None) -> str:
    """An IRI in short form; `-` for nothing, `[]` for a blank node."""
    if node is None:
        return "-"
    return "[]" if isinstance(node, BNode) else compact(str(node))


def path_text(graph: Graph, path: Node | None) -> str:
    """A path in words: one property, or the members of an alternative."""
    members = path_members(graph, path)
    return "|".join(short(member) for member in members) if members else short(path)


def path_members(graph: Graph, path: Node | None) -> tuple[URIRef, ...]:
    """The properties that a path consists of: one, or those of an alternative."""
    if isinstance(path, URIRef):
        return (path,)
    items = graph.value(path, SH.alternativePath) if path is not None else None
    return () if items is None else tuple(item for item in Collection(graph, items) if isinstance(item, URIRef))


def retarget(shapes: Graph, node_shape: Node, focus: Node) -> Graph:
    """The node shape with all that it reaches, aimed at one record instead of at its class."""
    part = Graph()
    waiting: list[Node] = [node_shape]
    seen: set[Node] = set()
    while waiting:
        subject = waiting.pop()
        if subject in seen:
            continue
        seen.add(subject)
        for predicate, value in shapes.predicate_objects(subject):
            if predicate != SH.targetClass:
                part.add((subject, predicate, value))
                waiting.append(value)
    part.add((node_shape, SH.targetNode, focus))
    return part


def class_members(shapes: Graph, data: Graph, shape: Node) -> set[Node]:
    """The nodes of the data that a shape targets by their class, by subclasses in the data."""
    wide = [narrow for kind in shapes.objects(shape, SH.targetClass) for narrow in subclasses(data, kind)]
    return {node for kind in wide for node in data.subjects(RDF.type, kind)}


def subclasses(data: Graph, kind: Node) -> set[Node]:
    """A class and what the data say is a subclass of it."""
    return {node for node in data.transitive_subjects(RDFS.subClassOf, kind) if node is not None}
