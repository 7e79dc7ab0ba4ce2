"""Contradictions between the ontology and what is stated, found by owlrl (OWL 2 RL).

Whether classes clash depends only on how a thing is used: its types, and the properties that it has and is the value
of. So one thing of each such use stands for all others, and owlrl, which is slow, closes a small graph.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import owlrl
from pyoxigraph import NamedNode, Quad
from rdflib import Graph, Namespace, URIRef
from rdflib import Literal as RdflibLiteral

from loader.model import iris

_TYPE = iris.PREFIXES["rdf"] + "type"
_ERROR = Namespace("http://www.daml.org/2002/03/agents/agent-ont#").error  # owlrl's own term for what it finds
_ONTOLOGICAL = tuple(iris.PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs"))
_Use = tuple[frozenset[str], frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What owlrl says, and a thing that it says it of (None when it is of terms alone)."""

    text: str
    focus: str | None


def contradictions(ontology: Iterable[Quad], stated: Iterable[Quad]) -> tuple[Contradiction, ...]:
    """What cannot be true together, sorted by text; empty when the ontology and the data agree."""
    sample = Sample(stated)
    graph = Graph("SimpleMemory")
    for quad in (*ontology, *sample.quads()):
        if isinstance(quad.subject, NamedNode) and _is_of_use(quad):
            graph.add((URIRef(quad.subject.value), URIRef(quad.predicate.value), _value(quad)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    texts = sorted({str(text) for text in graph.objects(None, _ERROR)})
    return tuple(Contradiction(text, sample.named_in(text)) for text in texts)


def _is_of_use(quad: Quad) -> bool:
    """Whether OWL can conclude anything from it: types, relations between things, and axioms."""
    return isinstance(quad.object, NamedNode) or quad.predicate.value.startswith(_ONTOLOGICAL)


def _value(quad: Quad) -> URIRef | RdflibLiteral:
    return URIRef(quad.object.value) if isinstance(quad.object, NamedNode) else RdflibLiteral(str(quad.object))


class Sample:
    """One thing of each use, with the relations of all things of that use."""

    def __init__(self, stated: Iterable[Quad]) -> None:
        """Read the statements whose object is a thing."""
        self._quads = [
            quad for quad in stated if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
        ]
        self._stands_for = _stand_ins(self._quads)

    def quads(self) -> Iterator[Quad]:
        """The statements, each thing replaced by the first of its use; each once."""
        seen: set[Quad] = set()
        for quad in self._quads:
            value = quad.object if quad.predicate.value == _TYPE else self._stand_in(quad.object)
            quad = Quad(self._stand_in(quad.subject), quad.predicate, value)
            if quad not in seen:
                seen.add(quad)
                yield quad

    def named_in(self, text: str) -> str | None:
        """The thing of the sample that a text names last: owlrl names the classes before the thing that is in both."""
        known = set(self._stands_for.values())
        return next((word for word in reversed(re.findall(r"[^\s<>()',]+", text)) if word in known), None)

    def _stand_in(self, node: object) -> NamedNode:
        if not isinstance(node, NamedNode):
            raise TypeError(f"{node} is no thing")
        return NamedNode(self._stands_for[node.value])


def _stand_ins(quads: Iterable[Quad]) -> dict[str, str]:
    """For each thing, the first in order of those that are used alike."""
    types: defaultdict[str, set[str]] = defaultdict(set)
    having: defaultdict[str, set[str]] = defaultdict(set)
    of: defaultdict[str, set[str]] = defaultdict(set)
    for quad in quads:
        subject, value = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
        if quad.predicate.value == _TYPE:
            types[subject].add(value)
        else:
            having[subject].add(quad.predicate.value)
            of[value].add(quad.predicate.value)
    first: dict[_Use, str] = {}
    names = sorted({*types, *having, *of})
    uses: dict[str, _Use] = {
        name: (frozenset(types[name]), frozenset(having[name]), frozenset(of[name])) for name in names
    }
    return {name: first.setdefault(use, name) for name, use in uses.items()}
