"""What a plan is asked for: a register, and what it wants: a route, a concept, an indicator, or another register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.choice import read_choice
from server.pages.words.names import order

FIELDS = ("register", "with", "route", "concept", "indicator")


@dataclass(frozen=True, slots=True)
class Asked:
    """The question: `route` is the way that is known to what is wanted, `concepts` are what is wanted."""

    register: Thing
    other: Thing | None = None
    route: Thing | None = None
    concepts: tuple[Thing, ...] = ()
    indicator: Thing | None = None


def read_asked(found: Catalogue, given: Mapping[str, str]) -> Asked | None:
    """The question of an address; None while it is not whole. Problem (bad-request) when a key is not known."""
    chosen = read_choice(found, given, *FIELDS)
    register, other, route, concept, indicator = (chosen[name] for name in FIELDS)
    if register is None or not any((other, route, concept, indicator)):
        return None
    if route is not None:
        return Asked(register, other, route, tuple(found.linked(route, "rg:wants")), indicator)
    if indicator is not None:
        used = tuple(sorted(found.linked(indicator, "rg:usesConceptualVariable"), key=order))
        return Asked(register, other, None, used, indicator)
    concepts = (concept,) if concept is not None else ()
    return Asked(register, other, _route_to(found, concepts), concepts)


def _route_to(found: Catalogue, concepts: Iterable[Thing]) -> Thing | None:
    """The route that is known to what is wanted."""
    routes = (route for concept in concepts for route in found.back(concept, "rg:wants"))
    return next(iter(sorted(routes, key=order)), None)
