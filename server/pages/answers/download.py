"""The answer sheet as tables: measures, linkage, gaps, key indicators, what is not known, provisions."""

from __future__ import annotations

from server.pages.answers.kolada import values_of
from server.pages.answers.rows import Group, Row
from server.pages.answers.sheet import Sheet
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.tables import Cell, Table
from server.pages.words.names import plain
from server.pages.words.sources import in_words
from server.pages.words.wording import gettext as _


def tables(sheet: Sheet) -> list[Table]:
    """The sections of a sheet as tables, in its order."""
    return [_measures(sheet), _linkage(sheet), _gaps(sheet), _kolada(sheet), _unknown(sheet), _provisions(sheet)]


def _measures(sheet: Sheet) -> Table:
    found = sheet.chosen.found
    keys = (
        "register",
        "indicator",
        "relevance",
        "level",
        "coverage",
        "municipality",
        *(area.key for area in sheet.columns),
        "type",
        "source",
        "iri",
    )
    words = (
        *(
            _("Register"),
            _("Indicator"),
            _("Relevance"),
            _("Level"),
            _("Coverage, per cent"),
            _("Municipality without linkage"),
        ),
        *(plain(area) for area in sheet.columns),
        *(_("Type"), _("Source"), "IRI"),
    )
    rows = [_measure(found, group, row) for group in sheet.groups for row in group.rows]
    return Table(_("Indicators"), keys, words, rows, sheet.figures.indicators.query)


def _measure(found: Catalogue, group: Group, row: Row) -> list[Cell]:
    unknown = _("we do not know")
    covers = {"sure": _("yes"), "maybe": _("possibly"), "": _("no")}
    return [
        *(
            plain(group.register),
            plain(row.indicator),
            _names(group.relevance) or unknown,
            _names(row.levels) or unknown,
        ),
        group.coverage.text if group.coverage else unknown,
        _("yes: %(variables)s", variables=_names(group.by_place)) if group.municipality else unknown,
        *(covers[one] for one in row.covers),
        plain(row.measure) if row.measure else unknown,
        "; ".join(in_words(found, passage) for passage in row.passages),
        row.indicator.iri,
    ]


def _names(things: tuple[Thing, ...]) -> str:
    return ", ".join(plain(thing) for thing in things)


def _linkage(sheet: Sheet) -> Table:
    keys = ("register", "linkable_with", "precisely", "service")
    words = (_("Register"), _("Can be linked with"), _("Precisely"), _("Service to order"))
    rows: list[list[Cell]] = [
        [
            plain(register),
            _names(one.with_) or _("we do not know"),
            one.precisely if one.with_ else None,
            ", ".join(plain(service.thing) for service in one.services),
        ]
        for one in sheet.linkages
        for register in one.registers
    ]
    query = sheet.chosen.query_for("?register ?linked", "OPTIONAL { ?register rg:linkableWith ?linked }")
    return Table(_("Linkage"), keys, words, rows, query)


def _gaps(sheet: Sheet) -> Table:
    keys = ("follow_up_area", "sure", "possible", "gap", "query")
    words = (_("Follow-up area"), _("Surely"), _("Possibly"), _("Gap"), _("Query"))
    rows: list[list[Cell]] = [
        [plain(gap.area), gap.sure.number, gap.maybe.number, gap.empty, gap.sure.query] for gap in sheet.gaps
    ]
    query = sheet.chosen.query_for("?indicator ?area", "?indicator rg:mayCoverFollowUpArea ?area .")
    return Table(_("Gaps"), keys, words, rows, query)


def _kolada(sheet: Sheet) -> Table:
    municipality = sheet.choice["municipality"]
    keys, words = (
        ("kpi", "label", "register", "values"),
        ("Id", _("Key indicator"), _("Register"), _("Values in Kolada")),
    )
    rows = [
        [kpi.first("skos:notation"), plain(kpi), plain(cited.register), values_of(kpi, municipality)]
        for cited in sheet.kolada.cited
        for kpi in cited.kpis
    ]
    return Table("Kolada", keys, words, rows, sheet.kolada.count.query)


def _unknown(sheet: Sheet) -> Table:
    unknown = sheet.unknown
    pairs = (
        (_("Coverage is not known"), unknown.without_coverage),
        (_("The year of the coverage is not known"), unknown.without_year),
        (_("Breakdown by municipality is not known"), unknown.without_place),
        (_("Outside the mapping"), unknown.outside),
        (_("Contradiction in the source"), unknown.contradictions),
    )
    rows = [[word, plain(thing), thing.iri] for word, things in pairs for thing in things]
    return Table(
        _("Not known"),
        ("what", "about", "iri"),
        (_("What"), _("About"), "IRI"),
        rows,
        unknown.contradictions_count.query,
    )


def _provisions(sheet: Sheet) -> Table:
    keys = ("provision", "subject", "before", "certainty", "iri")
    words = (_("Provision"), _("What it says"), _("In the act before"), _("How sure"), "IRI")
    rows = [
        [
            plain(one.provision),
            subject(one.provision),
            _names(one.older),
            ", ".join(badge.word for badge in one.badges),
            one.provision.iri,
        ]
        for one in sheet.provisions.sections
    ]
    return Table(_("Provisions"), keys, words, rows, sheet.provisions.count.query)


def subject(provision: Thing) -> str:
    """What a provision is about, in a few words; empty when the release does not say."""
    from server.pages.words.wording import spoken

    value = provision.text("eli:description", spoken())
    return value.text if value else ""
