"""/compare: the matrix with the gaps, or some registers side by side, as pages, CSV, XLSX and JSON."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.choice import read_choice
from server.pages.compare import files, sentences
from server.pages.compare.axes import AREAS, CONCEPTS, FOLLOW_UP, GROUPS, REGISTERS, Axes, axes, axes_of
from server.pages.compare.gaps import gaps
from server.pages.compare.matrix import Counting, Matrix
from server.pages.compare.sides import LEAST, MOST, facts, registers_of
from server.pages.frame import page
from server.pages.links import chosen_language, to
from server.pages.lists.routes import PLAIN
from server.pages.queries import Counted
from server.pages.tables import download, wanted_format
from server.pages.words.hyphens import soft
from server.pages.words.names import order, plain
from server.pages.words.wording import gettext as _
from server.pages.words.wording import listed, spoken
from server.service import Service, current_service

blueprint = Blueprint("compare", __name__)
COLUMNS = 9  # columns that a page shows; the files hold all


@blueprint.get("/compare")
def compare() -> AnyResponse:
    """The matrix, or the registers side by side when two or more are chosen; a form's fields become one parameter."""
    site = current_service()
    if several := [key for key in request.args.getlist("register") if key]:
        return redirect(to("/compare", registers=",".join(dict.fromkeys(several))), 303)
    found = catalogue(site)
    chosen = registers_of(found, request.args.get("registers", ""))
    if len(chosen) >= LEAST:
        return _side_by_side(site, found, chosen)
    return _matrix(site, found, chosen)


def _matrix(site: Service, found: Catalogue, chosen: tuple[Thing, ...]) -> Response:
    relevance = read_choice(found, request.args, "relevance")["relevance"]
    (made, title), missing = _counted(found, axes_of(request.args), relevance), gaps(found)
    if wanted := wanted_format():
        name = f"registergraf-{made.axes.rows.key}-{made.axes.columns.key}"
        tables = [files.matrix_table(made), files.gaps_table(missing)]
        return download(site, wanted, name, tables, {"relevance": relevance.key if relevance else None})
    return page(
        site,
        "compare.html",
        soft=soft,
        made=made,
        shown=min(COLUMNS, len(made.columns)),
        gaps=missing,
        title=title,
        lede=sentences.lede(made),
        of_gaps=sentences.of_gaps(missing),
        hidden=sentences.hidden(made),
        axes=axes(),
        relevances=sorted(found.of("relevance-level"), key=lambda one: ("high", "some", "low").index(one.key)),
        registers=_registers(found),
        chosen=chosen,
        most=MOST,
        crumbs=[(_("Compare"), "")],
    )


def _counted(found: Catalogue, chosen: Axes, relevance: Thing | None) -> tuple[Matrix, str]:
    """A matrix and its heading, counted once per release and language of its links."""
    level = relevance.key if relevance else ""
    key = ("matrix", chosen.rows.key, chosen.columns.key, level, spoken(), chosen_language())
    return found.once(key, lambda: _headed(Counting(found, chosen, relevance)))


def _headed(counting: Counting) -> tuple[Matrix, str]:
    made = counting.matrix()
    return made, sentences.title(counting, made)


def _registers(found: Catalogue) -> list[Thing]:
    return sorted(found.of("register"), key=order)


def _side_by_side(site: Service, found: Catalogue, chosen: tuple[Thing, ...]) -> Response:
    rows = facts(found, chosen)
    matrices = [_across(found, chosen, key) for key in (GROUPS, AREAS, FOLLOW_UP, CONCEPTS)]
    if wanted := wanted_format():
        tables = [files.facts_table(chosen, rows), *(files.matrix_table(made) for made in matrices)]
        keys = [one.key for one in chosen]
        return download(site, wanted, "-".join(["registergraf", *keys]), tables, {"registers": keys})
    title = _("%(names)s side by side", names=listed([plain(one) for one in chosen]))
    return page(
        site,
        "side-by-side.html",
        soft=soft,
        found=found,
        chosen=chosen,
        facts=rows,
        matrices=matrices,
        shared=_shared(matrices[-1]),
        title=title,
        query=Counted(0, files.facts_query(chosen)),
        registers=_registers(found),
        most=MOST,
        plain_kinds=PLAIN,
        crumbs=[(_("Compare"), to("/compare")), (listed([plain(one) for one in chosen]), "")],
    )


def _across(found: Catalogue, chosen: tuple[Thing, ...], key: str) -> Matrix:
    every = axes(variables=key == CONCEPTS)
    return Counting(found, Axes(every[key], every[REGISTERS], key == CONCEPTS), None, chosen).matrix()


def _shared(made: Matrix) -> list[Thing]:
    """The concepts that every one of the registers measures."""
    return [line.thing for line in made.lines if all(cell.number for cell in line.cells)]
