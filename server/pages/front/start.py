"""The start page: one question with three fields, what readers come for, and what the graph holds and lacks."""

from __future__ import annotations

from flask import Blueprint, Response

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Catalogue
from server.pages.choice import KINDS, Choice
from server.pages.frame import page
from server.pages.front.ask import fields
from server.pages.front.guides import readers
from server.pages.queries import Counted, counted, select
from server.pages.registers import coverage
from server.pages.words.names import plain
from server.service import current_service

blueprint = Blueprint("start", __name__)
_EXAMPLE = {"group": "older-people", "area": "elderly-care", "municipality": "0180"}


@blueprint.get("/")
def start() -> Response:
    """The start page."""
    site = current_service()
    found = catalogue(site)
    examples = {name: thing for name, key in _EXAMPLE.items() if (thing := found.get(KINDS[name], key)) is not None}
    return page(
        site,
        "start.html",
        fields=fields(found, Choice(examples)),
        example=Choice(examples),
        counts=contents(found),
        without_coverage=_with_coverage(found),
        shown=_examples(found),
        readers=readers(),
    )


def contents(found: Catalogue) -> dict[str, Counted]:
    """How many things of each kind the release holds, each with its query; counted once per release."""
    return found.once("contents", lambda: _counts(found))


def _counts(found: Catalogue) -> dict[str, Counted]:
    kinds = {
        "registers": ("register", "rg:QualityRegister"),
        "indicators": ("indicator", "rg:Indicator"),
        "variables": ("variable", "rg:Variable"),
        "groups": ("target-group", "rg:TargetGroup"),
        "areas": ("service-area", "rg:ServiceArea"),
        "provisions": ("provision", "eli:LegalResourceSubdivision"),
        "kpis": ("kpi", "rg:ExternalKpi"),
        "services": ("service", "rg:RegisterService"),
        "municipalities": ("municipality", "rg:Municipality"),
        "discrepancies": ("discrepancy", "rg:Discrepancy"),
    }
    every = {
        name: counted(
            [one for one in found.of(kind) if one.is_a(klass.partition(":")[2])],
            select("?thing", f"?thing a {klass} ."),
        )
        for name, (kind, klass) in kinds.items()
    }
    measured = {register for one in found.of("indicator") for register in one.iris("rg:indicatorOf")}
    every["measured"] = counted(
        list(measured), select("?register", "?indicator a rg:Indicator ; rg:indicatorOf ?register .")
    )
    return every


def _with_coverage(found: Catalogue) -> int:
    return sum(coverage(found, register) is not None for register in found.of("register"))


def _examples(found: Catalogue) -> dict[str, object]:
    """Registers to show: the one with most indicators, and one of which hardly anything is known."""
    registers = found.of("register")
    rich = max(registers, key=lambda one: (len(found.back(one, "rg:indicatorOf")), plain(one)), default=None)
    thin = next(
        (
            one
            for one in sorted(registers, key=plain)
            if one.flag("rg:coFundedByMunicipalities") and not found.back(one, "rg:indicatorOf")
        ),
        None,
    )
    return {"rich": rich, "thin": thin}
