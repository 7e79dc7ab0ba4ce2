"""Section 3 of the sheet: how many measures each follow-up area has, where there is none, and what is nearest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.pages.answers.choose import MAYBE, SURE, Chosen
from server.pages.answers.rows import areas
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.queries import Counted, counted, ref, select
from server.pages.registers import by_municipality
from server.pages.words.names import order


@dataclass(frozen=True, slots=True)
class Gap:
    """A follow-up area: measures that cover it for sure, that may cover it, and that reach the municipality.

    `elsewhere` are measures of the same area about others, in `registers`, about `groups`; only for a gap.
    """

    area: Thing
    sure: Counted
    maybe: Counted
    local: tuple[Thing, ...]
    elsewhere: Counted
    registers: tuple[Thing, ...]
    groups: tuple[Thing, ...]

    @property
    def empty(self) -> bool:
        """Whether no measure covers the area for sure."""
        return not self.sure.number


def gaps(chosen: Chosen) -> list[Gap]:
    """One row for each follow-up area, the emptiest first."""
    every = [_gap(chosen, area) for area in areas(chosen.found)]
    return sorted(every, key=lambda gap: gap.sure.number + gap.maybe.number)


def _gap(chosen: Chosen, area: Thing) -> Gap:
    found = chosen.found
    sure = chosen.covering(area, SURE)
    maybe = [one for one in chosen.covering(area, MAYBE) if one.iri not in found.pointing(area, SURE)]
    certain = f"?indicator {SURE} {ref(area.iri)} ."
    possible = f"?indicator {MAYBE} {ref(area.iri)} .\nFILTER NOT EXISTS {{ {certain} }}"
    local = {
        register.iri: register
        for one in (*sure, *maybe)
        for register in found.linked(one, "rg:indicatorOf")
        if by_municipality(register)
    }
    others = [] if sure else [one for one in found.back(area, SURE) if one.kind == "indicator"]
    return Gap(
        area,
        counted(sure, chosen.query_for("?indicator", certain)),
        counted(maybe, chosen.query_for("?indicator", possible)),
        tuple(sorted(local.values(), key=order)),
        counted(others, select("?indicator", "?indicator a rg:Indicator .", certain)),
        _of(found, others, "rg:indicatorOf"),
        _of(found, others, "rg:concernsTargetGroup"),
    )


def _of(found: Catalogue, indicators: Iterable[Thing], name: str) -> tuple[Thing, ...]:
    every = {thing.iri: thing for one in indicators for thing in found.linked(one, name)}
    return tuple(sorted(every.values(), key=order))
