"""What is told of a thing, and what an answer rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from server.mcp.shapes import Fact
from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Thing, Value
from server.pages.things.terms import word
from server.pages.words.names import called
from server.query.prefixes import short_name
from server.service import BASE, Service

_TERM = re.compile(r"(?<![\w:/])(?:rg|skos|dcterms|eli|dpv|dqv|foaf):[A-Za-z]\w*")
_LEFT_OUT = ("rdf:type", "skos:inScheme", "skos:topConceptOf", "rg:propertyKnown", "rg:propertyNotFound")
_LATER = ("rg:currentStatement", "rg:hasVariable", "rg:hasIndicator", "rg:mayHoldConceptualVariable")


def title(thing: Thing) -> str:
    """The whole name of a thing in Swedish."""
    return called(thing, whole=True).text


def facts(site: Service, thing: Thing, most: int) -> tuple[list[Fact], bool]:
    """At most `most` facts of a thing, those with long lists last; and whether some were left out."""
    names = sorted((name for name in thing.said if name not in _LEFT_OUT), key=lambda name: name in _LATER)
    made = [_fact(site, name, value) for name in names for value in thing.values(name)]
    return made[:most], len(made) > most


def _fact(site: Service, name: str, value: Value) -> Fact:
    linked = catalogue(site).things.get(value.text) if value.kind == "iri" else None
    text = title(linked) if linked is not None else value.text[:500]
    key = value.text.removeprefix(BASE + "id/") if linked is not None else ""
    return Fact(property=name, label=word(site, name), value=text, id=key, inferred=value.inferred)


def sources_of(site: Service, thing: Thing, most: int = 20) -> list[str]:
    """The documents and pages that a thing and what holds of it now come from."""
    found = catalogue(site)
    stated = [thing, *found.linked(thing, "rg:currentStatement")]
    pages = [page for one in stated for page in found.linked(one, "dcterms:source")]
    return list(dict.fromkeys(page.first("foaf:page") or page.iri for page in pages))[:most]


def marks(rows: Iterable[Fact]) -> list[str]:
    """The properties of facts that only a rule gives."""
    return list(dict.fromkeys(one.property for one in rows if one.inferred))


def graphs(site: Service) -> list[str]:
    """The source graphs of the release: every one but what describes or infers."""
    described = ("ontology", "shapes", "rules", "questions", "inferred", "scheme", "alignment")
    return [name for name in site.graphs if name.removeprefix(BASE + "graph/").partition("/")[0] not in described]


def inferred_terms(site: Service, query: str) -> list[str]:
    """The terms of a query of whose statements some are inferred in this release."""
    inferred = site.once("inferred terms", lambda: _inferred(site))
    return sorted({term for term in _TERM.findall(query) if term in inferred})


def _inferred(site: Service) -> frozenset[str]:
    names: set[str] = set()
    for thing in catalogue(site).things.values():
        for name, values in thing.said.items():
            if name == "rdf:type":
                names.update(short_name(value.text) for value in values if value.inferred)
            elif name not in names and any(value.inferred for value in values):
                names.add(name)
    return frozenset(names)
