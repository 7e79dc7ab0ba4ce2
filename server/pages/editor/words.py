"""What the query editor completes: prefixes, classes and properties with their labels and how often they are used.

All of it is counted over the catalogue of the release, once per release and language; no key that is pressed asks.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import ID, Thing
from server.pages.things.terms import label_in, words
from server.pages.words.wording import spoken
from server.query.prefixes import PREFIXES, short_name
from server.service import Service

_TYPE = "rdf:type"


def completions(site: Service) -> dict[str, Any]:
    """`prefixes` by name, `classes` and `properties` with name, label, other label and count, the most used first, and
    `of`, which gives for a class the places of its instances' properties in `properties`.
    """
    key = ("completions", spoken())
    found = site.derived.get(key)
    if not isinstance(found, dict):
        found = site.derived[key] = _counted(site)
    return found


def _counted(site: Service) -> dict[str, Any]:
    found = catalogue(site)
    by_class: dict[str, Counter[str]] = {}
    properties: Counter[str] = Counter()
    for thing in found.things.values():
        properties.update(thing.said.keys())
        for name in _classes(thing):
            by_class.setdefault(name, Counter()).update(thing.said.keys())
    listed = [name for name, _count in properties.most_common() if _has_prefix(name)]
    places = {name: place for place, name in enumerate(listed)}
    counts = Counter({name: used[_TYPE] for name, used in by_class.items()})
    return {
        "prefixes": {**PREFIXES, **{kind: f"{ID}{kind}/" for kind in _kinds(site)}},
        "classes": [_term(site, name, count) for name, count in counts.most_common() if _has_prefix(name)],
        "properties": [_term(site, name, properties[name]) for name in listed],
        "of": {
            name: [places[prop] for prop, _count in used.most_common() if prop in places]
            for name, used in by_class.items()
            if _has_prefix(name)
        },
    }


def _kinds(site: Service) -> list[str]:
    """The kinds of things of the release, as in their IRIs."""
    return sorted({thing.kind for thing in catalogue(site).things.values() if thing.iri.startswith(ID)})


def _classes(thing: Thing) -> list[str]:
    return [short_name(value.text) for value in thing.said.get(_TYPE, ()) if value.kind == "iri"]


def _has_prefix(name: str) -> bool:
    return name.partition(":")[0] in PREFIXES


def _term(site: Service, name: str, count: int) -> dict[str, Any]:
    """A term with its label in the language of the page and in the other one."""
    lang = spoken()
    own = words(site).get(name, {})
    return {
        "name": name,
        "label": label_in(site, name),
        "other": own.get("en" if lang == "sv" else "sv", ""),
        "count": count,
    }
