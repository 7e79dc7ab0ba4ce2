"""/limits: completeness by property and by register; /limits/KEY: what is known and not of one register."""

from __future__ import annotations

from flask import Blueprint, Response

from server.exports.asked import asked_gaps
from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Catalogue
from server.pages.choice import read_choice
from server.pages.exported import element_word, filler_word
from server.pages.frame import page
from server.pages.limits.knowledge import Register, all_known, completeness, known_of, properties
from server.pages.links import to
from server.pages.registers import discrepancies
from server.pages.tables import Cell, Table, download, wanted_format
from server.pages.words.names import plain
from server.pages.words.sources import in_words
from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext
from server.service import current_service

blueprint = Blueprint("limits", __name__)


@blueprint.get("/limits")
def limits() -> Response:
    """How much is known, by property and by register."""
    site = current_service()
    found = catalogue(site)
    asked = properties(found)
    every = all_known(found)
    by_property = completeness(found)
    if wanted := wanted_format():
        tables = [_register_table(every, by_property[0].known.query if by_property else ""), _property_table(found)]
        return download(site, wanted, "registergraf-limits", tables, {"properties": len(asked)})
    missing = asked_gaps(site)
    return page(
        site,
        "limits.html",
        asked=len(asked),
        every=every,
        by_property=by_property,
        ready=len({gap.register for gap in missing if gap.profile == "healthdcat-ap"}),
        title=_title(every, len(asked)),
        gaps=len(missing),
        crumbs=[(_("The limits of what is known"), "")],
    )


def _title(every: list[Register], asked: int) -> str:
    few = sum(len(one.known) * 2 < asked for one in every)
    if not every:
        return _("No quality register is described")
    return ngettext(
        "Of one of %(all)s quality registers less than half of what is asked is known",
        "Of %(num)s of %(all)s quality registers less than half of what is asked is known",
        few,
        all=len(every),
    )


def _register_table(every: list[Register], query: str) -> Table:
    keys = ("register", "known", "not_found", "never_searched", "conflicting", "oldest", "newest", "iri")
    words = (
        *(_("Register"), _("Known"), _("Searched, not found"), _("Not searched")),
        *(_("Contradictory"), _("Oldest statement"), _("Newest statement"), "IRI"),
    )
    rows: list[list[Cell]] = [
        [
            *(plain(one.register), len(one.known), len(one.not_found), len(one.never)),
            *(one.conflicting, one.oldest or _("no date"), one.newest or _("no date"), one.register.iri),
        ]
        for one in every
    ]
    return Table(_("Registers"), keys, words, rows, query)


def _property_table(found: Catalogue) -> Table:
    rows: list[list[Cell]] = [
        [plain(one.property), one.known.number, one.conflicting.number, one.not_found.number, one.property.iri]
        for one in completeness(found)
    ]
    words = (_("Property"), _("Known"), _("Contradictory"), _("Searched, not found"), "IRI")
    query = completeness(found)[0].known.query if rows else ""
    return Table(_("Properties"), ("property", "known", "conflicting", "not_found", "iri"), words, rows, query)


@blueprint.get("/limits/<key>")
def of_register(key: str) -> Response:
    """What is known and what is not of one register."""
    site = current_service()
    found = catalogue(site)
    register = read_choice(found, {"register": key}, "register")["register"]
    assert register is not None  # noqa: S101 - read_choice refuses what it does not know
    made = known_of(found, register, properties(found))
    return page(
        site,
        "limits-of.html",
        found=found,
        made=made,
        contradictions=discrepancies(found, register),
        gaps=[gap for gap in asked_gaps(site) if gap.register == register.iri],
        element_word=element_word,
        filler_word=filler_word,
        source_words=in_words,
        title=_("What is known of %(register)s, and what is not", register=plain(register)),
        crumbs=[(_("The limits of what is known"), to("/limits")), (plain(register), "")],
    )
