"""The columns that lists are made of."""

from __future__ import annotations

from server.pages.answers.choose import MAYBE, SURE
from server.pages.answers.rows import areas
from server.pages.catalogue.things import ID, Catalogue, Thing
from server.pages.law import act as act_of
from server.pages.law import bases, last_day
from server.pages.law import checked as was_checked
from server.pages.law import in_force as holds
from server.pages.links import to
from server.pages.lists.cells import Cell, Column, all_of, said, yes_or_no
from server.pages.registers import by_municipality, in_percent, place_variables
from server.pages.registers import coverage as covered
from server.pages.registers import relevance as relevant
from server.pages.words.names import order
from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken


def name(word: str) -> Column:
    """The name, which is the link."""
    return Column("name", word, lambda _found, thing: Cell((thing,)))


def indicators() -> Column:
    """How many indicators a register has."""
    return Column(
        "indicators",
        _("Indicators"),
        lambda found, one: _counted(len(found.back(one, "rg:indicatorOf")), "/indicators", register=one.key),
        numeric=True,
    )


def relevance(via: str = "") -> Column:
    """The relevance of a register, or of the register that a property leads to."""

    def make(found: Catalogue, thing: Thing) -> Cell:
        registers = found.linked(thing, via) if via else [thing]
        levels = [found.get("relevance-level", level) for one in registers for level in relevant(one)]
        return all_of(level for level in levels if level is not None)

    return Column("relevance", _("Relevance"), make)


def coverage() -> Column:
    """The latest coverage of a register with its year."""

    def make(found: Catalogue, thing: Thing) -> Cell:
        one = covered(found, thing)
        if one is None:
            return Cell(unknown=True)
        return Cell(text=in_percent(one) + (f" ({one.year})" if one.year else ""))

    return Column("coverage", _("Coverage"), make)


def local() -> Column:
    """Whether a register can be broken down by municipality, with the variables that tell."""

    def make(found: Catalogue, thing: Thing) -> Cell:
        if not by_municipality(thing):
            return Cell(unknown=True)
        return Cell(tuple({one.iri: one for one, _concept in place_variables(found, thing)}.values()))

    return Column("local", _("Municipality without linkage, by"), make)


def kpis() -> Column:
    """How many key indicators name a register."""
    return Column(
        "kolada",
        _("In Kolada"),
        lambda found, one: _counted(len(found.back(one, "rg:citesRegister")), "/kpis", register=one.key),
        numeric=True,
    )


def _counted(number: int, path: str, **choice: str) -> Cell:
    """A number with the list of what was counted."""
    return Cell(number=number, href=to(path, **choice) if number else "")


def status() -> Column:
    """What the mapping did with a register."""
    return Column("status", _("In the mapping"), lambda found, one: all_of(found.linked(one, "rg:mappingStatus")))


def follow_up() -> Column:
    """What an indicator covers, and what it may cover."""

    def make(found: Catalogue, thing: Thing) -> Cell:
        sure, maybe = thing.iris(SURE), thing.iris(MAYBE)
        covers = [area for area in areas(found) if area.iri in sure or area.iri in maybe]
        marks = tuple("" if area.iri in sure else _("possibly") for area in covers)
        return Cell(tuple(covers), marks=marks) if covers else Cell(unknown=True)

    return Column("follow-up", _("Follow-up area"), make)


def source() -> Column:
    """Where it is printed."""
    return Column(
        "source", _("Source"), lambda found, one: Cell(tuple(found.linked(one, "dcterms:source")), short=True)
    )


def used_by() -> Column:
    """How many indicators use a variable."""
    return Column(
        "used",
        _("Used by indicators"),
        lambda found, one: Cell(number=len(found.back(one, "rg:usesVariable"))),
        numeric=True,
    )


def held_by() -> Column:
    """The registers that measure a concept."""

    def make(found: Catalogue, thing: Thing) -> Cell:
        every = {
            one.iri: one
            for variable in found.back(thing, "rg:measures")
            for one in found.linked(variable, "rg:variableOf")
        }
        return Cell(tuple(sorted(every.values(), key=order)))

    return Column("registers", _("Registers"), make)


def measured_by() -> Column:
    """How many variables measure a concept."""
    return Column(
        "variables", _("Variables"), lambda found, one: Cell(number=len(found.back(one, "rg:measures"))), numeric=True
    )


def support() -> Column:
    """Whether a concept shows municipal support."""
    return Column(
        "support",
        _("Shows municipal support"),
        lambda _found, one: (
            yes_or_no(one.flag("rg:showsMunicipalSupport") or None) if one.flag("rg:showsMunicipalSupport") else Cell()
        ),
    )


def serves(found: Catalogue, thing: Thing) -> Cell:
    """The groups that an area serves."""
    return Cell(tuple(sorted(found.back(thing, "rg:servedBy"), key=order)))


_CHOICE = {"rg:concernsTargetGroup": "group", "rg:concernsServiceArea": "area"}


def registers_of(prop: str) -> Column:
    """How many registers have an indicator about a group or area."""

    def make(found: Catalogue, thing: Thing) -> Cell:
        about = [one for one in found.back(thing, prop) if one.kind == "indicator"]
        registers = {iri for one in about for iri in one.iris("rg:indicatorOf")}
        return _counted(len(registers), "/registers", **{_CHOICE[prop]: thing.key})

    return Column("registers", _("Registers"), make, numeric=True)


def indicators_of(prop: str) -> Column:
    """How many indicators are about a group or area."""

    def make(found: Catalogue, thing: Thing) -> Cell:
        number = sum(other.kind == "indicator" for other in found.back(thing, prop))
        return _counted(number, "/indicators", **{_CHOICE[prop]: thing.key})

    return Column("indicators", _("Indicators"), make, numeric=True)


def results_of(prop: str) -> Column:
    """How many of them surely show results."""

    def make(found: Catalogue, thing: Thing) -> Cell:
        return Cell(number=len(found.pointing(thing, prop) & found.pointing(f"{ID}follow-up-area/results", SURE)))

    return Column("results", _("Of results, surely"), make, numeric=True)


def provisions_of() -> Column:
    """How many provisions in force a group or area rests on."""
    return Column(
        "provisions", _("Provisions in force"), lambda found, one: Cell(number=len(bases(found, [one]))), numeric=True
    )


def subject() -> Column:
    """What a provision is about."""

    def make(_found: Catalogue, thing: Thing) -> Cell:
        return said(thing.text("eli:description", spoken()))

    return Column("subject", _("What it says"), make)


def in_force() -> Column:
    """Whether a provision's act is in force, and until when it was."""

    def make(found: Catalogue, thing: Thing) -> Cell:
        if holds(found, thing):
            return Cell(text=_("yes"))
        return Cell(text=_("no, in force until %(day)s", day=last_day(found, thing)))

    return Column("in-force", _("In force"), make)


def act() -> Column:
    """The act that a provision stands in."""
    return Column("act", _("Act"), lambda found, one: all_of(filter(None, [act_of(found, one)])))


def checked() -> Column:
    """Whether somebody has checked the provision against its text."""
    return Column("checked", _("Checked"), lambda _found, one: yes_or_no(was_checked(one)))


def homepage() -> Column:
    """The homepage, which is elsewhere."""
    return Column(
        "homepage",
        _("Website"),
        lambda _found, one: (
            Cell(text=one.first("foaf:homepage"), href=one.first("foaf:homepage"))
            if one.first("foaf:homepage")
            else Cell(unknown=True)
        ),
    )


def published() -> Column:
    """How many key indicators a channel publishes."""
    return Column(
        "kpis",
        _("Key indicators"),
        lambda found, one: Cell(number=len(found.back(one, "rg:publishedIn"))),
        numeric=True,
    )


def code() -> Column:
    """The code in the source's own system."""
    return Column("code", _("Code"), lambda _found, one: Cell(text=one.first("skos:notation")))


def operating_area() -> Column:
    """Kolada's own division."""

    def make(found: Catalogue, thing: Thing) -> Cell:
        subjects = found.linked(thing, "dcterms:subject")
        return Cell(tuple(subjects)) if subjects else said(thing.text("rg:operatingArea", spoken()))

    return Column("area", _("Kolada's area"), make)


def sheet() -> Column:
    """The address of the answer sheets of a municipality."""
    from server.pages.links import to

    return Column(
        "sheet",
        _("Answer sheet"),
        lambda _found, one: Cell(text=_("choose group"), href=to("/answers", municipality=one.key)),
    )


def issued() -> Column:
    """When a source was issued."""
    return Column(
        "issued",
        _("Issued"),
        lambda _found, one: (
            Cell(text=one.first("dcterms:issued")) if one.first("dcterms:issued") else Cell(unknown=True)
        ),
    )
