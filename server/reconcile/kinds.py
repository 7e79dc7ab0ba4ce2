"""The types and properties of the service: eight kinds of things, and what is said of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import ID, Thing
from server.pages.things.terms import word
from server.pages.words.names import called
from server.pages.words.wording import capital
from server.service import Service

# Kinds by the local names of their classes, which are the types of the service.
TYPES = {
    "Register": "register",
    "Variable": "variable",
    "ConceptualVariable": "conceptual-variable",
    "Indicator": "indicator",
    "TargetGroup": "target-group",
    "ServiceArea": "service-area",
    "LegalProvision": "provision",
    "Municipality": "municipality",
}
_OF = {kind: name for name, kind in TYPES.items()}
_LEFT_OUT = ("rdf:type", "skos:inScheme", "skos:topConceptOf", "rg:propertyKnown", "rg:propertyNotFound")
_ABOUT = ("rg:indicatorOf", "rg:variableOf", "rg:inCounty")


def kind_named(name: str) -> str:
    """The kind that a client means by a type: a class by local or short name or IRI, or the kind itself; empty when it
    is none of the service's.
    """
    local = name.rpartition("#")[2].removeprefix("rg:")
    return TYPES.get(local, local if local in _OF else "")


def type_of(site: Service, kind: str) -> dict[str, str]:
    """The type of a kind as the API gives it, with its name in the language of the request."""
    return {"id": _OF[kind], "name": capital(word(site, f"rg:{_OF[kind]}"))}


def key_of(thing: Thing) -> str:
    """The identifier of a thing in the service: its IRI after the identifier space."""
    return thing.iri.removeprefix(ID)


def thing_of(site: Service, key: str) -> Thing | None:
    """The thing with an identifier, or with an IRI of ours, that is of a kind of the service."""
    thing = catalogue(site).things.get(ID + key.removeprefix(ID))
    return thing if thing is not None and thing.kind in _OF else None


def name_of(thing: Thing) -> str:
    """The whole name of a thing."""
    return called(thing, whole=True).text


def about(site: Service, thing: Thing) -> str:
    """A few words that tell a thing from others with its name: what it belongs to, or what it says."""
    owners = [one for name in _ABOUT for one in catalogue(site).linked(thing, name)]
    if owners:
        return ", ".join(name_of(one) for one in owners)
    text = thing.text("eli:description", "sv") or thing.text("skos:definition", "sv")
    return text.text[:200] if text else thing.first("rg:shortName")


def properties(site: Service, kind: str = "") -> list[dict[str, str]]:
    """The properties that things of a kind (of any, when it is empty) have, the most frequent first."""
    return site.once(("properties", kind), lambda: _properties(site, kind))


def _properties(site: Service, kind: str) -> list[dict[str, str]]:
    found = catalogue(site)
    kinds = [kind] if kind else list(_OF)
    counts = Counter(name for one in kinds for thing in found.of(one) for name in thing.said if name not in _LEFT_OUT)
    return [{"id": name, "name": word(site, name)} for name, _count in counts.most_common()]


def notable(site: Service, thing: Thing) -> list[dict[str, Any]]:
    """The types of a thing."""
    return [type_of(site, thing.kind)]
