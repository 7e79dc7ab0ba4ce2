"""/explore and the lists: as pages, CSV, XLSX and JSON of exactly what is shown."""

from __future__ import annotations

from flask import Blueprint, Response, request

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.choice import read_choice
from server.pages.frame import page
from server.pages.links import to
from server.pages.lists.chosen import Listed, listed
from server.pages.lists.kinds import ADDRESSES, Kind, kinds, things_of
from server.pages.queries import Counted, select
from server.pages.tables import Table, download, wanted_format
from server.pages.words.hyphens import soft
from server.pages.words.wording import gettext as _
from server.pages.words.wording import listed as in_a_row
from server.pages.words.wording import small
from server.service import current_service

blueprint = Blueprint("lists", __name__)
PLAIN = (  # kinds that a list shows as words: the facets lead to them
    *("relevance-level", "analysis-level", "measure-type", "follow-up-area", "mapping-status", "delivery-form"),
    *("kpi-level", "orderer", "order-route", "identification", "discrepancy-kind"),
)
_OF_A_PLACE = {"local": "yes", "level": "municipality"}  # what a municipality asks of a list that has such a facet


@blueprint.get("/explore")
def explore() -> Response:
    """Every list with the number of its things."""
    site = current_service()
    found = catalogue(site)
    every = [
        (kind, Counted(len(things_of(found, kind)), select("?thing", f"?thing a {kind.klass} .")))
        for kind in kinds().values()
    ]
    return page(site, "explore.html", lists=every, crumbs=[(_("Explore"), "")])


@blueprint.get(f"/<any({', '.join(repr(address) for address in ADDRESSES)}):address>")
def a_list(address: str) -> Response:
    """One list."""
    site = current_service()
    found = catalogue(site)
    kind = kinds()[address]
    wanted = wanted_format()
    place, given = _given(found, kind)
    made = listed(found, kind, given)
    if wanted:
        return download(
            site,
            wanted,
            "-".join(["registergraf", address, *made.chosen.values()]),
            [_table(found, made)],
            {"chosen": {**made.chosen, **({"municipality": place.key} if place else {})}},
        )
    return page(
        site,
        "list.html",
        found=found,
        made=made,
        kind=kind,
        counted=Counted(len(made.things), made.query),
        title=title(found, made),
        soft=soft,
        place=place,
        implied={name for name in _OF_A_PLACE if place and name not in request.args},
        plain_kinds=PLAIN,
        crumbs=[(_("Explore"), to("/explore")), (kind.word, "")],
    )


def _given(found: Catalogue, kind: Kind) -> tuple[Thing | None, dict[str, str]]:
    """The municipality and the parameters; a municipality leaves what can be had for one without linkage.

    A list that has nothing to tell them apart by stays whole.
    """
    given = dict(request.args.items())
    place = read_choice(found, given, "municipality")["municipality"]
    facets = {facet.name for facet in kind.facets}
    wanted = next((name for name in _OF_A_PLACE if name in facets), "")
    if place is None or not wanted:
        return None, given
    return place, {**{wanted: _OF_A_PLACE[wanted]}, **given}


def title(found: Catalogue, made: Listed) -> str:
    """The finding: how many, of which choice."""
    count = made.kind.count(len(made.things))
    if not made.things:
        count = _("Nothing in the list “%(list)s”", list=small(made.kind.word))
    phrases = _phrases()
    facets = [facet for facet in made.kind.facets if facet.name in made.chosen]
    labels = {facet.name: small(facet.label(found, made.chosen[facet.name])) for facet in facets}
    said = [phrases[name] % {"x": label} for name, label in labels.items() if name in phrases]
    rest = [
        label for facet in facets if facet.words is None and (label := labels[facet.name]) and facet.name not in phrases
    ]
    text = " ".join([count, *said])
    return _("%(count)s: %(choice)s", count=text, choice=in_a_row(rest)) if rest else text


def _phrases() -> dict[str, str]:
    """How the value of a facet continues the heading."""
    return {
        "group": _("about %(x)s"),
        "area": _("within %(x)s"),
        "follow-up": _("that show or may show %(x)s"),
        "register": _("in %(x)s"),
        "level": _("at the level %(x)s"),
    }


def _table(found: Catalogue, made: Listed) -> Table:
    columns = made.kind.columns
    rows = [[*(column.of(found, one).plain for column in columns), one.iri] for one in made.things]
    return Table(
        made.kind.word,
        (*(column.key for column in columns), "iri"),
        (*(column.word for column in columns), "IRI"),
        rows,
        made.query,
    )
