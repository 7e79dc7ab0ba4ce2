"""Section 4 of the sheet: what the sources are silent on, and where they contradict themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.pages.answers.choose import Chosen, printed_indicators
from server.pages.answers.rows import Group
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.queries import Counted, counted, select
from server.pages.registers import discrepancies
from server.pages.words.names import order


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is not known for a sheet.

    `outside` are registers that municipalities co-fund and that the mapping left out; `published` is the number of
    indicators that the source says it found, `printed` how many of them it prints; the rest are counts of registers.
    """

    outside: tuple[Thing, ...]
    published: Thing | None
    printed: Counted
    without_coverage: tuple[Thing, ...]
    without_year: tuple[Thing, ...]
    without_place: tuple[Thing, ...]
    without_group: Counted
    contradictions: tuple[Thing, ...]
    contradictions_count: Counted


def unknown(chosen: Chosen, groups: Iterable[Group]) -> Unknown:
    """What is not known of the chosen indicators and their registers."""
    found, shown = chosen.found, list(groups)
    about = [*chosen.indicators, *(group.register for group in shown)]
    contradictions = discrepancies(found, *about) if shown else []
    every = found.of("indicator")
    quoted = found.once("quoted", lambda: [one for one in every if not one.iris("rg:concernsTargetGroup")])
    printed = printed_indicators(found)
    return Unknown(
        tuple(_outside(found)),
        _published(found),
        counted(printed, select("?indicator", "?indicator a rg:TabulatedIndicator .")),
        tuple(group.register for group in shown if group.coverage is None),
        tuple(group.register for group in shown if group.coverage is not None and not group.coverage.year),
        tuple(group.register for group in shown if group.municipality is None),
        counted(
            quoted,
            select(
                "?indicator",
                "?indicator a rg:Indicator .",
                "FILTER NOT EXISTS { ?indicator rg:concernsTargetGroup ?group }",
            ),
        ),
        tuple(contradictions),
        counted(contradictions, _about(chosen)),
    )


def _outside(found: Catalogue) -> list[Thing]:
    every = found.back("https://w3id.org/registergraf/id/mapping-status/co-funded-and-out-of-scope", "rg:mappingStatus")
    return sorted(every, key=order)


def _published(found: Catalogue) -> Thing | None:
    """The largest number of indicators that a source says it found."""
    every = [one for one in found.of("figure") if one.key_of("rg:unit") == "indicators" and one.first("rg:figureValue")]
    return max(every, key=lambda one: float(one.first("rg:figureValue")), default=None)


def _about(chosen: Chosen) -> str:
    return chosen.query_for(
        "?discrepancy",
        "{ ?discrepancy rg:discrepancyAbout ?indicator } UNION { ?discrepancy rg:discrepancyAbout ?register }",
    )
