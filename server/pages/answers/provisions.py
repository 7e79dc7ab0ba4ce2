"""Section 5 of the sheet: the provisions in force on which the group and the area rest, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from server.pages.answers.choose import Chosen
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.law import WHOLES, Basis, act, bases, before, checked
from server.pages.queries import Counted, counted, ref, select
from server.pages.words.badges import READING, Badge, Whys
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken


@dataclass(frozen=True, slots=True)
class Section:
    """A provision in force: its act, the older provisions that it answers to, and the badges of how sure that is."""

    provision: Thing
    act: Thing | None
    older: tuple[Thing, ...]
    badges: tuple[Badge, ...]


@dataclass(frozen=True, slots=True)
class Provisions:
    """The sections of a sheet, their acts, and how many there are."""

    sections: tuple[Section, ...]
    acts: tuple[Thing, ...]
    count: Counted

    @property
    def alike(self) -> bool:
        """Whether every section is as sure as the others: our reading, checked. Paper then says it once."""
        return all([badge.kind for badge in section.badges] == [READING] for section in self.sections)


def provisions(chosen: Chosen, whys: Whys) -> Provisions:
    """What the chosen group and area rest on."""
    found = chosen.found
    concepts = [thing for thing in (chosen.choice["group"], chosen.choice["area"]) if thing is not None]
    every = _both(found, concepts)
    sections = tuple(_section(found, basis, whys) for basis in every)
    acts = {section.act.iri: section.act for section in sections if section.act is not None}
    return Provisions(sections, tuple(acts.values()), counted(every, _query(concepts)))


def _both(found: Catalogue, concepts: list[Thing]) -> list[Basis]:
    """With a group and an area, what is said of the two together where anything is; else of each."""
    every = bases(found, concepts)
    if len(concepts) < 2:
        return every
    iris = {concept.iri for concept in concepts}
    both = [one for one in every if any(iris <= set(said.iris("rg:basisFor")) for said in one.said)]
    return both or every


def _query(concepts: list[Thing]) -> str:
    in_force = f"FILTER NOT EXISTS {{ ?provision {WHOLES}* ?whole . ?whole eli:date_no_longer_in_force ?day }}"
    every = " ".join(f"?basis rg:basisFor {ref(concept.iri)} ." for concept in concepts)
    return select("?provision", f"{every} ?basis a rg:LegalBasis ; rg:basisIn ?provision .", in_force)


def _section(found: Catalogue, basis: Basis, whys: Whys) -> Section:
    older = before(found, basis.provision)
    badges = [whys.reading(_reading(found, basis), *_evidence(basis.said))]
    if not basis.verified or any(not checked(said) for _old, said in older):
        badges.append(
            whys.unchecked(
                _("Nobody has checked this against an official source."), *_evidence([said for _old, said in older])
            )
        )
    return Section(basis.provision, act(found, basis.provision), tuple(old for old, _said in older), tuple(badges))


def _reading(found: Catalogue, basis: Basis) -> str:
    names = sorted({plain(thing) for said in basis.said for thing in found.linked(said, "rg:basisFor")})
    return _(
        "That %(provision)s bears on %(groups)s is our reading.",
        provision=plain(basis.provision),
        groups=", ".join(names),
    )


def _evidence(said: list[Thing] | tuple[Thing, ...]) -> list[str]:
    from server.pages.words.names import marked

    texts = [one.text("rg:evidence", spoken()) for one in said]
    return [marked(text) for text in dict.fromkeys(text for text in texts if text is not None)]
