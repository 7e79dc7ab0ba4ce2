"""The pages of a target group, a service area and a follow-up area, which lead to their answer sheets and lists."""

from __future__ import annotations

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.law import bases
from server.pages.links import to
from server.pages.lists import columns as c
from server.pages.lists.cells import Column, linked
from server.pages.queries import counted, ref, select
from server.pages.registers import by_relevance, printed_order
from server.pages.things.blocks import Block, Facts, Heading, Items, Listing, Section, Text, View
from server.pages.things.general import MOST, facts, kind_of, referring, source_section
from server.pages.words.badges import Whys
from server.pages.words.names import called, order
from server.pages.words.wording import capital, ngettext, spoken
from server.pages.words.wording import gettext as _
from server.service import Service

_PROPERTIES = {
    "target-group": ("group", "rg:concernsTargetGroup", "/target-groups"),
    "service-area": ("area", "rg:concernsServiceArea", "/service-areas"),
    "follow-up-area": ("follow-up", "rg:mayCoverFollowUpArea", "/explore"),
}


def group(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a target group, a service area or a follow-up area."""
    whys = Whys(found)
    parameter, prop, above = _PROPERTIES[thing.kind]
    indicators = sorted((one for one in found.back(thing, prop) if one.kind == "indicator"), key=printed_order)
    sections = [
        Section("gives", _("What there is"), _gives(found, thing, indicators, (parameter, prop))),
        *_law(found, thing),
        Section("what", _("What it is"), [Facts(facts(site, found, thing, whys)), *_mentions(found, thing)]),
        *source_section(found, thing),
    ]
    words = {"target-group": _("Target groups"), "service-area": _("Service areas"), "follow-up-area": _("Explore")}
    sheet = [(_("Answer sheet"), to("/answers", **{parameter: thing.key}))] if parameter != "follow-up" else []
    beside = [(_("Go on"), [*sheet, (_("The indicators as a list"), to("/indicators", **{parameter: thing.key}))])]
    return View(
        kind_of(site, thing),
        called(thing),
        _lede(found, thing, indicators),
        sections,
        whys,
        (words[thing.kind], to(above)),
        beside,
    )


def _lede(found: Catalogue, thing: Thing, indicators: list[Thing]) -> str:
    definition = thing.text("skos:definition", spoken())
    registers = {iri for one in indicators for iri in one.iris("rg:indicatorOf")}
    if not indicators:
        count = _("No indicator is known to concern it: a gap, as far as the sources print indicators.")
    else:
        first = ngettext("One indicator", "%(num)s indicators", len(indicators))
        count = _(
            "%(indicators)s %(registers)s concern it.",
            indicators=first,
            registers=ngettext("in one register", "in %(num)s registers", len(registers)),
        )
    return f"{definition.text if definition else ''} {capital(count)}".strip()


def _gives(found: Catalogue, thing: Thing, indicators: list[Thing], by: tuple[str, str]) -> list[Block]:
    parameter, prop = by
    if not indicators:
        return [
            Text(_("No indicator is known to concern it: a gap, as far as the sources print indicators."), note=True)
        ]
    query = select("?indicator", f"?indicator a rg:Indicator ; {prop} {ref(thing.iri)} .")
    registers = sorted(
        {one.iri: one for indicator in indicators for one in found.linked(indicator, "rg:indicatorOf")}.values(),
        key=by_relevance,
    )
    columns = (
        c.name(_("Indicator")),
        Column("register", _("Register"), linked("rg:indicatorOf")),
        c.follow_up(),
        Column("level", _("Level"), linked("rg:analysisLevel")),
    )
    caption = ngettext("One indicator.", "%(num)s indicators.", len(indicators))
    whole = to("/indicators", **{parameter: thing.key})
    of_registers = select(
        "?register", f"?indicator a rg:Indicator ; rg:indicatorOf ?register ; {prop} {ref(thing.iri)} ."
    )
    return [
        Heading(_("Registers, the most relevant first")),
        Listing(
            ngettext("One register.", "%(num)s registers.", len(registers)),
            (c.name(_("Register")), c.indicators(), c.relevance(), c.coverage(), c.local()),
            registers,
            counted(registers, of_registers),
        ),
        Heading(_("Indicators")),
        Listing(caption, columns, indicators[:MOST], counted(indicators, query), whole),
    ]


def _law(found: Catalogue, thing: Thing) -> list[Section]:
    every = [basis.provision for basis in bases(found, [thing])]
    if not every:
        return (
            [Section("law", _("Provisions in force"), [Text(_("Which provision in force names it."), unknown=True)])]
            if thing.kind != "follow-up-area"
            else []
        )
    caption = ngettext("One provision in force.", "%(num)s provisions in force.", len(every))
    old = [basis.provision for basis in bases(found, [thing], current=False) if basis.provision not in every]
    blocks: list[Block] = [
        Listing(
            caption,
            (c.name(_("Provision")), c.subject(), c.checked()),
            every,
            None,
            to("/provisions", **{_PROPERTIES[thing.kind][0]: thing.key}),
        )
    ]
    if old:
        blocks += [Heading(_("In acts that are repealed")), Items(old)]
    return [Section("law", _("Provisions in force"), blocks)]


def _mentions(found: Catalogue, thing: Thing) -> list[Block]:
    printed = {one.first("rg:printedAs") for one in found.back(thing, "rg:mentionsConcept")} - {""}
    return [Heading(_("As printed")), Items(sorted(printed))] if printed else []


def region(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a municipality, a county or a region."""
    whys = Whys(found)
    sections = [
        Section("what", _("What it is"), [Facts(facts(site, found, thing, whys))]),
        *referring(site, found, thing),
        *source_section(found, thing),
    ]
    beside = (
        [(_("Go on"), [(_("Answer sheet for the municipality"), to("/answers", municipality=thing.key))])]
        if thing.kind == "municipality"
        else []
    )
    above = (_("Municipalities"), to("/municipalities"))
    lede = (
        _("What the registers can say of it depends on the group: choose one for the answer sheet.")
        if thing.kind == "municipality"
        else ""
    )
    place = next((one for one in sorted(found.linked(thing, "rg:inRegion"), key=order)), None)
    if place is not None:
        lede += " " + _("Health care there is governed by %(region)s.", region=called(place).text)
    return View(kind_of(site, thing), called(thing), lede.strip(), sections, whys, above, beside)
