"""Faults made from the shapes themselves: one for every constraint of every property shape of every class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rdflib import RDF, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from tests.shapes.report import path_members

Triple = tuple[Node, Node, Node]
MISSING = URIRef("https://w3id.org/registergraf/id/missing/thing")
PARAMETERS = {
    SH.minCount: "MinCount",
    SH.maxCount: "MaxCount",
    SH.datatype: "Datatype",
    SH["class"]: "Class",
    SH.node: "Node",
    SH.nodeKind: "NodeKind",
    SH.pattern: "Pattern",
    SH.minLength: "MinLength",
    SH.maxLength: "MaxLength",
    SH.minInclusive: "MinInclusive",
    SH.maxInclusive: "MaxInclusive",
    SH.languageIn: "LanguageIn",
    SH.uniqueLang: "UniqueLang",
    SH.qualifiedMinCount: "QualifiedMinCount",
    SH.hasValue: "HasValue",
    SH.disjoint: "Disjoint",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What to take away and what to add to break one constraint; `focus` is the record that is to be blamed."""

    component: str
    focus: Node
    removed: frozenset[Triple] = frozenset()
    added: frozenset[Triple] = frozenset()


@dataclass(frozen=True, slots=True)
class Site:
    """One property shape on one record: where faults are made."""

    data: Graph
    shapes: Graph
    shape: Node
    focus: Node

    @property
    def predicates(self) -> tuple[URIRef, ...]:
        """The properties of the shape's path."""
        return path_members(self.shapes, self.shapes.value(self.shape, SH.path))

    @property
    def statements(self) -> frozenset[Triple]:
        """What the record says by the path."""
        return frozenset((self.focus, p, value) for p in self.predicates for value in self.data.objects(self.focus, p))

    def parameter(self, name: URIRef) -> Node | None:
        """The value of one of the shape's constraint parameters."""
        return self.shapes.value(self.shape, name)

    def replaced(self, component: str, value: Node) -> Fault:
        """All values taken away, and one that is wrong put in their place."""
        wrong = (self.focus, self.predicates[0], value)
        return Fault(component, self.focus, self.statements, frozenset({wrong}))


def parameters_of(shapes: Graph, shape: Node) -> list[URIRef]:
    """The constraint parameters that a shape uses, sorted."""
    return sorted(name for name in PARAMETERS if shapes.value(shape, name) is not None)


def fault(site: Site, parameter: URIRef) -> Fault:
    """The fault that breaks one constraint of the site's shape."""
    component = PARAMETERS[parameter]
    if parameter in _WRONG_VALUES:
        return site.replaced(component, _WRONG_VALUES[parameter](site))
    return _FAULTS[parameter](site, component)


def node_fault(data: Graph, focus: Node, parameter: URIRef) -> Fault:
    """The record under a name that its node shape does not allow: a bad IRI, or none."""
    renamed = URIRef("https://example.org/Other") if parameter == SH.pattern else BNode("unnamed")
    said = frozenset(data.triples((focus, None, None)))
    return Fault(PARAMETERS[parameter], renamed, said, frozenset((renamed, p, value) for _, p, value in said))


@contextmanager
def applied(data: Graph, wrong: Fault) -> Iterator[None]:
    """The graph with the fault in it, mended afterwards."""
    added = [triple for triple in wrong.added if triple not in data]
    removed = [triple for triple in wrong.removed if triple in data]
    for triple in removed:
        data.remove(triple)
    for triple in added:
        data.add(triple)
    try:
        yield
    finally:
        for triple in added:
            data.remove(triple)
        for triple in removed:
            data.add(triple)


def _without(site: Site, component: str) -> Fault:
    return Fault(component, site.focus, site.statements)


def _once_more(site: Site, component: str) -> Fault:
    (_, predicate, value), *_ = sorted(site.statements, key=str)
    return Fault(component, site.focus, added=frozenset({(site.focus, predicate, _another(site.data, value))}))


def _another(data: Graph, value: Node) -> Node:
    """A second value as good as the first."""
    if isinstance(value, Literal):
        return Literal(_next(value.toPython()), datatype=value.datatype)
    like = SKOS.inScheme if any(data.objects(value, SKOS.inScheme)) else RDF.type
    kinds = sorted(data.objects(value, like), key=str)
    others = sorted(data.subjects(like, kinds[0]), key=str) if kinds else []
    return next((other for other in others if other != value), MISSING)


def _next(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    return value + timedelta(days=1) if isinstance(value, date) else f"{value} 2"


def _twice_in_a_language(site: Site, component: str) -> Fault:
    (_, predicate, value), *_ = sorted(site.statements, key=str)
    assert isinstance(value, Literal)
    second = Literal(f"{value} 2", lang=value.language)
    return Fault(component, site.focus, added=frozenset({(site.focus, predicate, second)}))


def _in_a_third_language(site: Site, component: str) -> Fault:
    return Fault(
        component, site.focus, added=frozenset({(site.focus, site.predicates[0], Literal("falsch", lang="de"))})
    )


def _too_few(site: Site, component: str) -> Fault:
    inner = site.parameter(SH.qualifiedValueShape)
    if site.shapes.value(inner, SH["class"]) is not None:
        return _without(site, component)
    tag = "sv" if str(inner).endswith("swedish") else "en"
    there = {t for t in site.statements if isinstance(t[2], Literal) and t[2].language == tag}
    return Fault(component, site.focus, frozenset(there))


def _same_as_the_other(site: Site, component: str) -> Fault:
    other = site.parameter(SH.disjoint)
    assert other is not None
    (_, _, value), *_ = sorted(site.statements, key=str)
    return Fault(component, site.focus, added=frozenset({(site.focus, other, value)}))


def _number(site: Site, bound: URIRef, step: int) -> Node:
    limit = site.parameter(bound)
    assert isinstance(limit, Literal)
    datatype = site.parameter(SH.datatype)
    return Literal(str(int(limit) + step), datatype=URIRef(str(datatype)))


_FAULTS: dict[URIRef, Callable[[Site, str], Fault]] = {
    SH.minCount: _without,
    SH.hasValue: _without,
    SH.maxCount: _once_more,
    SH.languageIn: _in_a_third_language,
    SH.uniqueLang: _twice_in_a_language,
    SH.qualifiedMinCount: _too_few,
    SH.disjoint: _same_as_the_other,
}
_WRONG_VALUES: dict[URIRef, Callable[[Site], Node]] = {
    SH.datatype: lambda site: Literal("fel", lang="sv"),
    SH["class"]: lambda site: MISSING,
    SH.node: lambda site: URIRef("https://w3id.org/registergraf/id/measure-type/share"),
    SH.nodeKind: lambda site: Literal("inte en adress"),
    SH.pattern: lambda site: Literal(" fel  form "),
    SH.minLength: lambda site: Literal(""),
    SH.maxLength: lambda site: Literal("x" * 1000, lang="sv"),
    SH.minInclusive: lambda site: _number(site, SH.minInclusive, -1),
    SH.maxInclusive: lambda site: _number(site, SH.maxInclusive, +1),
}
