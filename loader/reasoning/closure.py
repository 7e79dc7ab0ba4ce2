"""The ontology closed under OWL 2 RL by owlrl, once: what follows about classes and properties, not about things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import owlrl
from pyoxigraph import Literal, NamedNode, Quad, Triple
from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

from loader.model import iris

_RDFS, _OWL = iris.PREFIXES["rdfs"], iris.PREFIXES["owl"]
AXIOMS = frozenset(
    {
        *(_RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")),
        *(_OWL + name for name in ("equivalentClass", "equivalentProperty", "inverseOf", "disjointWith")),
    }
)
_NOISE = (_OWL, iris.PREFIXES["rdf"], _RDFS, iris.PREFIXES["xsd"])


def ontology_closure(quads: Iterable[Quad]) -> tuple[Triple, ...]:
    """What owlrl adds to the ontology's own axioms, sorted; without reflexive statements and those about OWL itself."""
    graph = Graph()
    for quad in quads:
        if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode):
            graph.add((URIRef(quad.subject.value), URIRef(quad.predicate.value), URIRef(quad.object.value)))
        elif isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
            graph.add((URIRef(quad.subject.value), URIRef(quad.predicate.value), RdflibLiteral(quad.object.value)))
    before = {triple for triple in graph if str(triple[1]) in AXIOMS}
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    return tuple(sorted(_useful(graph, before), key=str))


def _useful(graph: Graph, before: set[tuple[Node, Node, Node]]) -> Iterator[Triple]:
    for triple in graph:
        subject, predicate, value = triple
        if str(predicate) not in AXIOMS or triple in before or subject == value:
            continue
        if isinstance(subject, URIRef) and isinstance(value, URIRef) and not _is_noise(subject, value):
            yield Triple(NamedNode(str(subject)), NamedNode(str(predicate)), NamedNode(str(value)))


def _is_noise(subject: URIRef, value: URIRef) -> bool:
    return str(subject).startswith((*_NOISE, iris.GENID)) or str(value).startswith((_OWL, iris.GENID))
