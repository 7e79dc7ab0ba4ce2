"""Where a pattern's statements stand instead: in another graph, or under another property."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from server.engine.source import Source
from server.query.help.groups import Element
from server.query.help.unknown_terms import Hint, absolute
from server.query.help.vocabulary import holds, split
from server.query.prefixes import short_name
from server.query.text import QueryText

_NAMES = frozenset(
    {
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://www.w3.org/2004/02/skos/core#altLabel",
        "http://purl.org/dc/terms/title",
        "https://schema.org/name",
        "http://xmlns.com/foaf/0.1/name",
        "https://w3id.org/registergraf/ns#shortName",
    }
)
_ALIKE = 75.0
_MOST_PROPERTIES = 200
_MOST = 5


def graph_hints(source: Source, prologue: str, element: Element) -> Iterator[Hint]:
    """The graphs in which a pattern has a solution, when it has none where the query looks."""
    select = f"{prologue}\nSELECT DISTINCT ?inGraph {{ GRAPH ?inGraph {{ {element.text} }} }} LIMIT {_MOST}"
    graphs = [short_name(row[0].text) for row in source.over((), ()).rows(select, _MOST)]
    if graphs:
        shown = ", ".join(graphs)
        yield Hint(
            f"`{element.text}` har lösningar, men i en annan graf: {shown}.",
            f"`{element.text}` has solutions, but in another graph: {shown}.",
        )


def property_hints(source: Source, query: QueryText, element: Element, before: str, after: str) -> Iterator[Hint]:
    """A property with a similar meaning or name that the things of the query do have."""
    if len(element.predicate) != 1 or not before.strip():
        return
    wanted = absolute(element.predicate[0], query)
    if not wanted or not holds(source, wanted, "properties"):
        return  # An unknown property is told as such.
    subject = element.text.split(None, 1)[0]
    prologue = query.text[: query.prologue_end]
    select = (
        f"{prologue}\nSELECT DISTINCT ?other {{ {before} {subject} ?other ?value {after} }} LIMIT {_MOST_PROPERTIES}"
    )
    there = [row[0].text for row in source.rows(select, _MOST_PROPERTIES)]
    if wanted in there:
        return
    found = [iri for iri in there if iri in _NAMES] if wanted in _NAMES else _alike(wanted, there)
    if found:
        shown = ", ".join(short_name(iri) for iri in found[:_MOST])
        yield Hint(
            f"De resurser som frågan har kommit till har inte {short_name(wanted)}, men {shown}.",
            f"The things that the query has come to do not have {short_name(wanted)}, but {shown}.",
        )


def _alike(wanted: str, there: list[str]) -> list[str]:
    names = {iri: split(iri)[1] for iri in there}
    found = process.extract(split(wanted)[1], names, scorer=fuzz.ratio, limit=_MOST, score_cutoff=_ALIKE)
    return [iri for _, _, iri in found]
