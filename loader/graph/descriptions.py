"""Rules, questions and checks described in RDF, so that the release tells how it was made and what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from loader.errors import RuleError
from loader.model import iris
from loader.model.findings import Message
from loader.model.queryfiles import QueryFile
from loader.reasoning.rules import Rule

_TYPE = NamedNode(iris.PREFIXES["rdf"] + "type")
_FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct"}
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT)\b", re.MULTILINE | re.IGNORECASE)


def rule_quads(rules: Iterable[Rule]) -> Iterator[Quad]:
    """Each rule as a sh:SPARQLConstructExecutable with its sentence; sh:order is its stratum."""
    graph = NamedNode(iris.RULES)
    for rule in rules:
        subject = NamedNode(rule.iri)
        yield Quad(subject, _TYPE, _node("sh:SPARQLConstructExecutable"), graph)
        yield Quad(subject, _node("skos:notation"), Literal(rule.name), graph)
        yield Quad(subject, _node("skos:definition"), Literal(rule.sentence.sv, language="sv"), graph)
        yield Quad(subject, _node("skos:definition"), Literal(rule.sentence.en, language="en"), graph)
        yield Quad(subject, _node("sh:construct"), Literal(rule.construct), graph)
        yield Quad(subject, _node("sh:order"), Literal(rule.stratum), graph)


def released_rules(store: Store) -> tuple[Rule, ...]:
    """The rules that a release describes, by stratum and name: those that made its inferred graph."""
    query = """
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?name ?sv ?en ?stratum ?construct WHERE {
          ?rule skos:notation ?name ; skos:definition ?sv , ?en ; sh:order ?stratum ; sh:construct ?construct .
          FILTER(LANG(?sv) = "sv" && LANG(?en) = "en")
        } ORDER BY ?stratum ?name"""
    solutions = store.query(query, default_graph=NamedNode(iris.RULES))
    if not isinstance(solutions, QuerySolutions):
        raise RuleError("The release's rules cannot be read.")
    texts = [[node.value for node in solution if isinstance(node, Literal)] for solution in solutions]
    return tuple(Rule(row[0], Message(sv=row[1], en=row[2]), int(row[3]), row[4]) for row in texts)


def question_quads(files: Iterable[QueryFile]) -> Iterator[Quad]:
    """Each competency question as a sh:SPARQLExecutable, the question itself as its label in both languages."""
    graph = NamedNode(iris.QUESTIONS)
    for file in files:
        subject = NamedNode(iris.question(file.path.stem))
        form = query_form(file)
        yield Quad(subject, _TYPE, _node("sh:SPARQLExecutable"), graph)
        yield Quad(subject, _TYPE, _node(f"sh:SPARQL{form.capitalize()}Executable"), graph)
        yield Quad(subject, _node("skos:notation"), Literal(file.path.stem), graph)
        for language in ("sv", "en"):
            yield Quad(subject, _node("skos:prefLabel"), Literal(file.get(language), language=language), graph)
            yield Quad(subject, _node("rdfs:comment"), Literal(file.get(language), language=language), graph)
        yield Quad(subject, _node(f"sh:{_FORMS[form]}"), Literal(file.text), graph)


def query_form(file: QueryFile) -> str:
    """SELECT, ASK or CONSTRUCT; RuleError when the file holds none of them."""
    match = _FORM.search(file.text)
    if match is None:
        raise RuleError(f"{file.path} holds no SELECT, ASK or CONSTRUCT at the beginning of a line")
    return match[1].upper()


def _node(name: str) -> NamedNode:
    return NamedNode(iris.expand(name))
