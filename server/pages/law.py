"""Provisions: which are in force, what rests on them, and what corresponds to them in the law before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.collation import swedish


@dataclass(frozen=True, slots=True)
class Basis:
    """A provision on which groups or areas rest; `said` are the statements of that, with their evidence."""

    provision: Thing
    said: tuple[Thing, ...]

    @property
    def verified(self) -> bool:
        """Whether every statement of it was checked."""
        return all(one.flag("rg:verified") for one in self.said)


def act(found: Catalogue, provision: Thing) -> Thing | None:
    """The act of a provision."""
    return next(iter(found.linked(provision, "rg:provisionOf")), None)


def in_force(found: Catalogue, provision: Thing) -> bool:
    """Whether the provision's act has not been repealed, as far as the release knows."""
    one = provision if provision.kind == "legal-act" else act(found, provision)
    return one is not None and not one.first("rg:repealedOn") and not one.iris("rg:repealedBy")


def bases(found: Catalogue, concepts: Iterable[Thing], *, current: bool = True) -> list[Basis]:
    """The provisions that target groups and service areas rest on, in the order of the acts; only those in force."""
    said: dict[str, dict[str, Thing]] = {}
    for concept in concepts:
        for basis in found.back(concept, "rg:basisFor"):
            for provision in found.linked(basis, "rg:basisIn"):
                said.setdefault(provision.iri, {})[basis.iri] = basis
    every = [Basis(found.things[iri], tuple(statements.values())) for iri, statements in said.items()]
    chosen = [one for one in every if not current or in_force(found, one.provision)]
    return sorted(chosen, key=lambda one: order(found, one.provision))


def order(found: Catalogue, provision: Thing) -> tuple[object, ...]:
    """The place of a provision: the latest act first, then by chapter, section, paragraph and item."""
    one = act(found, provision)
    begun = one.first("rg:validFrom") if one else ""
    return (-int(begun[:4] or 0), swedish(provision.key))


def before(found: Catalogue, provision: Thing) -> list[tuple[Thing, Thing]]:
    """The older provisions that a provision answers to, each with the statement of it."""
    pairs = [
        (old, one) for one in found.back(provision, "rg:newProvision") for old in found.linked(one, "rg:oldProvision")
    ]
    return sorted(pairs, key=lambda pair: swedish(pair[0].key))


def after(found: Catalogue, provision: Thing) -> list[tuple[Thing, Thing]]:
    """The newer provisions that answer to an old one, each with the statement of it."""
    pairs = [
        (new, one) for one in found.back(provision, "rg:oldProvision") for new in found.linked(one, "rg:newProvision")
    ]
    return sorted(pairs, key=lambda pair: swedish(pair[0].key))
