"""Provisions: which are in force, what rests on them, and what corresponds to them in the law before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.words.collation import swedish


@dataclass(frozen=True, slots=True)
class Basis:
    """A provision on which groups or areas rest; `said` are the statements of that, with their evidence."""

    provision: Thing
    said: tuple[Thing, ...]

    @property
    def verified(self) -> bool:
        """Whether every statement of it was read in the text."""
        return all(checked(one) for one in self.said)


# A wording is a member of its section, a section a part of its chapter or act: the way from any of them to its act.
WHOLES = "(eli:is_member_of|eli:is_part_of)"
# How an indicator stands to a provision: both are inferred, from a basis that was read, as far as its words reach.
CONCLUDED = ("rg:aboutGroupNamedIn", "rg:concernsMeasureUnder")


def checked(said: Thing) -> bool:
    """Whether what is said was read in the text of the law."""
    return not any(iri.endswith("/unverified") for iri in said.iris("rg:standing"))


def wholes(found: Catalogue, provision: Thing) -> list[Thing]:
    """The provision itself, what it is a wording or a part of, and so on up to its act."""
    chain, new = [provision], [provision]
    while new:
        one = new.pop()
        new += [*found.linked(one, "eli:is_member_of"), *found.linked(one, "eli:is_part_of")]
        chain += [whole for whole in new if whole not in chain]
    return chain


def act(found: Catalogue, provision: Thing) -> Thing | None:
    """The act of a provision."""
    return next((one for one in wholes(found, provision)[1:] if one.kind == "legal-act"), None)


def last_day(found: Catalogue, provision: Thing) -> str:
    """The last day in force of a provision, or of what it is a part of; empty when the release knows of none."""
    return next((day for one in wholes(found, provision) if (day := one.first("eli:date_no_longer_in_force"))), "")


def in_force(found: Catalogue, provision: Thing) -> bool:
    """Whether the release knows of no last day of the provision or of its act."""
    return not last_day(found, provision)


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
    begun = one.first("eli:first_date_entry_in_force") if one else ""
    return (-int(begun[:4] or 0), swedish(provision.key))


def before(found: Catalogue, provision: Thing) -> list[tuple[Thing, Thing]]:
    """The older provisions that a provision answers to, each with the statement of it."""
    said = [one for one in found.back(provision, "rg:newProvision") if _corresponds(one)]
    pairs = [(old, one) for one in said for old in found.linked(one, "rg:oldProvision")]
    return sorted(pairs, key=lambda pair: swedish(pair[0].key))


def after(found: Catalogue, provision: Thing) -> list[tuple[Thing, Thing]]:
    """The newer provisions that answer to an old one, each with the statement of it."""
    said = [one for one in found.back(provision, "rg:oldProvision") if _corresponds(one)]
    pairs = [(new, one) for one in said for new in found.linked(one, "rg:newProvision")]
    return sorted(pairs, key=lambda pair: swedish(pair[0].key))


def _corresponds(said: Thing) -> bool:
    """Whether a correspondence is one: some say that two provisions only look alike."""
    return not any(iri.endswith("/none") for iri in said.iris("rg:correspondenceKind"))
