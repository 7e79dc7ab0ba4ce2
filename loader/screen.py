"""Which focus nodes surely conform to a shape, found out without pySHACL, so that pySHACL judges only the others.

A node is passed over only when every constraint of the shape is of a kind that is understood here and surely holds.
Anything else is a suspect: it goes to pySHACL, whose results are the only ones reported. So this can cost time, never
results; tests hold the results equal to pySHACL's over all nodes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from functools import cached_property

from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from loader.shapes import SH, TARGETS, flatten, focus_nodes, targeted_shapes

_SILENT = frozenset(
    (SH.path, SH.name, SH.description, SH.message, SH.order, SH.group, SH.severity, SH.defaultValue, *TARGETS)
)
_TEXTS = (XSD.string, None)

Suspects = Mapping[URIRef, frozenset[Node]]


class Screen:
    """The shapes, flattened, over data in rdflib's memory store."""

    def __init__(self, data: Graph, shapes: Graph) -> None:
        """Keep the data and flatten the shapes."""
        self.data = data
        self.flat = flatten(shapes)
        self._sure: dict[tuple[Node, Node], bool] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    def suspects(self, subjects: Collection[str]) -> Suspects:
        """The focus nodes among the subjects that may not conform, by targeted shape that has any."""
        own: set[Node] = {node for subject in subjects for node in (URIRef(subject), BNode(subject))}
        found = {}
        for shape in targeted_shapes(self.flat):
            left = frozenset(
                node for node in focus_nodes(self.flat, self.data, shape) & own if not self.surely(shape, node)
            )
            if left:
                found[shape] = left
        return found

    def surely(self, shape: Node, node: Node) -> bool:
        """Whether the node surely conforms to the shape."""
        known = self._sure.get((shape, node))
        if known is None:
            self._sure[(shape, node)] = False  # a shape that leads back to itself is not sure
            known = self._sure[(shape, node)] = self._judge(shape, node)
        return known

    def _judge(self, shape: Node, node: Node) -> bool:
        constraints = [item for item in self.flat.predicate_objects(shape) if str(item[0]).startswith(str(SH))]
        paths = [value for predicate, value in constraints if predicate == SH.path]
        if not paths:
            values: tuple[Node, ...] | None = (node,)
        elif len(paths) == 1:
            values = self._values(paths[0], node)
        else:
            return False
        if values is None:
            return False
        return all(
            predicate in _SILENT or self._holds(shape, predicate, constraint, values)
            for predicate, constraint in constraints
        )

    def _values(self, path: Node, node: Node) -> tuple[Node, ...] | None:
        """The value nodes of a predicate path or of alternatives of such; None for other paths."""
        if isinstance(path, URIRef):
            return tuple(dict.fromkeys(self.data.objects(node, path)))
        steps = [(predicate, value) for predicate, value in self.flat.predicate_objects(path)]
        if len(steps) != 1 or steps[0][0] != SH.alternativePath:
            return None
        parts = list(self.flat.items(steps[0][1]))
        if not all(isinstance(part, URIRef) for part in parts):
            return None
        return tuple(dict.fromkeys(value for part in parts for value in self.data.objects(node, part)))

    def _holds(self, shape: Node, predicate: Node, constraint: Node, values: tuple[Node, ...]) -> bool:
        if predicate == SH.qualifiedValueShape:
            return self._qualified(shape, constraint, values)
        if predicate in (SH.qualifiedMinCount, SH.qualifiedMaxCount):
            return (shape, SH.qualifiedValueShape, None) in self.flat
        if predicate == SH.uniqueLang:
            languages = [value.language.lower() for value in values if isinstance(value, Literal) and value.language]
            return len(languages) == len(set(languages))
        if predicate in (SH.node, SH.property):
            return all(self.surely(constraint, value) for value in values)
        whole = _WHOLE.get(predicate)
        if whole is not None:
            return whole(values, constraint)
        if predicate == SH["class"]:
            return all(any(kind in self._narrower(constraint) for kind in self._types(value)) for value in values)
        if predicate == SH.pattern and (shape, SH.flags, None) not in self.flat:
            pattern = self._patterns.setdefault(str(constraint), re.compile(str(constraint)))
            return all(not isinstance(value, BNode) and pattern.search(str(value)) for value in values)
        if predicate in (SH.languageIn, SH["in"]):
            members = list(self.flat.items(constraint))
            test = _in_languages if predicate == SH.languageIn else _in_members
            return all(test(value, members) for value in values)
        single = _SINGLE.get(predicate)
        return single is not None and all(single(value, constraint) for value in values)

    def _qualified(self, shape: Node, nested: Node, values: tuple[Node, ...]) -> bool:
        """Only lower bounds: what surely conforms is enough of them."""
        least = self.flat.value(shape, SH.qualifiedMinCount)
        if least is None or (shape, SH.qualifiedMaxCount, None) in self.flat:
            return False
        if (shape, SH.qualifiedValueShapesDisjoint, None) in self.flat:
            return False
        return sum(self.surely(nested, value) for value in values) >= int(str(least))

    def _types(self, node: Node) -> Iterable[Node]:
        return self.data.objects(node, RDF.type)

    def _narrower(self, wide: Node) -> frozenset[Node]:
        found = self._classes.get(wide)
        if found is None:
            found = self._classes[wide] = frozenset(self.data.transitive_subjects(RDFS.subClassOf, wide))
        return found

    @cached_property
    def _classes(self) -> dict[Node, frozenset[Node]]:
        return {}


def _in_languages(value: Node, languages: list[Node]) -> bool:
    return isinstance(value, Literal) and value.language is not None and value.language.lower() in map(str, languages)


def _in_members(value: Node, members: list[Node]) -> bool:
    return value in members


def _of_datatype(value: Node, datatype: Node) -> bool:
    if not isinstance(value, Literal):
        return False
    if datatype == XSD.string:
        return value.datatype in _TEXTS and value.language is None
    return value.datatype == datatype and value.ill_typed is False


def _of_kind(value: Node, kind: Node) -> bool:
    kinds = {SH.IRI: URIRef, SH.Literal: Literal, SH.BlankNode: BNode}
    wanted = kinds.get(URIRef(str(kind)))
    return wanted is not None and type(value) is wanted


def _bounded(test: Callable[[Decimal, Decimal], bool]) -> Callable[[Node, Node], bool]:
    def holds(value: Node, bound: Node) -> bool:
        numbers = [_number(value), _number(bound)]
        return numbers[0] is not None and numbers[1] is not None and test(numbers[0], numbers[1])

    return holds


def _number(value: Node) -> Decimal | None:
    if not isinstance(value, Literal) or value.datatype not in (XSD.integer, XSD.decimal) or value.ill_typed:
        return None
    return Decimal(str(value))


_WHOLE: Mapping[Node, Callable[[tuple[Node, ...], Node], bool]] = {
    SH.minCount: lambda values, count: len(values) >= int(str(count)),
    SH.maxCount: lambda values, count: len(values) <= int(str(count)),
    SH.hasValue: lambda values, wanted: wanted in values,
}
_SINGLE: Mapping[Node, Callable[[Node, Node], bool]] = {
    SH.datatype: _of_datatype,
    SH.nodeKind: _of_kind,
    SH.minLength: lambda value, least: not isinstance(value, BNode) and len(str(value)) >= int(str(least)),
    SH.maxLength: lambda value, most: not isinstance(value, BNode) and len(str(value)) <= int(str(most)),
    SH.minInclusive: _bounded(lambda value, bound: value >= bound),
    SH.maxInclusive: _bounded(lambda value, bound: value <= bound),
}
