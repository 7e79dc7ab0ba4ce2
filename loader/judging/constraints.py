"""SHACL Core constraints that a value surely meets: each test answers yes only when there is no doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

from loader.judging.shapes import SH, TARGETS
from loader.model.iris import PREFIXES

_XSD = PREFIXES["xsd"]
Value = NamedNode | BlankNode | Literal


class Judge(Protocol):
    """What a test asks: other shapes, and the classes of a node."""

    def surely(self, shape: Node, value: Value) -> bool:
        """Whether a value surely conforms to a shape."""

    @property
    def facts(self) -> Classes:
        """What is known of nodes."""


class Classes(Protocol):
    """What is known of the classes of nodes."""

    def kinds(self, subject: str) -> frozenset[str]:
        """The classes of a subject, wider ones included."""


Test = Callable[[Judge, list[Value]], bool]
Maker = Callable[[Graph, Node, Node], Test]

SILENT = frozenset(
    (SH.path, SH.name, SH.description, SH.message, SH.order, SH.group, SH.severity, SH.defaultValue, *TARGETS)
)


def no_test(flat: Graph, shape: Node, constraint: Node) -> Test:
    """For what is not understood: nothing surely holds."""
    return lambda judge, values: False


def _each(test: Callable[[Judge, Value], bool]) -> Test:
    return lambda judge, values: all(test(judge, value) for value in values)


def _at_least(flat: Graph, shape: Node, constraint: Node) -> Test:
    count = int(str(constraint))
    return lambda judge, values: len(values) >= count


def _at_most(flat: Graph, shape: Node, constraint: Node) -> Test:
    count = int(str(constraint))
    return lambda judge, values: len(values) <= count


def _has_value(flat: Graph, shape: Node, constraint: Node) -> Test:
    wanted = _term(constraint)
    return lambda judge, values: wanted is not None and wanted in values


def _unique_languages(flat: Graph, shape: Node, constraint: Node) -> Test:
    def test(judge: Judge, values: list[Value]) -> bool:
        languages = [value.language.lower() for value in values if isinstance(value, Literal) and value.language]
        return len(languages) == len(set(languages))

    return test


def _class(flat: Graph, shape: Node, constraint: Node) -> Test:
    wanted = str(constraint)
    return _each(lambda judge, value: not isinstance(value, Literal) and wanted in judge.facts.kinds(value.value))


def _pattern(flat: Graph, shape: Node, constraint: Node) -> Test:
    if (shape, SH.flags, None) in flat:
        return no_test(flat, shape, constraint)
    pattern = re.compile(str(constraint))
    return _each(lambda judge, value: not isinstance(value, BlankNode) and pattern.search(value.value) is not None)


def _languages(flat: Graph, shape: Node, constraint: Node) -> Test:
    allowed = {str(item).lower() for item in flat.items(constraint)}
    return _each(
        lambda judge, value: (
            isinstance(value, Literal) and value.language is not None and value.language.lower() in allowed
        )
    )


def _in(flat: Graph, shape: Node, constraint: Node) -> Test:
    members = {_term(item) for item in flat.items(constraint)}
    return _each(lambda judge, value: value in members)


def _nested(flat: Graph, shape: Node, constraint: Node) -> Test:
    return _each(lambda judge, value: judge.surely(constraint, value))


def _qualified(flat: Graph, shape: Node, constraint: Node) -> Test:
    """As many as surely conform are enough, and not too many, where values in other languages surely do not conform."""
    least, most = flat.value(shape, SH.qualifiedMinCount), flat.value(shape, SH.qualifiedMaxCount)
    if (shape, SH.qualifiedValueShapesDisjoint, None) in flat:
        return no_test(flat, shape, constraint)
    allowed = _languages_demanded(flat, constraint)
    low, high = int(str(least or 0)), None if most is None else int(str(most))

    def test(judge: Judge, values: list[Value]) -> bool:
        sure = sum(judge.surely(constraint, value) for value in values)
        return sure >= low and (high is None or sum(_may_be_in(allowed, value) for value in values) <= high)

    return test


def _languages_demanded(flat: Graph, shape: Node) -> frozenset[str]:
    """The languages that a shape demands of a text, regions apart; none when it demands none."""
    found = flat.value(shape, SH.languageIn)
    return (
        frozenset() if found is None else frozenset(str(item).lower().partition("-")[0] for item in flat.items(found))
    )


def _may_be_in(languages: frozenset[str], value: Value) -> bool:
    """Whether a value is, or may be, a text in one of the languages; where none is demanded, every value may."""
    if not isinstance(value, Literal) or not value.language or not languages or "*" in languages:
        return True
    return value.language.lower().partition("-")[0] in languages


def _with_its_shape(flat: Graph, shape: Node, constraint: Node) -> Test:
    there = (shape, SH.qualifiedValueShape, None) in flat
    return lambda judge, values: there


_KINDS = {SH.IRI: NamedNode, SH.Literal: Literal, SH.BlankNode: BlankNode}


def _node_kind(flat: Graph, shape: Node, constraint: Node) -> Test:
    kind = _KINDS.get(URIRef(str(constraint)))
    return _each(lambda judge, value: kind is not None and isinstance(value, kind))


_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_LEGAL: Mapping[str, Callable[[str], bool]] = {
    "string": lambda text: True,
    "integer": lambda text: _INTEGER.fullmatch(text) is not None,
    "decimal": lambda text: _DECIMAL.fullmatch(text) is not None,
    "boolean": lambda text: text in ("true", "false"),
    "date": lambda text: _is_date(text),
    "gYear": lambda text: re.fullmatch(r"[12][0-9]{3}", text) is not None,
}


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_legal(value: Literal) -> bool | None:
    """Whether a literal's text is legal for its datatype; None when that is not known here."""
    if value.language is not None or not value.datatype.value.startswith(_XSD):
        return True if value.language is not None else None
    test = _LEGAL.get(value.datatype.value.removeprefix(_XSD))
    return None if test is None else test(value.value)


def _datatype(flat: Graph, shape: Node, constraint: Node) -> Test:
    wanted = str(constraint)

    def test(judge: Judge, value: Value) -> bool:
        return isinstance(value, Literal) and value.datatype.value == wanted and is_legal(value) is True

    return _each(test)


def _length(compare: Callable[[int, int], bool]) -> Maker:
    def make(flat: Graph, shape: Node, constraint: Node) -> Test:
        bound = int(str(constraint))
        return _each(lambda judge, value: not isinstance(value, BlankNode) and compare(len(value.value), bound))

    return make


def _bound(compare: Callable[[Decimal, Decimal], bool]) -> Maker:
    def make(flat: Graph, shape: Node, constraint: Node) -> Test:
        bound = _number(_term(constraint))

        def test(judge: Judge, value: Value) -> bool:
            number = _number(value)
            return number is not None and bound is not None and compare(number, bound)

        return _each(test)

    return make


def _number(value: Value | None) -> Decimal | None:
    if not isinstance(value, Literal) or not is_legal(value):
        return None
    return Decimal(value.value) if value.datatype.value in (_XSD + "integer", _XSD + "decimal") else None


def _term(node: Node) -> Value | None:
    """A term of a shape as a term of the data; None for blank nodes."""
    if isinstance(node, URIRef):
        return NamedNode(str(node))
    if not isinstance(node, RdflibLiteral):
        return None
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node)) if node.datatype is None else Literal(str(node), datatype=NamedNode(str(node.datatype)))


CONSTRAINTS: Mapping[Node, Maker] = {
    SH.minCount: _at_least,
    SH.maxCount: _at_most,
    SH.hasValue: _has_value,
    SH.uniqueLang: _unique_languages,
    SH["class"]: _class,
    SH.pattern: _pattern,
    SH.languageIn: _languages,
    SH["in"]: _in,
    SH.node: _nested,
    SH.property: _nested,
    SH.qualifiedValueShape: _qualified,
    SH.qualifiedMinCount: _with_its_shape,
    SH.qualifiedMaxCount: _with_its_shape,
    SH.nodeKind: _node_kind,
    SH.datatype: _datatype,
    SH.minLength: _length(lambda size, bound: size >= bound),
    SH.maxLength: _length(lambda size, bound: size <= bound),
    SH.minInclusive: _bound(lambda number, bound: number >= bound),
    SH.maxInclusive: _bound(lambda number, bound: number <= bound),
}
