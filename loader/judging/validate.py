"""SHACL with pySHACL: all of a build; of a submission the nodes that may not conform, with what they lead to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import pyshacl
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import RDF, BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.namespace import SH as SHACL_TERMS
from rdflib.term import Node

from loader.errors import OntologyError
from loader.judging.results import Result
from loader.judging.screen import Facts, Screen, Suspects, Told, as_node, looks_back, nothing
from loader.judging.shapes import SH, flatten, untargeted
from loader.model.findings import Message, Severity
from loader.model.iris import PREFIXES

_AT_ONCE = 1_000  # nodes that pySHACL is asked of at a time
_STRING = PREFIXES["xsd"] + "string"


@dataclass(frozen=True, slots=True)
class Raw:
    """One sh:ValidationResult, as texts: `shape` is the IRI of the source shape."""

    focus: str
    path: str | None
    value: str | None
    shape: str
    severity: str
    text: str


def to_rdflib(triples: Iterable[Triple | Quad]) -> Graph:
    """The triples in rdflib's memory store.

    Plain strings stay plain literals, so that rdflib finds them equal.
    """
    graph = Graph()
    known: dict[object, Node] = {}
    for triple in triples:
        nodes = (triple.subject, triple.predicate, triple.object)
        first, second, third = (known.get(node) or known.setdefault(node, _node(node)) for node in nodes)
        graph.add((first, second, third))
    return graph


def prepare(shapes: Graph) -> Graph:
    """The shapes flattened; a term that SHACL 1.0 does not know is an OntologyError."""
    _refuse_unknown_terms(shapes)
    return flatten(shapes)


def validate(data: Iterable[Triple | Quad], shapes: Graph) -> list[Result]:
    """What pySHACL finds in all of the data, sorted; a term that SHACL 1.0 does not know is an OntologyError."""
    flat = prepare(shapes)
    return _results(_run(to_rdflib(data), flat), flat)


def validate_subjects(facts: Facts, subjects: Collection[str], flat: Graph, told: Told = nothing) -> list[Result]:
    """What the flattened shapes find on the subjects; other facts are context. For checks that somebody waits for.

    Nodes that surely conform, and properties of which all is told, are passed over; pySHACL judges the others, with
    all that they lead to, so many at a time that its graphs stay small.
    """
    suspects = Screen(facts, flat).suspects(subjects, told)
    found = {raw for some in _parts(suspects, flat) for raw in _found(facts, some, flat)}
    return _results(found, flat)


def _results(found: Iterable[Raw], flat: Graph) -> list[Result]:
    return [_result(item, flat) for item in sorted(set(found), key=repr)]


def _parts(suspects: Suspects, flat: Graph) -> Iterator[Suspects]:
    """The suspects, at most _AT_ONCE nodes at a time; all at once where a shape reads all of the data."""
    wanted = sorted({subject for found in suspects.values() for subject in found})
    size = max(1, len(wanted)) if looks_back(flat, suspects) else _AT_ONCE
    for start in range(0, len(wanted), size):
        some = frozenset(wanted[start : start + size])
        yield {shape: found & some for shape, found in suspects.items() if found & some}


def _found(facts: Facts, suspects: Suspects, flat: Graph) -> list[Raw]:
    wanted = {subject for found in suspects.values() for subject in found}
    near = facts.values if looks_back(flat, suspects) else facts.around(wanted)
    aimed = untargeted(flat)
    for shape, nodes in suspects.items():
        for node in nodes:
            aimed.add((shape, SH.targetNode, _node(as_node(node))))
    return _run(to_rdflib(facts.about(near)), aimed)


def _run(data: Graph, shapes: Graph) -> list[Raw]:
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, advanced=False, js=False)
    if not isinstance(report, Graph):
        raise OntologyError(f"pySHACL cannot use the shapes: {report}")
    return list(_read_report(report))


def _read_report(report: Graph) -> Iterator[Raw]:
    for result in report.objects(None, SH.result):  # not the causes within a result, in sh:detail
        shape = report.value(result, SH.sourceShape)
        component = report.value(result, SH.sourceConstraintComponent)
        value = report.value(result, SH.value)
        yield Raw(
            focus=str(report.value(result, SH.focusNode)),
            path=_first_step(report, report.value(result, SH.resultPath)),
            value=None if value is None else str(value),
            shape=str(shape) if isinstance(shape, URIRef) else str(component),
            severity=str(report.value(result, SH.resultSeverity)).rpartition("#")[2],
            text=str(report.value(result, SH.resultMessage) or ""),
        )


def _first_step(report: Graph, path: Node | None) -> str | None:
    """The first predicate of a path; None for an inverse one, whose statements have another subject."""
    if path is None or isinstance(path, URIRef):
        return None if path is None else str(path)
    inner = report.value(path, SH.alternativePath) or report.value(path, RDF.first)
    if inner is None:
        repeated = (SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)
        inner = next((step for predicate in repeated for step in report.objects(path, predicate)), None)
    return _first_step(report, inner)


def _result(raw: Raw, shapes: Graph) -> Result:
    texts = {
        text.language: str(text)
        for text in shapes.objects(URIRef(raw.shape), SH.message)
        if isinstance(text, RdflibLiteral)
    }
    return Result(
        rule=raw.shape.rpartition("#")[2],
        severity=Severity(raw.severity),
        message=Message(sv=texts.get("sv", raw.text), en=texts.get("en", raw.text)),
        focus=raw.focus,
        path=raw.path,
        value=raw.value,
    )


def _refuse_unknown_terms(shapes: Graph) -> None:
    used = {node for triple in shapes for node in triple if isinstance(node, URIRef) and node.startswith(str(SH))}
    unknown = sorted(str(node) for node in used if node not in SHACL_TERMS)
    if unknown:
        raise OntologyError(f"The shapes use {unknown[0]}, which SHACL does not know; engines would ignore it.")


def _node(node: object) -> Node:
    if isinstance(node, BlankNode):
        return BNode(node.value)
    if isinstance(node, NamedNode):
        return URIRef(node.value)
    if not isinstance(node, Literal):
        raise TypeError(f"{node} has no place in the graph")
    if node.language is not None:
        return RdflibLiteral(node.value, lang=node.language)
    if node.datatype.value == _STRING:
        return RdflibLiteral(node.value)
    return RdflibLiteral(node.value, datatype=URIRef(node.datatype.value))
