"""The pages of a provision, with what it answers to in the act before or after, and of an act."""

from __future__ import annotations

from server.pages import law
from server.pages.badges import Badge, Whys
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.links import thing as address
from server.pages.links import to
from server.pages.lists import columns as c
from server.pages.lists.cells import Cell, Column, linked
from server.pages.names import called, marked, order, plain
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
from server.pages.wording import gettext as _
from server.pages.wording import ngettext, spoken
from server.service import Site


def provision(site: Site, found: Catalogue, thing: Thing) -> View:
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
        said.append(_("The act was repealed %(day)s.", day=_ended(act)))
    return " ".join(text for text in said if text)


def _subject(thing: Thing) -> str:
    value = thing.text("rg:subjectMatter", spoken()) or thing.text("eli:description", spoken())
    return value.text if value else ""


def _begun(act: Thing) -> str:
    return act.first("rg:validFrom") or act.first("eli:first_date_entry_in_force")


def _ended(act: Thing) -> str:
    return act.first("rg:repealedOn") or act.first("eli:date_no_longer_in_force")


def _pairs(found: Catalogue, thing: Thing, whys: Whys) -> list[Section]:
    older, newer = law.before(found, thing), law.after(found, thing)
    blocks: list[Block] = [Pair(_side(found, thing), _side(found, old), _badges(said, whys)) for old, said in older]
    blocks += [Pair(_side(found, new), _side(found, thing), _badges(said, whys)) for new, said in newer]
    if not blocks:
        return []
    note = _("The texts are not in the graph; the links lead to them. What each says is put in our words.")
    return [
        Section(
            "pair",
            _("New and old side by side"),
            [
                *blocks,
                Text(note),
                Heading(_("Timeline")),
                Timeline(_events(found, thing, [one for one, _said in (*older, *newer)])),
            ],
        )
    ]


def _side(found: Catalogue, thing: Thing) -> Side:
    act = law.act(found, thing)
    links = [value.text for value in thing.values("rdfs:seeAlso") if value.text.startswith("http")]
    return Side(
        thing,
        _subject(thing),
        law.in_force(found, thing),
        _begun(act) if act else "",
        _ended(act) if act else "",
        links[:2],
    )


def _badges(said: Thing, whys: Whys) -> tuple[Badge, ...]:
    evidence = said.text("rg:evidence", spoken())
    words = [marked(evidence)] if evidence else []
    badges = [
        whys.reading(
            _("That the two answer to one another is our reading; no official table of correspondence is used."), *words
        )
    ]
    if not said.flag("rg:verified"):
        badges.append(whys.unchecked(_("Nobody has checked this against an official source.")))
    return tuple(badges)


def _events(found: Catalogue, thing: Thing, others: list[Thing]) -> list[tuple[str, str]]:
    acts = {act.iri: act for one in (thing, *others) if (act := law.act(found, one)) is not None}
    events = []
    for act in acts.values():
        if _begun(act):
            events.append((_begun(act), _("%(act)s in force", act=plain(act))))
        if _ended(act):
            events.append((_ended(act), _("%(act)s repealed", act=plain(act))))
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
    if not all(basis.flag("rg:verified") for basis in said):
        badges.append(whys.unchecked(_("Nobody has checked this against an official source.")))
    groups = tuple(one for one in concepts if one.kind == "target-group")
    areas = tuple(one for one in concepts if one.kind == "service-area")
    told = [Fact(_("Target groups"), Cell(groups), tuple(badges))] if groups else []
    told += [Fact(_("Service areas"), Cell(areas), tuple(badges))] if areas else []
    indicators = {
        one.iri: one
        for concept in concepts
        for name in ("rg:concernsTargetGroup", "rg:concernsServiceArea")
        for one in found.back(concept, name)
        if one.kind == "indicator"
    }
    query = select(
        "?indicator",
        f"?basis rg:basisIn {ref(thing.iri)} ; rg:basisFor ?concept .",
        "?indicator a rg:Indicator ; rg:concernsTargetGroup|rg:concernsServiceArea ?concept .",
    )
    caption = ngettext("One indicator concerns them.", "%(num)s indicators concern them.", len(indicators))
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
        [*found.back(thing, "dcterms:isPartOf"), *found.back(thing, "eli:is_part_of")],
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
    chapter = next(iter([*found.linked(thing, "dcterms:isPartOf"), *found.linked(thing, "eli:is_part_of")]), None)
    if chapter is not None:
        near = sorted(found.back(chapter, "dcterms:isPartOf"), key=lambda one: law.order(found, one))
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


def act(site: Site, found: Catalogue, thing: Thing) -> View:
    """The page of an act."""
    whys = Whys(found)
    provisions = sorted((one for one in found.back(thing, "rg:provisionOf")), key=lambda one: law.order(found, one))
    holds = law.in_force(found, thing)
    lede = _("In force since %(day)s.", day=_begun(thing)) if holds else _("Repealed %(day)s.", day=_ended(thing))
    listing = Listing(
        ngettext(
            "One provision that bears on social services.",
            "%(num)s provisions that bear on social services.",
            len(provisions),
        ),
        (c.name(_("Provision")), c.subject(), c.checked()),
        provisions,
        counted(provisions, select("?provision", f"?provision rg:provisionOf {ref(thing.iri)} .")),
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
