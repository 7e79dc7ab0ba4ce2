"""Everything that the release says of an IRI, and what refers to it, by two bounded queries."""

from __future__ import annotations

from dataclasses import dataclass

from server.query.rows import Term, select
from server.service import Service

MOST = 120
_SAID = "SELECT ?p ?o ?g {{ GRAPH ?g {{ <{iri}> ?p ?o }} }} ORDER BY ?g ?p ?o"
_REFERRING = "SELECT ?s ?p ?g {{ GRAPH ?g {{ ?s ?p <{iri}> }} }} ORDER BY ?p ?s"


@dataclass(frozen=True, slots=True)
class Statements:
    """Rows of property, value and graph; rows of subject, property and graph; whether there are more of either."""

    said: list[list[Term]]
    referring: list[list[Term]]
    more: bool


def statements(site: Service, iri: str) -> Statements:
    """What is said of an IRI of ours (which must hold no character that ends an IRI in SPARQL)."""
    said = select(site, _SAID.format(iri=iri), limit=MOST)
    referring = select(site, _REFERRING.format(iri=iri), limit=MOST)
    return Statements(said.rows, referring.rows, said.more or referring.more)
