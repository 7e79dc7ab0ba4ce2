"""Section 1 of the sheet: the registers with their facts, and their indicators with what they cover."""

from __future__ import annotations

from dataclasses import dataclass

from server.pages.answers.choose import MAYBE, SURE, Chosen
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.registers import (
    Coverage,
    by_municipality,
    by_relevance,
    coverage,
    kpis,
    levels,
    place_variables,
    relevance,
)
from server.pages.words.badges import Badge, Whys
from server.pages.words.names import order, plain
from server.pages.words.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator: `covers` has for each follow-up area sure, maybe or nothing; `passages` say where it is printed."""

    indicator: Thing
    covers: tuple[str, ...]
    measure: Thing | None
    levels: tuple[Thing, ...]
    passages: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A register's rows with its facts; `by_place` are the variables by which a municipality can be told."""

    register: Thing
    relevance: tuple[Thing, ...]
    computed: bool
    levels: tuple[Thing, ...]
    coverage: Coverage | None
    municipality: Badge | None
    by_place: tuple[Thing, ...]
    kpis: tuple[Thing, ...]
    rows: tuple[Row, ...]


def areas(found: Catalogue) -> list[Thing]:
    """The follow-up areas in the order of the columns: from the group to its outcomes."""
    wanted = (
        "information-about-the-target-group",
        "ways-of-working-and-processes",
        "conditions-in-the-service",
        "results",
    )
    every = {one.key: one for one in found.of("follow-up-area")}
    rest = sorted((one for key, one in every.items() if key not in wanted), key=order)
    return [every[key] for key in wanted if key in every] + rest


def groups(chosen: Chosen, whys: Whys) -> list[Group]:
    """The chosen indicators by register, the most relevant register first."""
    found = chosen.found
    by_register: dict[str, list[Thing]] = {}
    for indicator in chosen.indicators:
        for register in found.linked(indicator, "rg:indicatorOf"):
            by_register.setdefault(register.iri, []).append(indicator)
    registers = sorted(found.all(by_register), key=by_relevance)
    columns = areas(found)
    return [
        _group(found, register, [row(found, one, columns) for one in by_register[register.iri]], whys)
        for register in registers
    ]


def _group(found: Catalogue, register: Thing, rows: list[Row], whys: Whys) -> Group:
    known = by_municipality(register)
    pairs = place_variables(found, register) if known else []
    stated = [found.get("relevance-level", level) for level in relevance(register)]
    return Group(
        register,
        tuple(level for level in stated if level is not None),
        not register.iris("rg:statedRelevance"),
        tuple(levels(found, register)),
        coverage(found, register),
        by_variable(register, pairs, whys) if known else None,
        tuple(_once([variable for variable, _concept in pairs])),
        tuple(kpis(found, register)),
        tuple(rows),
    )


def by_variable(register: Thing, pairs: list[tuple[Thing, Thing]], whys: Whys) -> Badge:
    """Why a register can be broken down by municipality: the rule, and the variables that it rests on."""
    premises = [
        _(
            "Premise: the variable “%(variable)s” of %(register)s measures %(concept)s.",
            variable=plain(variable),
            register=plain(register),
            concept=plain(concept),
        )
        for variable, concept in pairs
    ]
    return whys.inferred("municipality-without-linkage", *premises)


def row(found: Catalogue, indicator: Thing, columns: list[Thing]) -> Row:
    """An indicator as a row."""
    sure, maybe = indicator.iris(SURE), indicator.iris(MAYBE)
    covers = tuple("sure" if area.iri in sure else "maybe" if area.iri in maybe else "" for area in columns)
    return Row(
        indicator,
        covers,
        next(iter(found.linked(indicator, "rg:measureType")), None),
        tuple(found.linked(indicator, "rg:analysisLevel")),
        tuple(found.linked(indicator, "dcterms:source")),
    )


def _once(things: list[Thing]) -> list[Thing]:
    return list({thing.iri: thing for thing in things}.values())


def heading(area: Thing) -> str:
    """A follow-up area as a narrow column's heading, with soft hyphens."""
    short = {
        "information-about-the-target-group": _("Target group"),
        "ways-of-working-and-processes": _("Ways of working"),
        "conditions-in-the-service": _("Conditions"),
        "results": _("Results"),
    }
    return short.get(area.key) or plain(area)
