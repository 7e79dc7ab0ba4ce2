"""IRIs of a query that the release does not hold in the role in which the query uses them, with the nearest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from server.engine.source import BASE, Source
from server.engine.tokens import Token, tokens
from server.query.help.groups import NotRead, elements, where_tokens
from server.query.help.vocabulary import holds, nearest
from server.query.prefixes import short_name
from server.query.text import QueryText

MOST_LOOKED_UP = 200
MOST_TOLD = 20
_BUILT_IN = ("http://www.w3.org/2001/XMLSchema#", "http://www.w3.org/2005/xpath-functions#")
_ROLES = {
    "properties": ("egenskapen", "the property"),
    "classes": ("klassen", "the class"),
    "graphs": ("grafen", "the graph"),
    "things": ("resursen", "the resource"),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """One finding in Swedish and English; `iri` and `nearest` when it is about an unknown IRI."""

    sv: str
    en: str
    iri: str = ""
    nearest: tuple[str, ...] = ()


def unknown_terms(source: Source, query: QueryText) -> list[Hint]:
    """The unknown IRIs of a query's patterns; the first MOST_TOLD of the first MOST_LOOKED_UP that it names."""
    found: dict[str, Hint] = {}
    looked_up: set[tuple[str, str]] = set()
    for written, iri, role in used_iris(query):
        if len(looked_up) == MOST_LOOKED_UP or len(found) == MOST_TOLD:
            break
        if (iri, role) in looked_up or iri.startswith(_BUILT_IN):
            continue
        looked_up.add((iri, role))
        if not holds(source, iri, role):
            found.setdefault(iri, _hint(source, written, iri, role))
    return list(found.values())


def used_iris(query: QueryText) -> Iterator[tuple[str, str, str]]:
    """Every IRI behind the prologue: as written, whole, and its role; names with an undeclared prefix are left out."""
    roles = _roles(query)
    before = ""
    for token in tokens(query.text, query.prologue_end):
        iri = absolute(token, query)
        if iri:
            graph = before in ("GRAPH", "FROM", "NAMED")
            yield token.text, iri, "graphs" if graph else roles.get(token.start, "things")
        before = token.text.upper()


def absolute(token: Token, query: QueryText) -> str:
    """The whole IRI of a token, or nothing; relative ones are joined to the base (SPARQL 1.1, 4.1.1.2)."""
    if token.kind == "iri":
        return urljoin(query.base or BASE, token.text[1:-1])
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        return query.prefixes[prefix] + local.replace("\\", "") if prefix in query.prefixes else ""
    return ""


def _roles(query: QueryText) -> dict[int, str]:
    """By the offset of a token: `properties` in a path, `classes` behind `a`, also in nested groups."""
    roles: dict[int, str] = {}

    def visit(stream: list[Token]) -> None:
        for element in elements(stream, query.text):
            for token in element.predicate:
                roles[token.start] = "properties"
            if [token.text for token in element.predicate] == ["a"]:
                roles.update({token.start: "classes" for token in element.object})
            if element.inner:
                visit(list(element.inner))

    try:
        visit(where_tokens(query.text)[0])
    except NotRead:
        return roles
    return roles


def _hint(source: Source, written: str, iri: str, role: str) -> Hint:
    near = tuple(nearest(source, iri, role))
    names = ", ".join(short_name(item) for item in near)
    sv_role, en_role = _ROLES[role]
    sv = f"Versionen har inte {sv_role} {short_name(iri)}." + (f" Närmast: {names}." if names else "")
    en = f"The release does not have {en_role} {short_name(iri)}." + (f" Nearest: {names}." if names else "")
    if written.startswith("<") and ":" not in written:
        sv = f"{written} är en relativ IRI och läses som <{iri}>. {sv}"
        en = f"{written} is a relative IRI and is read as <{iri}>. {en}"
    return Hint(sv, en, iri, near)
