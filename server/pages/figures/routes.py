"""/figures: all figures on one page, each on its own, as SVG, and its numbers as CSV, XLSX and JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from flask import Blueprint, Response, request
from rapidfuzz import process

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Catalogue
from server.pages.figures import coverages, shares, years
from server.pages.figures.figure import Figure
from server.pages.frame import page
from server.pages.links import to
from server.pages.tables import download, wanted_format
from server.pages.words.sources import in_words
from server.pages.words.wording import decimal, spoken
from server.pages.words.wording import gettext as _
from server.service import current_service
from server.web.problem import Problem
from server.web.reply import not_modified, whole
from server.web.validity import validity

blueprint = Blueprint("figures", __name__)
FIGURES: Mapping[str, Callable[[Catalogue], Figure]] = {
    "follow-up-areas": shares.follow_up,
    "target-groups": shares.by_group,
    "numbers-by-group": shares.numbers,
    "relevance-and-coverage": coverages.by_relevance,
    "coverage": coverages.by_register,
    "years": years.by_year,
}
SVG = "image/svg+xml; charset=utf-8"


@blueprint.get("/figures")
def figures() -> Response:
    """Every figure with its table."""
    found = catalogue(current_service())
    return _shown([_made(found, name) for name in FIGURES], [(_("Figures"), "")])


@blueprint.get("/figures/<name>")
def figure(name: str) -> Response:
    """One figure, or its numbers as a file."""
    site = current_service()
    one = _figure(catalogue(site), name)
    if wanted := wanted_format():
        return download(site, wanted, f"registergraf-{name}", [one.table], {"title": one.title, "counts": one.subtitle})
    return _shown([one], [(_("Figures"), to("/figures")), (one.table.name, "")])


@blueprint.get("/figures/<name>.svg")
def drawing(name: str) -> Response:
    """The drawing alone."""
    site = current_service()
    valid = validity(site, "figure", request.full_path, spoken(), vary=("Accept-Language",))
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    return whole(str(_figure(catalogue(site), name).svg).encode("utf-8"), SVG, valid)


def _figure(found: Catalogue, name: str) -> Figure:
    if name not in FIGURES:
        near = [str(match[0]) for match in process.extract(name[:80], list(FIGURES), limit=2)]
        raise Problem(
            "not-found",
            f"There is no figure {name[:80]}. Nearest: {', '.join(near)}.",
            f"Figuren {name[:80]} finns inte. Närmast: {', '.join(near)}.",
        )
    return _made(found, name)


def _made(found: Catalogue, name: str) -> Figure:
    """A figure, made once per release and language."""
    return found.once(("figure", name, spoken()), lambda: FIGURES[name](found))


def _shown(every: list[Figure], crumbs: list[tuple[str, str]]) -> Response:
    site = current_service()
    return page(
        site,
        "figures.html",
        figures=every,
        title=every[0].title,
        alone=len(every) == 1,
        found=catalogue(site),
        source_words=in_words,
        number_text=lambda value: decimal(Decimal(str(value))),
        crumbs=crumbs,
    )
