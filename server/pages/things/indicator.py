"""The pages of an indicator, a variable, a conceptual variable and a key indicator."""

from __future__ import annotations

from collections.abc import Iterator

from server.pages import law
from server.pages.answers.choose import MAYBE, SURE
from server.pages.answers.rows import areas
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.links import to
from server.pages.lists import columns as c
from server.pages.lists.cells import Cell, Column, linked, said
from server.pages.queries import counted, ref, select
from server.pages.registers import discrepancies, printed_order
from server.pages.things.blocks import Block, Fact, Facts, Heading, Items, Listing, Section, View
from server.pages.things.general import fact, facts, kind_of, referring, source_section
from server.pages.words.badges import Whys
from server.pages.words.names import called, order, plain, within
from server.pages.words.wording import capital, ngettext
from server.pages.words.wording import gettext as _
from server.pages.words.wording import listed as in_a_row
from server.service import Service

_TOLD = frozenset(
    {
        *("rg:indicatorOf", SURE, MAYBE, "rg:mayUseVariable", "rg:usesVariable", "rg:alternativeVariable"),
        *("rg:usesConceptualVariable", "rg:concernsTargetGroup", "rg:concernsServiceArea", "rg:analysisLevel"),
        *("rg:measureType", "rg:patientReported", *law.CONCLUDED),
    }
)


def indicator(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of an indicator."""
    whys = Whys(found)
    what = [Facts(_facts(site, found, thing, whys))]
    gives: list[Block] = []
    variables = sorted(found.linked(thing, "rg:usesVariable"), key=order)
    if variables:
        query = select("?variable", f"{ref(thing.iri)} rg:usesVariable ?variable .")
        caption = ngettext(
            "It is computed from one variable.", "It is computed from %(num)s variables.", len(variables)
        )
        gives.append(
            Listing(
                caption,
                (c.name(_("Variable")), Column("measures", _("Measures"), linked("rg:measures"))),
                variables,
                counted(variables, query),
            )
        )
    alternative = sorted(found.linked(thing, "rg:alternativeVariable"), key=order)
    if alternative:
        gives += [Heading(_("Could be used instead")), Items(alternative)]
    sections = [Section("what", _("What it is"), what)]
    sections += [Section("made", _("What it is made of"), gives)] if gives else []
    sections += _law(found, thing)
    contradictions = discrepancies(found, thing)
    sections += [Section("sure", _("Contradictions in the sources"), [Items(contradictions)])] if contradictions else []
    sections += source_section(found, thing)
    return View(
        kind_of(site, thing), called(thing), _lede(found, thing), sections, whys, (_("Indicators"), to("/indicators"))
    )


def _lede(found: Catalogue, thing: Thing) -> str:
    registers = [plain(one) for one in found.linked(thing, "rg:indicatorOf")]
    groups = [within(one) for one in sorted(found.linked(thing, "rg:concernsTargetGroup"), key=order)]
    if not groups:
        return _(
            "An indicator of %(register)s. The source does not say which group it concerns.",
            register=in_a_row(registers),
        )
    return _(
        "An indicator of %(register)s that concerns %(groups)s.",
        register=in_a_row(registers),
        groups=in_a_row(groups),
    )


def _facts(site: Service, found: Catalogue, thing: Thing, whys: Whys) -> list[Fact]:
    sure = [area for area in areas(found) if area.iri in thing.iris(SURE)]
    maybe = [area for area in areas(found) if area.iri in thing.iris(MAYBE) and area not in sure]
    made = [
        Fact(_("Register"), linked("rg:indicatorOf")(found, thing)),
        Fact(_("Target groups"), linked("rg:concernsTargetGroup")(found, thing)),
        Fact(_("Service areas"), linked("rg:concernsServiceArea")(found, thing)),
        Fact(_("Covers surely"), Cell(tuple(sure)) if sure else Cell(unknown=not maybe)),
        *([Fact(_("May cover"), Cell(tuple(maybe)))] if maybe else []),
        Fact(_("Level"), linked("rg:analysisLevel")(found, thing)),
        Fact(_("Type"), linked("rg:measureType")(found, thing)),
        fact(site, found, thing, "rg:patientReported", whys),
        fact(site, found, thing, "rg:usesConceptualVariable", whys),
    ]
    return made + facts(site, found, thing, whys, leave=_TOLD)


def _law(found: Catalogue, thing: Thing) -> list[Section]:
    columns = (c.name(_("Provision")), c.subject(), c.checked())
    named, measures = (
        sorted(found.linked(thing, name), key=lambda one: law.order(found, one)) for name in law.CONCLUDED
    )
    listings: list[Block] = []
    if named:
        caption = ngettext("One provision names its group.", "%(num)s provisions name its group.", len(named))
        listings.append(Listing(caption, columns, named))
    if measures:
        caption = ngettext("One provision is of its measure.", "%(num)s provisions are of its measure.", len(measures))
        listings.append(Listing(caption, columns, measures))
    return [Section("law", _("Provisions in force"), listings)] if listings else []


def variable(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a variable of one register."""
    whys = Whys(found)
    used = sorted(found.back(thing, "rg:usesVariable"), key=printed_order)
    blocks: list[Block] = [Facts(facts(site, found, thing, whys))]
    sections = [Section("what", _("What it is"), blocks)]
    if used:
        query = select("?indicator", f"?indicator a rg:Indicator ; rg:usesVariable {ref(thing.iri)} .")
        caption = ngettext("One indicator uses it.", "%(num)s indicators use it.", len(used))
        sections.append(
            Section(
                "used",
                _("What it is used for"),
                [Listing(caption, (c.name(_("Indicator")), c.follow_up()), used, counted(used, query))],
            )
        )
    near = _elsewhere(found, thing)
    if near:
        columns = (
            c.name(_("Variable")),
            Column("register", _("Register"), linked("rg:variableOf")),
            Column("measures", _("Measures"), linked("rg:measures")),
        )
        caption = ngettext(
            "One variable of another register measures the same concept.",
            "%(num)s variables of other registers measure the same concept.",
            len(near),
        )
        sections.append(Section("also", _("About the same in other registers"), [Listing(caption, columns, near)]))
    lede = _(
        "A variable of %(register)s.", register=in_a_row([plain(one) for one in found.linked(thing, "rg:variableOf")])
    )
    return View(
        kind_of(site, thing),
        called(thing),
        lede,
        [*sections, *source_section(found, thing)],
        whys,
        (_("Variables"), to("/variables")),
    )


def _elsewhere(found: Catalogue, thing: Thing) -> list[Thing]:
    own = set(thing.iris("rg:variableOf"))
    every = {
        other.iri: other
        for concept in found.linked(thing, "rg:measures")
        for other in found.back(concept, "rg:measures")
    }
    return sorted((one for one in every.values() if not own & set(one.iris("rg:variableOf"))), key=order)


def _measured(thing: Thing, variables: list[Thing]) -> Iterator[Section]:
    """The variables that measure a concept, when there are any."""
    if variables:
        query = select("?variable", f"?variable a rg:Variable ; rg:measures {ref(thing.iri)} .")
        caption = ngettext("One variable measures it.", "%(num)s variables measure it.", len(variables))
        columns = (c.name(_("Variable")), Column("register", _("Register"), linked("rg:variableOf")), c.used_by())
        more = to("/variables", concept=thing.key)
        listing = Listing(caption, columns, variables, counted(variables, query), more)
        yield Section("measured", _("Where it is measured"), [listing])


def _used(indicators: list[Thing]) -> Iterator[Section]:
    """The indicators that build on a concept, when there are any."""
    if indicators:
        caption = ngettext("One indicator builds on it.", "%(num)s indicators build on it.", len(indicators))
        columns = (c.name(_("Indicator")), Column("register", _("Register"), linked("rg:indicatorOf")))
        yield Section("used", _("What it is used for"), [Listing(caption, columns, indicators)])


def concept(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a conceptual variable."""
    from server.pages.words.wording import spoken

    whys = Whys(found)
    measured = sorted(found.back(thing, "rg:measures"), key=order)
    registers = {one.iri for variable in measured for one in found.linked(variable, "rg:variableOf")}
    used = sorted(found.back(thing, "rg:usesConceptualVariable"), key=printed_order)
    blocks: list[Block] = [Facts(facts(site, found, thing, whys))]
    sections = [Section("what", _("What it is"), blocks), *_measured(thing, measured), *_used(used)]
    definition = said(thing.text("skos:definition", spoken())).text
    count = (
        ngettext("One register is known to hold it.", "%(n)s registers are known to hold it.", len(registers))
        if registers
        else _("No register is known to hold it.")
    )
    return View(
        kind_of(site, thing),
        called(thing),
        f"{definition} {capital(count)}",
        [*sections, *source_section(found, thing)],
        whys,
        (_("Conceptual variables"), to("/conceptual-variables")),
    )


def kpi(site: Service, found: Catalogue, thing: Thing) -> View:
    """The page of a key indicator that is published elsewhere."""
    from server.pages.answers.kolada import values_of

    whys = Whys(found)
    registers = [plain(one) for one in found.linked(thing, "rg:citesRegister")]
    code = thing.first("skos:notation")
    beside = [(_("At Kolada"), [(_("What Kolada says of %(code)s", code=code), values_of(thing, None))])]
    lede = _(
        "Key indicator %(code)s, which names %(registers)s as its source. The graph holds no values.",
        code=code,
        registers=in_a_row(registers),
    )
    sections = [
        Section("what", _("What it is"), [Facts(facts(site, found, thing, whys))]),
        *referring(site, found, thing),
        *source_section(found, thing),
    ]
    return View(kind_of(site, thing), called(thing), lede, sections, whys, (_("Key indicators"), to("/kpis")), beside)
