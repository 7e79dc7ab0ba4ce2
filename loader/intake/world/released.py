"""The statements of a release, with what takes long to read of them read once for all that asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from sys import intern

from pyoxigraph import Literal, NamedNode, Quad, Triple

from loader.model import iris

_NOT_DATA = frozenset((iris.SHAPES, iris.RULES, iris.QUESTIONS))
_TERM_GRAPHS = (iris.graph("ontology/"), iris.graph("scheme/"))


@dataclass(frozen=True, slots=True)
class Released:
    """Quads with the names of their graphs and predicates beside them: what takes long to read is read once."""

    quads: tuple[Quad, ...]
    graphs: Sequence[str]
    predicates: Sequence[str]

    def data(self) -> tuple[Quad, ...]:
        """All but shapes, rules and questions."""
        return tuple(quad for quad, graph in zip(self.quads, self.graphs, strict=True) if graph not in _NOT_DATA)

    def terms(self) -> tuple[Quad, ...]:
        """Those of the ontology and the schemes."""
        pairs = zip(self.quads, self.graphs, strict=True)
        return tuple(quad for quad, graph in pairs if graph.startswith(_TERM_GRAPHS))

    def schemes(self) -> list[Quad]:
        """Those of the schemes."""
        pairs = zip(self.quads, self.graphs, strict=True)
        return [quad for quad, graph in pairs if graph.startswith(_TERM_GRAPHS[1])]

    def shapes(self) -> list[Quad]:
        """Those of the shapes."""
        return [quad for quad, graph in zip(self.quads, self.graphs, strict=True) if graph == iris.SHAPES]

    def described(self) -> dict[str, tuple[Triple, ...]]:
        """What is stated of each thing, nothing inferred."""
        left_out = {*_NOT_DATA, iris.INFERRED}
        found: dict[str, list[Triple]] = defaultdict(list)
        for quad, graph in zip(self.quads, self.graphs, strict=True):
            if graph not in left_out and isinstance(subject := quad.subject, NamedNode):
                found[subject.value].append(quad.triple)
        return {subject: tuple(triples) for subject, triples in found.items()}

    def values(self, predicate: str) -> dict[str, frozenset[str]]:
        """The values of a property by subject, inferred ones included."""
        found: dict[str, set[str]] = defaultdict(set)
        for quad, name in zip(self.quads, self.predicates, strict=True):
            if name == predicate and isinstance(quad.subject, NamedNode):
                value = quad.object
                found[quad.subject.value].add(value.value if isinstance(value, Literal | NamedNode) else "")
        return {subject: frozenset(values) for subject, values in found.items()}

    def inferred_only(self) -> frozenset[str]:
        """The properties that no graph but that of the rules states."""
        used = set(zip(self.graphs, self.predicates, strict=True))
        stated = {name for graph, name in used if graph != iris.INFERRED}
        return frozenset(name for graph, name in used if graph == iris.INFERRED) - stated


def released(quads: tuple[Quad, ...]) -> Released:
    """The statements of a release, read once."""
    graphs = [intern(name.value) if isinstance(name := quad.graph_name, NamedNode) else "" for quad in quads]
    return Released(quads, graphs, [intern(quad.predicate.value) for quad in quads])
