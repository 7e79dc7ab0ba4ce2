"""The page of what was taken away: on which day, through what and by whom, what replaces it, and its last names."""

from __future__ import annotations

from collections.abc import Iterable

from loader.graph.traces import day_of
from server.pages.catalogue.things import Catalogue, Thing, Value
from server.pages.links import thing as address
from server.pages.links import to
from server.pages.lists.cells import Cell
from server.pages.lists.kinds import kinds
from server.pages.things.blocks import Fact, Facts, Section, View
from server.pages.things.general import kind_of, referring
from server.pages.things.terms import word
from server.pages.words.badges import Whys
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _
from server.pages.words.wording import listed, spoken
from server.service import Service

_WHEN, _NAMES = "prov:invalidatedAtTime", "rdfs:label"
_OWNERS = ("rg:variableOf", "rg:indicatorOf", "dqv:computedOn", "rdf:subject", "rg:eventOf")


def is_gone(thing: Thing) -> bool:
    """Whether this is what is left of a thing that was taken away; an earlier value of what stands is not."""
    return bool(thing.values(_WHEN)) and not thing.values("prov:specializationOf")


def gone(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a thing that was taken away."""
    stated = [Section("what", _("What was removed"), [Facts(_facts(found, thing))])]
    kind, above = _kind(site, found, thing)
    return View(
        _("%(kind)s, removed", kind=kind) if kind else _("Removed"),
        thing.text(_NAMES, spoken()) or Value("literal", thing.key),
        " ".join(filter(None, (_how(found, thing), _instead(found, thing)))),
        [*stated, *referring(site, found, thing)],
        Whys(found),
        above,
    )


def _kind(site: Service, found: Catalogue, thing: Thing) -> tuple[str, tuple[str, str] | None]:
    """What it was, by its address: the word for things of that kind, and the list of those that stand."""
    for key, one in kinds().items():
        if one.kind == thing.kind:
            return word(site, one.klass), (one.word, to(f"/{key}"))
    standing = next((one for one in found.of(thing.kind) if not is_gone(one)), None)
    return kind_of(site, standing) if standing else "", None


def _how(found: Catalogue, thing: Thing) -> str:
    day = day_of(thing.first(_WHEN))
    for activity in found.linked(thing, "prov:wasInvalidatedBy"):
        stewards, holders = _accounts(found, [activity]), _handed_in(found, activity)
        if activity.kind == "withdrawal":
            return _("Removed on %(day)s, when the submission that described it was withdrawn.", day=day)
        if stewards and holders:
            names = {"steward": _called(stewards), "holder": _called(holders)}
            return _("Removed on %(day)s, when %(steward)s accepted what %(holder)s had handed in.", day=day, **names)
    return _("Removed on %(day)s.", day=day)


def _instead(found: Catalogue, thing: Thing) -> str:
    successors = found.linked(thing, "dcterms:isReplacedBy")
    return _("It is replaced by %(name)s.", name=_called(successors)) if successors else ""


def _facts(found: Catalogue, thing: Thing) -> list[Fact]:
    names = "; ".join(dict.fromkeys(value.text for value in thing.values(_NAMES)))
    successors = tuple(found.linked(thing, "dcterms:isReplacedBy"))
    none = Cell(text=_("Nothing was named that replaces it"))
    facts = [
        Fact(_("Removed on"), Cell(text=day_of(thing.first(_WHEN)))),
        Fact(_("Replaced by"), Cell(successors) if successors else none),
        Fact(_("Last names"), Cell(text=names) if names else Cell(unknown=True)),
    ]
    registers = _registers(found, thing, successors)
    if registers:
        facts.append(Fact(_("Register"), Cell(registers)))
    for activity in found.linked(thing, "prov:wasInvalidatedBy"):
        facts += _through(found, activity)
    return facts


def _through(found: Catalogue, activity: Thing) -> list[Fact]:
    words = {
        "acceptance": _("the acceptance of submission %(key)s", key=activity.key),
        "withdrawal": _("the withdrawal of submission %(key)s", key=activity.key),
    }
    told = [Fact(_("Through"), Cell(text=words.get(activity.kind, activity.key), href=address(activity.iri)))]
    stewards, holders = _accounts(found, [activity]), _handed_in(found, activity)
    told += [Fact(_("Accepted by"), Cell(stewards))] if stewards else []
    return told + ([Fact(_("Handed in by"), Cell(holders))] if holders else [])


def _handed_in(found: Catalogue, activity: Thing) -> tuple[Thing, ...]:
    return _accounts(found, found.linked(activity, "prov:wasInformedBy"))


def _accounts(found: Catalogue, activities: Iterable[Thing]) -> tuple[Thing, ...]:
    """The accounts, called by their roles, and not the program."""
    every = (one for activity in activities for one in found.linked(activity, "prov:wasAssociatedWith"))
    return tuple(one for one in every if one.kind == "agent")


def _registers(found: Catalogue, thing: Thing, successors: Iterable[Thing]) -> tuple[Thing, ...]:
    """Its register: by the key, which begins with the register's, or else that of what replaces it."""
    own = found.get("register", thing.key.partition(".")[0])
    others = (one for successor in successors for name in _OWNERS for one in found.linked(successor, name))
    return (own,) if own else tuple(dict.fromkeys(one for one in others if one.kind == "register"))


def _called(things: Iterable[Thing]) -> str:
    return listed([plain(one) for one in things])
