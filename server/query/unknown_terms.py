"""Terms of a query that the release does not hold, with the nearest that it does: IRIs by their role, literals by
language and case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.engine.interface import EngineError
from server.query.answering import Question
from server.query.groups import NotRead, elements, where_tokens
from server.query.prefixes import short_name
from server.query.rows import read_table
from server.query.text import read_query
from server.query.tokens import Token, tokens
from server.query.vocabulary import Vocabulary, vocabulary
from server.service import Site
from server.web.media import JSON

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LITERAL = re.compile(
    r"""(?P<head>.*?)(?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(?P<suffix>@[\w\-]+|\^\^\S+)?\Z""", re.DOTALL
)
_BUILT_IN = ("http://www.w3.org/2001/XMLSchema#", "http://www.w3.org/2005/xpath-functions#")


_ROLES = {
    "properties": ("egenskapen", "the property"),
    "classes": ("klassen", "the class"),
    "graphs": ("grafen", "the graph"),
    "things": ("resursen", "the resource"),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """One suspicion in Swedish and English; `iri` and `nearest` when it is about an unknown IRI."""

    sv: str
    en: str
    iri: str = ""
    nearest: tuple[str, ...] = ()


def unknown_terms(site: Site, text: str) -> list[Hint]:
    """The IRIs of a query's patterns that the release does not hold in the role in which the query uses them."""
    known = vocabulary(site)
    found: dict[str, Hint] = {}
    for iri, role in _used(text):
        if iri not in getattr(known, role) and not iri.startswith(_BUILT_IN):
            found.setdefault(iri, _hint(known, iri, role))
    return list(found.values())


def _used(text: str) -> Iterator[tuple[str, str]]:
    """Every IRI behind the prologue with its role; names with an undeclared prefix are left out."""
    query = read_query(text)
    roles = _roles(text)
    before = ""
    for token in tokens(text[query.prologue_end :]):
        iri = _absolute(token, query.prefixes)
        if iri:
            graph = before in ("GRAPH", "FROM", "NAMED")
            yield iri, "graphs" if graph else roles.get(token.start + query.prologue_end, "things")
        before = token.text.upper()


def _roles(text: str) -> dict[int, str]:
    """By the offset of a token: `properties` in a path, `classes` behind `a`, also in nested groups."""
    roles: dict[int, str] = {}

    def visit(stream: list[Token]) -> None:
        for element in elements(stream, text):
            for token in element.predicate:
                roles[token.start] = "properties"
            if [token.text for token in element.predicate] == ["a"]:
                roles.update({token.start: "classes" for token in element.object})
            if element.inner:
                visit(list(element.inner))

    try:
        visit(where_tokens(text)[0])
    except NotRead:
        return roles
    return roles


def _absolute(token: Token, prefixes: dict[str, str]) -> str:
    if token.kind == "iri" and ":" in token.text:
        return token.text[1:-1]
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        return prefixes[prefix] + local.replace("\\", "") if prefix in prefixes else ""
    return ""


def _hint(known: Vocabulary, iri: str, role: str) -> Hint:
    nearest = tuple(known.nearest(iri, role))
    names = ", ".join(short_name(item) for item in nearest)
    sv_role, en_role = _ROLES[role]
    sv = f"Versionen har inte {sv_role} {short_name(iri)}." + (f" Närmast: {names}." if names else "")
    en = f"The release does not have {en_role} {short_name(iri)}." + (f" Nearest: {names}." if names else "")
    return Hint(sv, en, iri, nearest)


def literal_hints(site: Site, question: Question, pattern: str) -> list[Hint]:
    """When a pattern's literal occurs in the release with another language, datatype or case, what it is there."""
    match = _LITERAL.match(pattern)
    if match is None:
        return []
    prologue = question.text[: read_query(question.text).prologue_end]
    test = f"FILTER(LCASE(STR(?value)) = LCASE({match['value']}))"
    query = f"{prologue}\nSELECT DISTINCT ?value {{ {match['head']} ?value . {test} }} LIMIT 3"
    asked = Question(query, "SELECT", JSON, min(5.0, question.timeout), question.default_graphs, question.named_graphs)
    try:
        rows = read_table(site.answering.ask(asked).chunks, 3).rows
    except EngineError:
        return []
    written = [f'"{row[0].text}"' + (f"@{row[0].language}" if row[0].language else "") for row in rows]
    names = ", ".join(written)
    return [Hint(f"Värdet finns, men skrivet {names}.", f"The value is there, but written {names}.")] if names else []
