"""Which focus nodes surely conform to a shape, found out without pySHACL, so that pySHACL judges only the others.

A node is passed over only when every constraint of the shape is of a kind that is understood here and surely holds.
Anything else is a suspect: it goes to pySHACL, whose results are the only ones reported. So this can cost time, never
results; tests hold the results equal to pySHACL's over all nodes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import Graph, URIRef
from rdflib.term import Node

from loader.judging.constraints import CONSTRAINTS, SILENT, Test, Value, no_test
from loader.judging.shapes import SH, TARGETS, targeted_shapes
from loader.model import iris

_TYPE = iris.PREFIXES["rdf"] + "type"
_SUBCLASS = iris.PREFIXES["rdfs"] + "subClassOf"

Suspects = Mapping[Node, frozenset[str]]
Told = Callable[[str, str], bool]
"""Whether what a shape may find of a subject's property is known already, and not asked for."""


def nothing(subject: str, predicate: str) -> bool:
    """Nothing is known already."""
    return False


class Facts:
    """Statements by subject and predicate; subjects by their IRI or the identifier of their blank node."""

    def __init__(self, triples: Iterable[Triple | Quad]) -> None:
        """Index the triples."""
        self.values: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        self._subjects: dict[str, set[str]] = defaultdict(set)
        self._wider: dict[str, set[str]] = defaultdict(set)
        self._kinds: dict[str, frozenset[str]] = {}
        for triple in triples:
            if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
                continue
            subject, value = intern(triple.subject.value), triple.object
            predicate = intern(triple.predicate.value)
            if value not in self.values[subject][predicate]:
                self.values[subject][predicate].append(value)
            self._subjects[predicate].add(subject)
            if predicate == _SUBCLASS and isinstance(value, NamedNode):
                self._wider[subject].add(value.value)

    def of(self, subject: str, predicate: str) -> list[Value]:
        """The values of a property of a subject, each once."""
        found = self.values.get(subject)
        return [] if found is None else found.get(predicate, [])

    def kinds(self, subject: str) -> frozenset[str]:
        """The classes of a subject, wider ones included."""
        found: set[str] = set()
        for value in self.of(subject, _TYPE):
            if isinstance(value, NamedNode):
                found |= self._with_wider(value.value)
        return frozenset(found)

    def _with_wider(self, kind: str) -> frozenset[str]:
        known = self._kinds.get(kind)
        if known is None:
            found, new = {kind}, [kind]
            while new:
                more = self._wider.get(new.pop(), set()) - found
                found |= more
                new += more
            known = self._kinds[kind] = frozenset(found)
        return known

    def subjects_of(self, predicate: str) -> set[str]:
        """The subjects that have the property."""
        return self._subjects.get(predicate, set())

    def objects_of(self, predicate: str) -> set[str]:
        """The nodes that are values of the property."""
        values = (value for subject in self.subjects_of(predicate) for value in self.of(subject, predicate))
        return {value.value for value in values if not isinstance(value, Literal)}

    def about(self, subjects: Iterable[str]) -> Iterator[Triple]:
        """The statements on the subjects."""
        for subject in subjects:
            for predicate, values in self.values.get(subject, {}).items():
                for value in values:
                    yield Triple(as_node(subject), NamedNode(predicate), value)

    def around(self, subjects: Iterable[str]) -> Iterator[str]:
        """The subjects and all that they lead to, each once."""
        seen: set[str] = set()
        new = list(subjects)
        while new:
            subject = new.pop()
            if subject in seen:
                continue
            seen.add(subject)
            yield subject
            for values in self.values.get(subject, {}).values():
                new += [value.value for value in values if isinstance(value, NamedNode | BlankNode)]


@dataclass(frozen=True, slots=True)
class Plan:
    """One shape: `paths` are the predicates that its values are read by, None when the focus node is its own value."""

    paths: tuple[str, ...] | None
    tests: tuple[Test, ...]


class Plans:
    """What flattened shapes ask, each read once."""

    def __init__(self, flat: Graph) -> None:
        """Keep the shapes, which are not changed from now on."""
        self._flat = flat
        self._plans: dict[Node, Plan | None] = {}
        self.targets = {
            shape: [(target, str(value)) for target in TARGETS for value in flat.objects(shape, target)]
            for shape in targeted_shapes(flat)
        }
        self.about = {shape: self._about(shape) for shape in self.targets}
        """The property that every result of a targeted shape is about; None when there is none."""

    def of(self, shape: Node) -> Plan | None:
        """The plan of a shape; None when only pySHACL can judge it."""
        if shape not in self._plans:
            self._plans[shape] = self._plan(shape)
        return self._plans[shape]

    def _about(self, shape: Node) -> str | None:
        plan = self.of(shape)
        path = None if plan is None or plan.paths is None else plan.paths[0]
        return None if (shape, SH.property, None) in self._flat else path

    def _plan(self, shape: Node) -> Plan | None:
        constraints = [item for item in self._flat.predicate_objects(shape) if str(item[0]).startswith(str(SH))]
        paths = [self._paths(value) for predicate, value in constraints if predicate == SH.path]
        if len(paths) > 1 or None in paths:
            return None
        tests = tuple(
            CONSTRAINTS.get(predicate, no_test)(self._flat, shape, value)
            for predicate, value in constraints
            if predicate not in SILENT
        )
        return Plan(paths[0] if paths else None, tests)

    def _paths(self, path: Node) -> tuple[str, ...] | None:
        """A predicate path, or alternatives of such; None for other paths."""
        if isinstance(path, URIRef):
            return (str(path),)
        steps = list(self._flat.predicate_objects(path))
        if len(steps) != 1 or steps[0][0] != SH.alternativePath:
            return None
        parts = list(self._flat.items(steps[0][1]))
        return tuple(str(part) for part in parts) if all(isinstance(part, URIRef) for part in parts) else None


plans_of = lru_cache(maxsize=2)(Plans)
"""The plans of shapes, kept for the next facts that are judged by this process."""


class Screen:
    """Flattened shapes over facts."""

    def __init__(self, facts: Facts, flat: Graph) -> None:
        """Keep both; neither is changed."""
        self.facts = facts
        self._plans = plans_of(flat)
        self._sure: dict[tuple[Node, Value], bool] = {}

    def suspects(self, subjects: Collection[str] | None = None, told: Told = nothing) -> Suspects:
        """The focus nodes (of the subjects, where given) that may not conform, by targeted shape that has any.

        Where the shape is about a property of which all is told, the node is passed over.
        """
        of_kind: dict[str, set[str]] = defaultdict(set)
        for subject in self.facts.values if subjects is None else subjects:
            for kind in self.facts.kinds(subject):
                of_kind[kind].add(subject)
        nodes = _Nodes()
        found = {}
        for shape, targets in self._plans.targets.items():
            focus = self._focus(targets, of_kind)
            focus = focus if subjects is None else focus.intersection(subjects)
            failing = (subject for subject in focus if not self._judge(shape, nodes[subject]))
            about = self._plans.about[shape]
            left = frozenset(subject for subject in failing if about is None or not told(subject, about))
            if left:
                found[shape] = left
        return found

    def surely(self, shape: Node, value: Value) -> bool:
        """Whether the node surely conforms to the shape."""
        known = self._sure.get((shape, value))
        if known is None:
            self._sure[(shape, value)] = False  # a shape that leads back to itself is not sure
            known = self._sure[(shape, value)] = self._judge(shape, value)
        return known

    def _judge(self, shape: Node, value: Value) -> bool:
        plan = self._plans.of(shape)
        if plan is None:
            return False
        values = [value] if plan.paths is None else self._read(value, plan.paths)
        return all(test(self, values) for test in plan.tests)

    def _read(self, node: Value, paths: tuple[str, ...]) -> list[Value]:
        if not isinstance(node, NamedNode | BlankNode):
            return []
        if len(paths) == 1:
            return self.facts.of(node.value, paths[0])
        return list(dict.fromkeys(value for path in paths for value in self.facts.of(node.value, path)))

    def _focus(self, targets: Iterable[tuple[Node, str]], of_kind: Mapping[str, set[str]]) -> set[str]:
        found: set[str] = set()
        for predicate, value in targets:
            if predicate == SH.targetClass:
                found |= of_kind.get(value, set())
            elif predicate == SH.targetNode:
                found.add(value)
            elif predicate == SH.targetSubjectsOf:
                found |= self.facts.subjects_of(value)
            else:
                found |= self.facts.objects_of(value)
        return found


class _Nodes(dict[str, NamedNode | BlankNode]):
    """The nodes of subjects, each made once."""

    def __missing__(self, subject: str) -> NamedNode | BlankNode:
        node = self[subject] = as_node(subject)
        return node


def as_node(subject: str) -> NamedNode | BlankNode:
    """The node of a subject by its IRI or the identifier of its blank node."""
    return NamedNode(subject) if iris.is_absolute(subject) else BlankNode(subject)


def looks_back(flat: Graph, shapes: Iterable[Node]) -> bool:
    """Whether a shape, or one that it uses, reads its values backwards or from all of the data."""
    seen: set[Node] = set()
    new = list(shapes)
    while new:
        node = new.pop()
        if node in seen:
            continue
        seen.add(node)
        for predicate, value in flat.predicate_objects(node):
            if predicate in (SH.inversePath, SH.sparql, SH.select):
                return True
            if predicate not in TARGETS:
                new.append(value)
    return False
