"""/request: the pack as a page with its form, XLSX and JSON."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.pages.catalogue.read import catalogue
from server.pages.choice import read_choice
from server.pages.frame import page
from server.pages.links import address
from server.pages.queries import Counted
from server.pages.requests import files
from server.pages.requests.pack import Pack, offered, pack
from server.pages.requests.state import Request, named, read_request
from server.pages.tables import download, wanted_format
from server.pages.words.names import order, plain
from server.pages.words.sources import in_words
from server.pages.words.wording import gettext as _
from server.pages.words.wording import listed, ngettext
from server.service import current_service

blueprint = Blueprint("requests", __name__)


@blueprint.get("/request")
def a_request() -> AnyResponse:
    """The request of the address; what the form adds goes into the address first."""
    site = current_service()
    found = catalogue(site)
    given = dict(request.args.items())
    asked = read_request(found, given)
    register = read_choice(found, given, "register")["register"]
    if added := [name for name in request.args.getlist("add") if name]:
        more = asked.with_more([named(found, name) for name in added])
        return redirect(_address(more, register.key if register else ""), 303)
    made = pack(found, asked)
    if (wanted := wanted_format()) and made.rows:
        told = {"request": dict(asked.parameters), "form": dict(files.form(made))}
        return download(site, wanted, "registergraf-request", files.tables(found, made), told)
    return page(
        site,
        "request.html",
        found=found,
        made=made,
        title=_title(made),
        form=files.form(made),
        registers=sorted(found.of("register"), key=order),
        register=register,
        offered=offered(found, register) if register else [],
        chosen={row.item.thing.iri for row in made.rows},
        without=lambda thing: _address(asked.without(thing), register.key if register else ""),
        query=Counted(0, files.items_query(made)),
        source_words=in_words,
        crumbs=[(_("Request"), "")],
    )


def _address(asked: Request, register: str) -> str:
    return address("/request", {**asked.parameters, "register": register})


def _title(made: Pack) -> str:
    if not made.rows:
        return _("Put together a request for data")
    return _(
        "%(items)s from %(registers)s",
        items=ngettext("One variable or indicator", "%(num)s variables and indicators", len(made.rows)),
        registers=listed([plain(holder.register) for holder in made.holders]),
    )
