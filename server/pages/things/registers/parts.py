"""The parts of a register's page: what it gives, how to get at it, how sure that is."""

from __future__ import annotations

from server.pages.answers.choose import MAYBE
from server.pages.answers.rows import areas, row
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.links import to
from server.pages.lists import columns as c
from server.pages.lists.cells import Cell, Column, linked
from server.pages.queries import counted, ref, select
from server.pages.registers import coverages, discrepancies, indicators, kpis, levels, relevance
from server.pages.things.blocks import Block, Fact, Facts, Heading, Items, Listing, Measures, Text
from server.pages.things.general import cell_of
from server.pages.words.badges import Whys
from server.pages.words.collation import swedish
from server.pages.words.names import order, plain
from server.pages.words.wording import capital, ngettext
from server.pages.words.wording import gettext as _

SHOWN = 40  # rows of a list that goes on elsewhere


def gives(found: Catalogue, thing: Thing) -> list[Block]:
    """Its indicators, what of it is in Kolada, and its variables."""
    blocks: list[Block] = []
    every, variables = indicators(found, thing), sorted(found.back(thing, "rg:variableOf"), key=order)
    me = ref(thing.iri)
    if every:
        blocks += _measures(found, thing, every)
    else:
        text = _(
            "No indicators are known. That does not mean that the register has none. Its holder can hand in a list of "
            "variables; then the page fills in the next release."
        )
        blocks.append(Text(text, note=True, href=to("/check"), more=_("Check and hand in")))
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


def _measures(found: Catalogue, thing: Thing, every: list[Thing]) -> list[Block]:
    """Those that the mapping sorted by follow-up area, and those of which only the name and the source are known."""
    me = ref(thing.iri)
    sorted_ = [one for one in every if one.iris(MAYBE) or one.iris("rg:concernsTargetGroup")]
    others = [one for one in every if one not in sorted_]
    blocks: list[Block] = []
    if sorted_:
        columns = areas(found)
        told = f"?indicator {MAYBE}|rg:concernsTargetGroup ?what ."
        query = select("?indicator", f"?indicator a rg:Indicator ; rg:indicatorOf {me} .", told)
        caption = ngettext("One indicator.", "%(num)s indicators.", len(sorted_))
        rows = [row(found, one, columns) for one in sorted_]
        blocks.append(Measures(caption, columns, rows, counted(sorted_, query)))
    if others:
        query = select("?indicator", f"?indicator a rg:Indicator ; rg:indicatorOf {me} .")
        caption = ngettext(
            "One indicator that nobody has sorted by group or follow-up area.",
            "%(num)s indicators that nobody has sorted by group or follow-up area.",
            len(others),
        )
        names = (c.name(_("Indicator")), c.source())
        blocks += [
            Heading(_("Other indicators")),
            Listing(caption, names, others[:SHOWN], counted(every, query), to("/indicators", register=thing.key)),
        ]
    return blocks


def dated(found: Catalogue, thing: Thing) -> list[Block]:
    """What pages say of the register: each property with its values, the day as of which they hold, and the pages.

    Values of one property that hold as of the same day by the same pages stand in one row.
    """
    every = sorted(found.linked(thing, "rg:currentStatement"), key=lambda one: swedish(_property(found, one)))
    if not every:
        return []
    rows: dict[tuple[object, ...], list[Thing]] = {}
    for one in every:
        pages = tuple(page.iri for page in _pages(found, one).things)
        rows.setdefault((_property(found, one), one.first("rg:asOf"), pages), []).append(one)
    together = {said[0].iri: said for said in rows.values()}
    columns = (
        Column("property", _("Property"), lambda found, one: Cell(text=_property(found, one))),
        Column("value", _("Value"), lambda found, one: _values(found, together[one.iri])),
        Column("as-of", _("As of"), _as_of, narrow=True),
        Column("source", _("Source"), _pages),
    )
    query = select("?statement", f"{ref(thing.iri)} rg:currentStatement ?statement .")
    caption = ngettext("One statement, with its page.", "%(num)s statements, each with its page.", len(every))
    shown = [said[0] for said in rows.values()]
    return [Heading(_("What public pages say of it")), Listing(caption, columns, shown, counted(every, query))]


def _values(found: Catalogue, statements: list[Thing]) -> Cell:
    """The values of several statements in one cell, each once."""
    cells = [cell_of(found, one, "rdf:object") for one in statements]
    if len({cell.plain for cell in cells}) == 1:
        return cells[0]
    things = {one.iri: one for cell in cells for one in cell.things}
    if all(cell.things for cell in cells):
        return Cell(tuple(things.values()))
    return Cell(text="; ".join(dict.fromkeys(str(cell.plain) for cell in cells)))


def _pages(found: Catalogue, statement: Thing) -> Cell:
    """The pages of all statements of the same value, each once."""
    value, of = statement.first("rdf:object"), statement.iris("rg:ofProperty")
    every = [
        page
        for register in found.linked(statement, "rdf:subject")
        for other in found.linked(register, "rg:currentStatement")
        if other.first("rdf:object") == value and other.iris("rg:ofProperty") == of
        for page in found.linked(other, "dcterms:source")
    ]
    return Cell(tuple({page.iri: page for page in every}.values()), short=True)


def _property(found: Catalogue, statement: Thing) -> str:
    return ", ".join(plain(one) for one in found.linked(statement, "rg:ofProperty"))


def _as_of(_found: Catalogue, statement: Thing) -> Cell:
    day = statement.first("rg:asOf")
    return Cell(text=day) if day else Cell(unknown=True)


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
    if silent := _silent(found, thing):
        blocks += [Heading(_("What we do not know")), Items(silent)]
    sought = sorted(found.linked(thing, "rg:propertyNotFound"), key=order)
    if sought:
        blocks += [Heading(_("Looked for on public pages and not found")), Items(sought)]
    return blocks


def _silent(found: Catalogue, thing: Thing) -> list[str]:
    """What a register's page would hold and the sources do not say."""
    measured = coverages(found, thing)
    known = [one for one in measured if one.known]
    holder = thing.iris("rg:heldBy") or {"holder", "controller"} & set(thing.keys("rg:propertyKnown"))
    kept = thing.flag("rg:recordsHomeMunicipality"), thing.flag("rg:recordsPersonalIdentityNumber")
    checks = (
        (bool(holder), _("who holds the register")),
        (bool(found.back(thing, "rg:indicatorOf")), _("what it measures")),
        ("variable-list" in thing.keys("rg:propertyKnown"), _("the whole list of variables")),
        (kept[0] is not None, _("whether the home municipality is kept")),
        (kept[1] is not None, _("whether the personal identity number is kept")),
        (bool(known), _("how well it covers its patients")),
        (not known or all(one.year for one in known), _("in which year the coverage was measured")),
        (bool(relevance(thing)), _("how relevant it is to social services")),
        (bool(levels(found, thing)), _("at which level its data can be had")),
    )
    return [text for told, text in checks if not told]
