"""Which of it is in Kolada today: key indicators that name a register, and their values for a municipality."""

from __future__ import annotations

from dataclasses import dataclass

from server.pages.answers.choose import Chosen, pattern
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.queries import Counted, counted, ref, select
from server.pages.registers import kpis
from server.pages.words.names import order

_VALUES = "https://api.kolada.se/v2/data/kpi/{kpi}/municipality/{municipality}"
_ABOUT = "https://api.kolada.se/v2/kpi/{kpi}"
_MATCHES = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")


@dataclass(frozen=True, slots=True)
class Cited:
    """The key indicators that cite one register; `measured` when the register has indicators on the sheet."""

    register: Thing
    kpis: tuple[Thing, ...]
    measured: bool


@dataclass(frozen=True, slots=True)
class InKolada:
    """The key indicators of the sheet by register, how many there are, and how many have values of municipalities."""

    cited: tuple[Cited, ...]
    silent: tuple[Thing, ...]
    count: Counted
    local: int


def in_kolada(chosen: Chosen) -> InKolada:
    """Those of the registers on the sheet, and of registers with a key indicator in Kolada's area for it."""
    found = chosen.found
    areas = _areas(chosen)
    with_indicators = {iri for one in chosen.indicators for iri in one.iris("rg:indicatorOf")}
    registers = {
        register.iri: register for kpi in found.of("kpi") for register in found.linked(kpi, "rg:citesRegister")
    }
    cited = [_cited(found, register, areas, register.iri in with_indicators) for register in registers.values()]
    kept = sorted((one for one in cited if one.kpis), key=lambda one: (not one.measured, order(one.register)))
    every = {kpi.iri: kpi for one in kept for kpi in one.kpis}
    local = sum(map(of_municipalities, every.values()))
    return InKolada(tuple(kept), tuple(_silent(found)), counted(list(every), _query(chosen, areas)), local)


def of_municipalities(kpi: Thing) -> bool:
    """Whether Kolada has values of municipalities for a key indicator, and not of regions alone."""
    return bool({"municipality", "municipality-or-region"} & set(kpi.keys("rg:kpiLevel")))


def _cited(found: Catalogue, register: Thing, areas: list[Thing], measured: bool) -> Cited:
    every = kpis(found, register)
    near = measured or any(_in(found, kpi, areas) for kpi in every)
    return Cited(register, tuple(every) if near else (), measured)


def _areas(chosen: Chosen) -> list[Thing]:
    """Kolada's operating areas that are matched with the chosen area, or with the areas that serve the chosen group."""
    found, area, group = chosen.found, chosen.choice["area"], chosen.choice["group"]
    own = [area] if area else found.linked(group, "rg:servedBy") if group else []
    return [
        match
        for one in own
        for name in _MATCHES
        for match in found.linked(one, name)
        if match.kind == "kolada-operating-area"
    ]


def _in(found: Catalogue, kpi: Thing, areas: list[Thing]) -> bool:
    names = {value.text for area in areas for value in area.said.get("skos:prefLabel", ())}
    subjects = {area.iri for area in areas}
    return kpi.first("rg:operatingArea") in names or bool(subjects & set(kpi.iris("dcterms:subject")))


def _silent(found: Catalogue) -> list[Thing]:
    """Registers that municipalities co-fund and that no key indicator names."""
    every = [one for one in found.of("register") if one.flag("rg:coFundedByMunicipalities") and not kpis(found, one)]
    return sorted(every, key=order)


def _query(chosen: Chosen, areas: list[Thing]) -> str:
    cites = "?kpi a rg:ExternalKpi ; rg:citesRegister ?register ."
    if not areas:
        return select("?kpi", cites, pattern(chosen.choice))
    listed = " ".join(ref(area.iri) for area in areas)
    by_name = "?area skos:prefLabel ?name . ?near rg:operatingArea ?name ."
    by_area = f"VALUES ?area {{ {listed} }}\n?near rg:citesRegister ?register ."
    by_area += f"\n{{ {by_name} }} UNION {{ ?near dcterms:subject ?area . }}"
    return select("?kpi", cites, f"{{\n{pattern(chosen.choice)}\n}} UNION {{\n{by_area}\n}}")


def values_of(kpi: Thing, municipality: Thing | None) -> str:
    """Kolada's own values of a key indicator for a municipality if it has such, else what it says of the indicator."""
    code = kpi.first("skos:notation")
    if municipality is None or not of_municipalities(kpi):
        return _ABOUT.format(kpi=code)
    return _VALUES.format(kpi=code, municipality=municipality.key)
