"""The pages of a provision, with what it answers to in the act before or after, and of an act."""

from __future__ import annotations

from server.pages import law
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.links import thing as address
from server.pages.links import to
from server.pages.lists import columns as c
from server.pages.lists.cells import Cell, Column, linked
from server.pages.queries import counted, ref, select
from server.pages.things.blocks import (
    Block,
    Fact,
    Facts,
    Heading,
    Items,
    Listing,
    Pair,
    Section,
    Side,
    Text,
    Timeline,
    View,
)
from server.pages.things.general import facts, kind_of, source_section
from server.pages.words.badges import Badge, Whys
from server.pages.words.names import called, marked, order, plain
from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext, spoken
from server.service import Service


def provision(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a chapter, section, paragraph or item."""
    whys = Whys(found)
    act = law.act(found, thing)
    sections = [
        *_pairs(found, thing, whys),
        _rests(found, thing, whys),
        Section("what", _("What it is"), [Facts(facts(site, found, thing, whys))]),
    ]
    sections += _parts(found, thing)
    sections += source_section(found, thing)
    kind = _("Provision of %(act)s", act=plain(act)) if act else kind_of(site, thing)
    return View(
        kind,
        called(thing),
        _lede(found, thing),
        sections,
        whys,
        (_("Provisions"), to("/provisions")),
        _beside(found, thing),
    )


def _lede(found: Catalogue, thing: Thing) -> str:
    said = [_subject(thing) + "." if _subject(thing) else ""]
    act = law.act(found, thing)
    if act is not None and law.in_force(found, thing):
        said.append(
            _("The act is in force since %(day)s.", day=_begun(act)) if _begun(act) else _("The act is in force.")
        )
    elif act is not None:
        said.append(_("The act was in force to %(day)s.", day=law.last_day(found, thing)))
    return " ".join(text for text in said if text)


def _subject(thing: Thing) -> str:
    value = thing.text("eli:description", spoken())
    return value.text if value else ""


def _begun(act: Thing) -> str:
    return act.first("eli:first_date_entry_in_force")


def _ended(act: Thing) -> str:
    return act.first("eli:date_no_longer_in_force")


def _pairs(found: Catalogue, thing: Thing, whys: Whys) -> list[Section]:
    older, newer = law.before(found, thing), law.after(found, thing)
    blocks: list[Block] = [_pair(found, thing, old, said, whys) for old, said in older]
    blocks += [_pair(found, new, thing, said, whys) for new, said in newer]
    if not blocks:
        return _wordings(found, thing)
    note = _("Words in quotation marks stand in the text; the rest is put in our words. The links lead to the texts.")
    others = [one for one, _said in (*older, *newer)]
    blocks = [*blocks[:6], Text(note), Heading(_("Timeline")), Timeline(_events(found, thing, others))]
    return [Section("pair", _("New and old side by side"), blocks), *_wordings(found, thing)]


def _pair(found: Catalogue, new: Thing, old: Thing, said: Thing, whys: Whys) -> Pair:
    newer = _words(found, said, new, ("rg:newProvision", "rg:newWords"))
    older = _words(found, said, old, ("rg:oldProvision", "rg:oldWords"))
    kind = ", ".join(plain(one) for one in found.linked(said, "rg:correspondenceKind"))
    return Pair(_side(found, new, newer), _side(found, old, older), _badges(said, whys), kind)


def _words(found: Catalogue, said: Thing, one: Thing, names: tuple[str, str]) -> list[str]:
    """Words of a provision's text: those of the correspondence when they can only be its own, else its own ones."""
    alone = len(found.linked(said, names[0])) == 1
    values = said.values(names[1]) if alone else one.values("rg:quotedWords")
    return [value.text for value in values]


def _side(found: Catalogue, thing: Thing, words: list[str]) -> Side:
    act = law.act(found, thing)
    links = [value.text for value in thing.values("rdfs:seeAlso") if value.text.startswith("http")]
    begun = _begun(thing) or (_begun(act) if act else "")
    return Side(thing, _subject(thing), words, law.in_force(found, thing), begun, law.last_day(found, thing), links[:2])


def _wordings(found: Catalogue, thing: Thing) -> list[Section]:
    """The wordings of a section, each with its first day."""
    wordings = sorted(found.back(thing, "eli:is_member_of"), key=_begun)
    if not wordings:
        return []
    events = [(_begun(one), _subject(one)) for one in wordings]
    return [Section("wordings", _("Wordings"), [Timeline(events), Items(wordings)])]


def _badges(said: Thing, whys: Whys) -> tuple[Badge, ...]:
    evidence = said.text("rg:evidence", spoken())
    words = [marked(evidence)] if evidence else []
    badges = [
        whys.reading(
            _("That the two answer to one another is our reading; no official table of correspondence is used."), *words
        )
    ]
    if not law.checked(said):
        badges.append(whys.unchecked(_("Nobody has checked this against an official source.")))
    return tuple(badges)


def _events(found: Catalogue, thing: Thing, others: list[Thing]) -> list[tuple[str, str]]:
    acts = {act.iri: act for one in (thing, *others) if (act := law.act(found, one)) is not None}
    events = []
    for act in acts.values():
        if _begun(act):
            events.append((_begun(act), _("%(act)s in force", act=plain(act))))
        if _ended(act):
            events.append((_ended(act), _("%(act)s in force for the last day", act=plain(act))))
    return sorted(set(events))


def _rests(found: Catalogue, thing: Thing, whys: Whys) -> Section:
    said = found.back(thing, "rg:basisIn")
    concepts = sorted(
        {one.iri: one for basis in said for one in found.linked(basis, "rg:basisFor")}.values(), key=order
    )
    if not concepts:
        return Section(
            "rests",
            _("What rests on it"),
            [Text(_("Whether a target group or service area rests on it."), unknown=True)],
        )
    texts = [marked(text) for basis in said if (text := basis.text("rg:evidence", spoken())) is not None]
    badges: list[Badge] = [
        whys.reading(_("That the provision bears on them is our reading of it."), *dict.fromkeys(texts))
    ]
    if not all(law.checked(basis) for basis in said):
        badges.append(whys.unchecked(_("Nobody has checked this against an official source.")))
    groups = tuple(one for one in concepts if one.kind == "target-group")
    areas = tuple(one for one in concepts if one.kind == "service-area")
    told = [Fact(_("Target groups"), Cell(groups), tuple(badges))] if groups else []
    told += [Fact(_("Service areas"), Cell(areas), tuple(badges))] if areas else []
    indicators = {one.iri: one for name in law.CONCLUDED for one in found.back(thing, name) if one.kind == "indicator"}
    query = select("?indicator", f"?indicator {'|'.join(law.CONCLUDED)} {ref(thing.iri)} ; a rg:Indicator .")
    caption = ngettext(
        "One indicator is of the group or the measure that it names.",
        "%(num)s indicators are of the group or the measure that it names.",
        len(indicators),
    )
    shown = sorted(indicators.values(), key=order)[:10]
    listing = Listing(
        caption,
        (c.name(_("Indicator")), Column("register", _("Register"), linked("rg:indicatorOf"))),
        shown,
        counted(list(indicators), query),
    )
    return Section("rests", _("What rests on it"), [Facts(told), listing])


def _parts(found: Catalogue, thing: Thing) -> list[Section]:
    parts = sorted(
        found.back(thing, "eli:is_part_of"),
        key=lambda one: law.order(found, one),
    )
    if not parts:
        return []
    return [
        Section(
            "parts",
            _("Its parts"),
            [
                Listing(
                    ngettext("One part.", "%(num)s parts.", len(parts)),
                    (c.name(_("Provision")), c.subject(), c.checked()),
                    parts,
                )
            ],
        )
    ]


def _beside(found: Catalogue, thing: Thing) -> list[tuple[str, list[tuple[str, str]]]]:
    made = []
    chapter = next(iter(found.linked(thing, "eli:is_part_of")), None)
    if chapter is not None:
        near = sorted(found.back(chapter, "eli:is_part_of"), key=lambda one: law.order(found, one))
        made.append(
            (
                _("In %(chapter)s", chapter=plain(chapter)),
                [(plain(one), address(one.iri)) for one in near if one.iri != thing.iri][:15],
            )
        )
    texts = [value.text for value in thing.values("rdfs:seeAlso") if value.text.startswith("http")]
    if texts:
        made.append((_("Its text"), [(text.split("/")[2], text) for text in texts]))
    return made


def act(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of an act."""
    whys = Whys(found)
    mine = [one for one in found.of("provision") if law.act(found, one) is thing]
    provisions = sorted(mine, key=lambda one: law.order(found, one))
    query = select("?provision", f"?provision {law.WHOLES}+ {ref(thing.iri)} ; a eli:LegalResourceSubdivision .")
    holds = law.in_force(found, thing)
    lede = _("In force since %(day)s.", day=_begun(thing)) if holds else _("In force to %(day)s.", day=_ended(thing))
    listing = Listing(
        ngettext(
            "One provision that bears on social services.",
            "%(num)s provisions that bear on social services.",
            len(provisions),
        ),
        (c.name(_("Provision")), c.subject(), c.checked()),
        provisions[:60],
        counted(provisions, query),
        to("/provisions", act=thing.key),
    )
    sections = [
        Section("provisions", _("Provisions"), [listing] if provisions else [Items([_("None is in the graph.")])])
    ]
    sections += [
        Section("what", _("What it is"), [Facts(facts(site, found, thing, whys))]),
        *source_section(found, thing),
    ]
    return View(
        kind_of(site, thing), called(thing, whole=True), lede, sections, whys, (_("Provisions"), to("/provisions"))
    )
