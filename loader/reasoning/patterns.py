"""The triple patterns of a rule, read with rdflib's SPARQL parser: its conclusions, and the premises it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple, Variable
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef
from rdflib import Variable as RdflibVariable
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from loader.errors import RuleError
from loader.reasoning.rules import Rule

Node = NamedNode | Literal | Variable
Pattern = tuple[Node, Node, Node]
Bindings = Mapping[str, NamedNode | Literal]


_SUB_SELECT = re.compile(r"SELECT DISTINCT \?\w+ WHERE\b")


@dataclass(frozen=True, slots=True)
class RulePatterns:
    """What a rule concludes and what it starts from; premises within negations and counts are not among them.

    `opened` is the rule with its DISTINCT sub-selects opened to plain groups, so that all their variables are seen.
    """

    conclusions: tuple[Pattern, ...]
    premises: tuple[Pattern, ...]
    opened: str

    @property
    def computed(self) -> frozenset[str]:
        """The variables that the rule computes, which may not be given values beforehand."""
        return frozenset(re.findall(r"\bAS \?(\w+)\)", self.opened))


def rule_patterns(rule: Rule) -> RulePatterns:
    """The patterns of the rule's CONSTRUCT; RuleError when it uses what cannot be taken apart (property paths)."""
    opened = _SUB_SELECT.sub("", rule.construct)
    query = translateQuery(parseQuery(opened)).algebra
    conclusions = tuple(_pattern(rule, triple) for triple in query.template)
    premises = tuple(_pattern(rule, triple) for triple in _triples(query.p))
    return RulePatterns(conclusions, premises, opened)


def unify(pattern: Pattern, triple: Triple) -> Bindings | None:
    """The bindings under which the pattern is the triple, or None."""
    bindings: dict[str, NamedNode | Literal] = {}
    for node, value in zip(pattern, (triple.subject, triple.predicate, triple.object), strict=True):
        if not isinstance(value, NamedNode | Literal):
            return None
        if isinstance(node, Variable):
            if bindings.setdefault(node.value, value) != value:
                return None
        elif node != value:
            return None
    return bindings


def instantiate(pattern: Pattern, bindings: Bindings) -> Triple | None:
    """The triple that the pattern is under the bindings, or None when one is missing or makes no triple."""
    subject, predicate, value = (bindings.get(node.value) if isinstance(node, Variable) else node for node in pattern)
    if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
        return Triple(subject, predicate, value)
    return None


def _triples(node: Any) -> Iterator[tuple[Any, Any, Any]]:
    """The triples of the basic graph patterns below an algebra node, without filters and sub-selects."""
    if not isinstance(node, CompValue):
        return
    if node.name == "BGP":
        yield from node.triples
        return
    if node.name in ("SelectQuery", "ToMultiSet"):
        return
    for name in ("p", "p1", "p2"):
        yield from _triples(node.get(name))


def _pattern(rule: Rule, triple: tuple[Any, Any, Any]) -> Pattern:
    first, second, third = (_node(rule, node) for node in triple)
    return (first, second, third)


def _node(rule: Rule, node: object) -> Node:
    if isinstance(node, RdflibVariable):
        return Variable(str(node))
    if isinstance(node, URIRef):
        return NamedNode(str(node))
    if isinstance(node, RdflibLiteral):
        if node.language is not None:
            return Literal(str(node), language=node.language)
        return Literal(str(node)) if node.datatype is None else Literal(str(node), datatype=NamedNode(node.datatype))
    raise RuleError(f"The rule {rule.name} uses {node!r}, which explain cannot take apart: write plain triples.")
