"""The queries behind what the pages count and list: one SPARQL text for each, and a number that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.pages.links import question
from server.service import BASE

PREFIXES = {
    "rg": BASE + "ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A number on a page and the query with as many rows."""

    number: int
    query: str

    @property
    def page(self) -> str:
        """The page that shows the query and its rows."""
        return question(self.query)


def counted(rows: Sequence[object], query: str) -> Counted:
    """The number of rows, with the query that gives them."""
    return Counted(len(rows), query)


def select(variables: str, *patterns: str, order: str = "") -> str:
    """SELECT DISTINCT over patterns, with the prefixes that they use."""
    body = "\n".join(f"  {line}" for pattern in patterns if pattern for line in pattern.strip().splitlines())
    text = f"SELECT DISTINCT {variables} WHERE {{\n{body}\n}}" + (f"\nORDER BY {order}" if order else "")
    used = [f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items() if f"{name}:" in text]
    return "\n".join([*used, text])


def label(variable: str, lang: str) -> str:
    """A pattern that binds `?<variable>Label` to the label in a language, where there is one."""
    return f'OPTIONAL {{ ?{variable} skos:prefLabel ?{variable}Label FILTER(lang(?{variable}Label) = "{lang}") }}'


def ref(iri: str) -> str:
    """An IRI in SPARQL."""
    return f"<{iri}>"
