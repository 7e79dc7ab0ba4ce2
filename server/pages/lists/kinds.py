"""Which lists there are: address, class, facets and columns of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.lists import columns as c
from server.pages.lists import facets as f
from server.pages.lists.cells import Column, linked
from server.pages.lists.facets import Facet
from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext


@dataclass(frozen=True, slots=True)
class Kind:
    """A list: `key` is its address, `kind` and `klass` what it holds, `count` its heading for a number of things."""

    key: str
    kind: str
    klass: str
    word: str
    count: Callable[[int], str]
    columns: tuple[Column, ...]
    facets: tuple[Facet, ...] = ()
    start: str = "name"
    note: str = ""
    also: frozenset[str] = field(default_factory=frozenset)


def kinds() -> dict[str, Kind]:
    """Every list in the language of the request, by its address."""
    every = (
        *(_registers(), _indicators(), _variables(), _concepts(), _groups("target-groups"), _groups("service-areas")),
        *(_provisions(), _services(), _channels(), _kpis(), _municipalities(), _discrepancies(), _documents()),
    )
    return {one.key: one for one in every}


ADDRESSES = (
    *("registers", "indicators", "variables", "conceptual-variables", "target-groups", "service-areas", "provisions"),
    *("services", "channels", "kpis", "municipalities", "discrepancies", "documents"),
)


def _registers() -> Kind:
    return Kind(
        *("registers", "register", "rg:DataCollection", _("Registers")),
        lambda n: ngettext("One register", "%(num)s registers", n),
        (c.name(_("Register")), c.indicators(), c.relevance(), c.coverage(), c.local(), c.kpis(), c.status()),
        (
            f.by_property("group", _("Target group"), "rg:concernsTargetGroup"),
            f.by_property("area", _("Service area"), "rg:concernsServiceArea"),
            f.relevance_facet(),
            f.coverage_facet(),
            f.by_inverse("level", _("Level"), "rg:indicatorOf", "rg:analysisLevel"),
            f.local_facet(),
            f.kolada_facet(),
            f.by_flag("co-funded", _("Co-funded by municipalities"), "rg:coFundedByMunicipalities"),
            f.by_property("status", _("In the mapping"), "rg:mappingStatus"),
        ),
    )


def _indicators() -> Kind:
    via = "rg:indicatorOf"
    return Kind(
        *("indicators", "indicator", "rg:Indicator", _("Indicators")),
        lambda n: ngettext("One indicator", "%(num)s indicators", n),
        (
            *(c.name(_("Indicator")), c.follow_up()),
            *(
                Column("register", _("Register"), linked(via)),
                c.relevance(via),
                Column("level", _("Level"), linked("rg:analysisLevel")),
            ),
            *(Column("type", _("Type"), linked("rg:measureType")), c.source()),
        ),
        (
            f.by_property("group", _("Target group"), "rg:concernsTargetGroup"),
            f.by_property("area", _("Service area"), "rg:concernsServiceArea"),
            f.by_property("follow-up", _("Follow-up area, surely or possibly"), "rg:mayCoverFollowUpArea"),
            f.by_property("register", _("Register"), via),
            f.by_property("level", _("Level"), "rg:analysisLevel"),
            f.of_register(f.relevance_facet(), via),
            f.of_register(f.coverage_facet(), via),
            f.of_register(f.local_facet(), via),
            f.of_register(f.kolada_facet(), via),
            f.by_property("measure-type", _("Type of indicator"), "rg:measureType"),
            f.by_flag("patient-reported", _("Reported by patients"), "rg:patientReported"),
        ),
        start="source",
        note=_("“Possibly” is the report's “ev.”."),
    )


def _variables() -> Kind:
    return Kind(
        *("variables", "variable", "rg:Variable", _("Variables")),
        lambda n: ngettext("One variable", "%(num)s variables", n),
        (
            c.name(_("Variable")),
            Column("register", _("Register"), linked("rg:variableOf")),
            Column("measures", _("Measures"), linked("rg:measures")),
            c.used_by(),
        ),
        (
            f.by_property("register", _("Register"), "rg:variableOf"),
            f.by_property("concept", _("Measures"), "rg:measures"),
        ),
        note=_("Only the variables that the sources print."),
    )


def _concepts() -> Kind:
    return Kind(
        *("conceptual-variables", "conceptual-variable", "rg:ConceptualVariable", _("Conceptual variables")),
        lambda n: ngettext("One conceptual variable", "%(num)s conceptual variables", n),
        (
            c.name(_("Conceptual variable")),
            c.held_by(),
            c.measured_by(),
            Column("identifies", _("Singles out"), linked("rg:identifies", silent=False)),
            c.support(),
        ),
        (
            f.by_inverse("register", _("Register"), "rg:measures", "rg:variableOf"),
            f.by_flag("support", _("Shows municipal support"), "rg:showsMunicipalSupport"),
        ),
    )


def _groups(key: str) -> Kind:
    group = key == "target-groups"
    prop = "rg:concernsTargetGroup" if group else "rg:concernsServiceArea"
    count: Callable[[int], str] = (
        (lambda n: ngettext("One target group", "%(num)s target groups", n))
        if group
        else (lambda n: ngettext("One service area", "%(num)s service areas", n))
    )
    served = (
        Column("areas", _("Served by"), linked("rg:servedBy", silent=False))
        if group
        else Column("groups", _("Serves"), c.serves)
    )
    return Kind(
        key,
        "target-group" if group else "service-area",
        "rg:TargetGroup" if group else "rg:ServiceArea",
        _("Target groups") if group else _("Service areas"),
        count,
        (
            c.name(_("Target group") if group else _("Service area")),
            served,
            c.registers_of(prop),
            c.indicators_of(prop),
            c.results_of(prop),
            c.provisions_of(),
        ),
    )


def _provisions() -> Kind:
    return Kind(
        *("provisions", "provision", "eli:LegalResourceSubdivision", _("Provisions")),
        lambda n: ngettext("One provision", "%(num)s provisions", n),
        (
            c.name(_("Provision")),
            c.subject(),
            c.act(),
            c.in_force(),
            c.checked(),
        ),
        (
            f.act_facet(),
            f.in_force_facet(),
            f.by_property("standing", _("Standing"), "rg:standing"),
            f.by_inverse("group", _("Target group"), "rg:basisIn", "rg:basisFor"),
            f.by_inverse("area", _("Service area"), "rg:basisIn", "rg:basisFor"),
        ),
        start="law",
    )


def _services() -> Kind:
    return Kind(
        *("services", "service", "rg:RegisterService", _("Services")),
        lambda n: ngettext("One service for registers", "%(num)s services for registers", n),
        (
            *(c.name(_("Service")), Column("provider", _("Given by"), linked("rg:providedBy"))),
            *(
                Column("orderer", _("Ordered by"), linked("rg:mayBeOrderedBy")),
                Column("route", _("Through"), linked("rg:orderedThrough")),
            ),
            *(
                Column("delivery", _("Delivered as"), linked("rg:deliveredIn")),
                Column("uses", _("Uses"), linked("rg:usesHealthDataRegister", silent=False)),
            ),
        ),
    )


def _channels() -> Kind:
    return Kind(
        *("channels", "channel", "rg:DisseminationChannel", _("Channels")),
        lambda n: ngettext("One channel for knowledge", "%(num)s channels for knowledge", n),
        (c.name(_("Channel")), Column("operator", _("Run by"), linked("rg:operatedBy")), c.homepage(), c.published()),
    )


def _kpis() -> Kind:
    return Kind(
        *("kpis", "kpi", "rg:ExternalKpi", _("Key indicators")),
        lambda n: ngettext("One key indicator that names a register", "%(num)s key indicators that name a register", n),
        (
            c.name(_("Key indicator")),
            c.code(),
            Column("register", _("Register"), linked("rg:citesRegister")),
            c.operating_area(),
            Column("level", _("Level"), linked("rg:kpiLevel")),
            Column("channel", _("Published in"), linked("rg:publishedIn")),
        ),
        (
            f.by_property("register", _("Register"), "rg:citesRegister"),
            f.kpi_level_facet(),
            f.by_property("channel", _("Published in"), "rg:publishedIn"),
        ),
        start="code",
    )


def _municipalities() -> Kind:
    return Kind(
        *("municipalities", "municipality", "rg:Municipality", _("Municipalities")),
        lambda n: ngettext("One municipality", "%(num)s municipalities", n),
        (
            *(c.name(_("Municipality")), c.code(), Column("county", _("County"), linked("rg:inCounty"))),
            *(
                Column("region", _("Region"), linked("rg:inRegion")),
                Column("care", _("Health care region"), linked("rg:inHealthCareRegion")),
                c.sheet(),
            ),
        ),
        (f.by_property("county", _("County"), "rg:inCounty"), f.by_property("region", _("Region"), "rg:inRegion")),
    )


def _discrepancies() -> Kind:
    return Kind(
        *("discrepancies", "discrepancy", "rg:Discrepancy", _("Contradictions")),
        lambda n: ngettext("One contradiction in the sources", "%(num)s contradictions in the sources", n),
        (
            c.name(_("What contradicts what")),
            Column("kind", _("Kind"), linked("rg:discrepancyKind")),
            Column("about", _("About"), linked("rg:discrepancyAbout", silent=False)),
            c.source(),
        ),
        (
            f.by_property("discrepancy-kind", _("Kind"), "rg:discrepancyKind"),
            f.by_property("register", _("Register"), "rg:discrepancyAbout"),
        ),
        start="source",
    )


def _documents() -> Kind:
    return Kind(
        *("documents", "document", "rg:Document", _("Sources")),
        lambda n: ngettext("One source", "%(num)s sources", n),
        (c.name(_("Source")), Column("publisher", _("Publisher"), linked("dcterms:publisher")), c.issued()),
    )


def things_of(found: Catalogue, kind: Kind) -> list[Thing]:
    """The things of a list."""
    klass = kind.klass.partition(":")[2]
    return [one for one in found.of(kind.kind) if one.is_a(klass)]
