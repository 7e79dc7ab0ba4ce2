"""A whole answer sheet, put together from its sections."""

from __future__ import annotations

from dataclasses import dataclass

from server.pages.answers.choose import CONDITIONS, MAYBE, RESULTS, SURE, Chosen, choose
from server.pages.answers.gaps import Gap, gaps
from server.pages.answers.kolada import InKolada, in_kolada
from server.pages.answers.linkage import Linkage, linkages
from server.pages.answers.provisions import Provisions, provisions
from server.pages.answers.rows import Group, areas, groups
from server.pages.answers.unknown import Unknown, unknown
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.choice import Choice
from server.pages.queries import Counted, counted, ref
from server.pages.words.badges import Whys


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a sheet, each with its query."""

    registers: Counted
    indicators: Counted
    results: Counted
    maybe_results: Counted
    conditions: Counted
    local_registers: Counted
    local_indicators: Counted


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is shown; `columns` are the follow-up areas, `region` and `health_care_region` those of the municipality."""

    chosen: Chosen
    whys: Whys
    columns: tuple[Thing, ...]
    groups: tuple[Group, ...]
    figures: Figures
    kolada: InKolada
    linkages: tuple[Linkage, ...]
    gaps: tuple[Gap, ...]
    unknown: Unknown
    provisions: Provisions
    documents: tuple[Thing, ...]

    @property
    def choice(self) -> Choice:
        """What the sheet is about."""
        return self.chosen.choice

    @property
    def place(self) -> tuple[Thing, ...]:
        """The region of the municipality, its health care region, and who governs there."""
        found, municipality = self.chosen.found, self.choice["municipality"]
        if municipality is None:
            return ()
        regions = found.linked(municipality, "rg:inRegion")
        return (*regions, *found.linked(municipality, "rg:inHealthCareRegion"))


def sheet(found: Catalogue, choice: Choice) -> Sheet:
    """The sheet of a choice."""
    chosen, whys = choose(found, choice), Whys(found)
    shown = groups(chosen, whys)
    return Sheet(
        chosen,
        whys,
        tuple(areas(found)),
        tuple(shown),
        _figures(chosen, shown),
        in_kolada(chosen),
        tuple(linkages(found, shown, whys)),
        tuple(gaps(chosen)),
        unknown(chosen, shown),
        provisions(chosen, whys),
        tuple(_documents(found, shown)),
    )


def _figures(chosen: Chosen, shown: list[Group]) -> Figures:
    found = chosen.found
    local = [group for group in shown if group.municipality is not None]
    by_municipality = (
        "?register rg:supportsAnalysisLevel <https://w3id.org/registergraf/id/analysis-level/municipality> ."
    )
    results, conditions = (found.get("follow-up-area", key) for key in (RESULTS, CONDITIONS))
    sure = chosen.covering(results, SURE) if results else []
    maybe = [one for one in chosen.covering(results, MAYBE) if one not in sure] if results else []
    certain = f"?indicator {SURE} {ref(results.iri) if results else 'rg:none'} ."
    possible = f"?indicator {MAYBE} {ref(results.iri) if results else 'rg:none'} ."
    under = chosen.covering(conditions) if conditions else []
    return Figures(
        counted(shown, chosen.query_for("?register")),
        counted(chosen.indicators, chosen.query_for("?indicator")),
        counted(sure, chosen.query_for("?indicator", certain)),
        counted(maybe, chosen.query_for("?indicator", possible, f"FILTER NOT EXISTS {{ {certain} }}")),
        counted(
            under,
            chosen.query_for("?indicator", f"?indicator {MAYBE} {ref(conditions.iri) if conditions else 'rg:none'} ."),
        ),
        counted(local, chosen.query_for("?register", by_municipality)),
        counted([row for group in local for row in group.rows], chosen.query_for("?indicator", by_municipality)),
    )


def _documents(found: Catalogue, shown: list[Group]) -> list[Thing]:
    from server.pages.words.sources import document

    passages = [passage for group in shown for row in group.rows for passage in row.passages]
    every = [document(found, passage) for passage in passages]
    return list({one.iri: one for one in every if one is not None}.values())
