"""A register as schema.org describes data sets, for search engines: the facts of the page, as JSON-LD."""

from __future__ import annotations

from typing import Any

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.registers import holders
from server.pages.words.names import plain
from server.service import BASE

_LABELS = ("skos:prefLabel", "skos:altLabel")
_CONCEPTS = 100


def dataset(found: Catalogue, thing: Thing, description: str, page: str) -> dict[str, Any]:
    """The description of a data collection that `page` is about; what no source says is left out."""
    names = list(dict.fromkeys(value.text for name in _LABELS for value in thing.values(name)))
    told: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": thing.iri,
        "url": page,
        "name": plain(thing),
        "alternateName": [one for one in names if one != plain(thing)],
        "description": description,
        "creator": [_agent(one) for one in holders(found, thing)],
        "sameAs": [iri for name in ("foaf:homepage", "rdfs:seeAlso", "skos:exactMatch") for iri in thing.iris(name)],
        "keywords": _plain(found, thing, "rg:concernsTargetGroup", "rg:concernsServiceArea"),
        "variableMeasured": _plain(found, thing, "rg:holdsConceptualVariable")[:_CONCEPTS],
        "includedInDataCatalog": {"@type": "DataCatalog", "name": "registergraf", "url": BASE},
    }
    return {name: value for name, value in told.items() if value not in ("", [])}


def _plain(found: Catalogue, thing: Thing, *names: str) -> list[str]:
    return list(dict.fromkeys(plain(one) for name in names for one in found.linked(thing, name)))


def _agent(agent: Thing) -> dict[str, str]:
    return {"@type": "Organization", "@id": agent.iri, "name": plain(agent)}
