"""The parts of a register's page: what it gives, how to get at it, how sure that is."""

from __future__ import annotations

from server.pages.answers.rows import areas, row
from server.pages.badges import Whys
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.links import to
from server.pages.lists import columns as c
from server.pages.lists.cells import Cell, Column, linked
from server.pages.names import order
from server.pages.queries import counted, ref, select
from server.pages.registers import coverages, discrepancies, indicators, kpis, levels, relevance
from server.pages.things.blocks import Block, Fact, Facts, Heading, Items, Listing, Measures, Text
from server.pages.wording import capital, ngettext
from server.pages.wording import gettext as _


def gives(found: Catalogue, thing: Thing) -> list[Block]:
    """Its indicators, what of it is in Kolada, and its variables."""
    blocks: list[Block] = []
    every, variables = indicators(found, thing), sorted(found.back(thing, "rg:variableOf"), key=order)
    me = ref(thing.iri)
    if every:
        columns = areas(found)
        query = select("?indicator", f"?indicator a rg:Indicator ; rg:indicatorOf {me} .")
        blocks.append(
            Measures(
                ngettext("One indicator.", "%(num)s indicators.", len(every)),
                columns,
                [row(found, one, columns) for one in every],
                counted(every, query),
            )
        )
    else:
        text = _(
            "No indicators are known. That does not mean that the register has none. Its holder can hand in a list of "
            "variables; then the page fills in the next release."
        )
        blocks.append(Text(text, note=True, href=to("/validate"), more=_("Check and hand in")))
    blocks += _kpis(found, thing)
    if variables:
        query = select("?variable", f"?variable a rg:Variable ; rg:variableOf {me} .")
        caption = ngettext(
            "One variable that is known, with what it measures.",
            "%(num)s variables that are known, with what they measure.",
            len(variables),
        )
        blocks += [
            Heading(_("Variables that are known")),
            Listing(
                caption,
                (
                    c.name(_("Variable")),
                    Column("measures", _("Measures"), linked("rg:measures")),
                    Column("also", _("The same concept in"), _also),
                ),
                variables,
                counted(variables, query),
                to("/variables", register=thing.key),
            ),
        ]
    return blocks


def _kpis(found: Catalogue, thing: Thing) -> list[Block]:
    every = kpis(found, thing)
    if not every:
        return []
    query = select("?kpi", f"?kpi a rg:ExternalKpi ; rg:citesRegister {ref(thing.iri)} .")
    caption = ngettext(
        "One key indicator names the register as its source.",
        "%(num)s key indicators name the register as their source.",
        len(every),
    )
    return [
        Heading(_("In Kolada")),
        Listing(
            caption,
            (c.name(_("Key indicator")), c.code(), c.operating_area()),
            every[:30],
            counted(every, query),
            to("/kpis", register=thing.key),
        ),
    ]


def _also(found: Catalogue, variable: Thing) -> Cell:
    own = set(variable.iris("rg:variableOf"))
    concepts = found.linked(variable, "rg:measures")
    every = {
        one.iri: one
        for concept in concepts
        for other in found.back(concept, "rg:measures")
        for one in found.linked(other, "rg:variableOf")
    }
    return Cell(tuple(sorted((one for iri, one in every.items() if iri not in own), key=order)))


def get(found: Catalogue, thing: Thing, whys: Whys) -> list[Block]:
    """With what it can be linked, and who does that."""
    with_ = sorted(found.linked(thing, "rg:linkableWith"), key=order)
    if not with_:
        blocks: list[Block] = [
            Text(
                _(
                    "Whether the register can be linked with the health data registers: no variable that is known "
                    "singles out a person."
                ),
                unknown=True,
            )
        ]
    else:
        precisely = bool(thing.iris("rg:preciselyLinkableWith"))
        badge = whys.inferred("precisely-linkable" if precisely else "linkable")
        note = _("Down to the care contact.") if precisely else ""
        blocks = [Facts([Fact(_("Can be linked with"), Cell(tuple(with_)), (badge,), note)])]
    blocks.append(Text(_("How one asks the register itself for data."), unknown=True))
    services = len(found.of("service"))
    if services and thing.is_a("QualityRegister"):
        blocks.append(
            Text(
                capital(
                    ngettext(
                        "one service for registers can be ordered by a quality register.",
                        "%(n)s services for registers can be ordered by a quality register.",
                        services,
                    )
                ),
                href=to("/services"),
                more=_("The services"),
            )
        )
    return blocks


def sure(found: Catalogue, thing: Thing) -> list[Block]:
    """Where sources contradict themselves on it, and what they do not say."""
    blocks: list[Block] = []
    every = discrepancies(found, thing, *found.back(thing, "rg:indicatorOf"))
    if every:
        blocks += [Heading(_("Contradictions in the sources")), Items(every[:30])]
    silent = _silent(found, thing)
    if silent:
        blocks += [Heading(_("What we do not know")), Items(silent)]
    return blocks


def _silent(found: Catalogue, thing: Thing) -> list[str]:
    """What a register's page would hold and the sources do not say."""
    measured = coverages(found, thing)
    known = [one for one in measured if one.known]
    checks = (
        (bool(thing.iris("rg:heldBy")), _("who holds the register, since when, and where its website is")),
        (bool(found.back(thing, "rg:indicatorOf")), _("what it measures")),
        (
            False,
            _(
                "the whole list of variables, and with it whether home municipality and personal identity number "
                "are kept"
            ),
        ),
        (bool(known), _("how well it covers its patients")),
        (not known or all(one.year for one in known), _("in which year the coverage was measured")),
        (bool(relevance(thing)), _("how relevant it is to social services")),
        (bool(levels(found, thing)), _("at which level its data can be had")),
    )
    return [text for told, text in checks if not told]
