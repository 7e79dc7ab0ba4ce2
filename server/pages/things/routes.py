"""Dereferenceable IRIs: what https://w3id.org/registergraf/… names is described at the same path here, as RDF or as a
page.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Catalogue, Thing, Value
from server.pages.frame import page
from server.pages.links import to
from server.pages.lists.kinds import kinds
from server.pages.things import group, indicator, provision, service
from server.pages.things.blocks import View
from server.pages.things.document import about, document, link_header, members, page_number
from server.pages.things.general import general
from server.pages.things.gone import gone, is_gone
from server.pages.things.registers import register
from server.pages.things.registers.structured import dataset
from server.pages.things.statements import Statements, statements
from server.pages.things.terms import word
from server.pages.words.wording import gettext as _
from server.query.help.words import nearest_things
from server.query.prefixes import short_name
from server.query.rows import select
from server.service import BASE, Service, current_service
from server.web.media import GRAPH, HTML
from server.web.negotiation import choose
from server.web.problem import Problem

blueprint = Blueprint("things", __name__)
PROV = "http://www.w3.org/ns/prov#"
PREF_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
_MODULES = (
    "core",
    "assessment",
    "law",
    "outside",
    "places",
    "profile",
    "provenance",
    "registergraf",
    "services",
    "statements",
)
Maker = Callable[[Service, Catalogue, Thing], View]
_MAKERS: dict[str, Maker] = {
    "register": register.register,
    "indicator": indicator.indicator,
    "variable": indicator.variable,
    "conceptual-variable": indicator.concept,
    "kpi": indicator.kpi,
    **dict.fromkeys(("target-group", "service-area", "follow-up-area"), group.group),
    **dict.fromkeys(("municipality", "county", "region", "health-care-region"), group.region),
    "provision": provision.provision,
    "legal-act": provision.act,
    "service": service.service,
    "channel": service.channel,
    **dict.fromkeys(("document", "part", "passage"), service.source),
    **dict.fromkeys(("rule", "question"), service.rule),
}


@blueprint.get("/id/<path:name>", defaults={"room": "id"})
@blueprint.get("/rule/<path:name>", defaults={"room": "rule"})
@blueprint.get("/question/<path:name>", defaults={"room": "question"})
@blueprint.get("/.well-known/genid/<path:name>", defaults={"room": ".well-known/genid"})
def thing(room: str, name: str) -> Response | AnyResponse:
    """A thing, a rule, a question or a node without a name of its own."""
    return described(current_service(), f"{BASE}{room}/{name}")


@blueprint.get(f"/<version>/<any({', '.join(map(repr, _MODULES))}):module>")
def version(version: str, module: str) -> Response | AnyResponse:
    """A version of a module of the ontology."""
    return described(current_service(), f"{BASE}{version}/{module}")


@blueprint.get("/shapes/<any('advised', 'required'):module>")
@blueprint.get("/<version>/shapes/<any('advised', 'required'):module>")
def shapes_module(module: str, version: str = "") -> Response | AnyResponse:
    """A module of the shapes, or a version of it."""
    return described(current_service(), f"{BASE}{version and version + '/'}shapes/{module}")


def described(site: Service, iri: str) -> Response | AnyResponse:
    """The document of an IRI of ours, or the page about it. Raises Problem not-found (404) with the nearest things."""
    if set(iri) & set('<>"{}|^`\\ ') or min(iri) < "!":
        raise _unknown(site, "")
    iri = iri.rstrip("/")
    chosen = choose(request.headers.get("Accept", ""), (*GRAPH, HTML), wanted=request.args.get("format", ""))
    said = bool(select(site, f"SELECT ?p {{ <{iri}> ?p ?o }} LIMIT 1", limit=1).rows)
    if not said and not select(site, f"SELECT ?s {{ ?s ?p <{iri}> }} LIMIT 1", limit=1).rows:
        return _kind(site, iri)
    if chosen is HTML:
        response = thing_page(site, iri)
        response.headers["Link"] = link_header(site, iri)
    else:
        response = document(site, iri, about(iri, page_number(), incoming=not said), chosen)
    if response.status_code == 200 and said and _gone(site, iri):
        response.status_code = 410
    return response


def _gone(site: Service, iri: str) -> bool:
    """Whether the thing was taken away, so that its names and what replaces it are all that is left."""
    stands = f"FILTER NOT EXISTS {{ <{iri}> <{PROV}specializationOf> ?now }}"
    query = f"SELECT ?t {{ <{iri}> <{PROV}invalidatedAtTime> ?t {stands} }}"
    return bool(select(site, query, limit=1).rows)


def thing_page(site: Service, iri: str) -> Response:
    """The page of an IRI of ours of which the release says anything."""
    found = catalogue(site)
    known = found.things.get(iri)
    view = _maker(known)(site, found, known) if known else _bare(found, iri)
    crumbs = [(_("Explore"), to("/explore")), *([view.above] if view.above else []), (view.title.text, "")]
    about = dataset(found, known, view.lede, request.base_url) if known and known.kind == "register" else None
    return page(
        site,
        "thing.html",
        **{"found": found, "view": view, "iri": iri, "raw": statements(site, iri), "crumbs": crumbs},
        word=lambda name: word(site, name),
        dataset=about,
    )


def _maker(thing: Thing) -> Maker:
    return gone if is_gone(thing) else _MAKERS.get(thing.kind, general)


def _bare(found: Catalogue, iri: str) -> View:
    """A thing that the catalogue does not hold: its statements alone."""
    from server.pages.words.badges import Whys

    return View(_("Resource"), Value("literal", short_name(iri)), "", (), Whys(found))


def _kind(site: Service, iri: str) -> Response | AnyResponse:
    """Every thing of a kind, such as /id/register, with its types and labels, or for a browser the page that lists
    them; not-found when there is none.
    """
    prefix = f"{iri}/"
    named = f"?s <{PREF_LABEL}> ?label FILTER(STRSTARTS(STR(?s), '{prefix}'))"
    if "'" in iri or not select(site, f"SELECT ?s {{ {named} }} LIMIT 1", limit=1).rows:
        raise _unknown(site, iri)
    listed = next((address for address, one in kinds().items() if one.kind == iri.removeprefix(f"{BASE}id/")), "")
    offers = (*GRAPH, HTML) if listed else GRAPH
    chosen = choose(request.headers.get("Accept", ""), offers, wanted=request.args.get("format", ""))
    if chosen is HTML:
        return redirect(f"/{listed}", 303)
    return document(site, iri, members(prefix, page_number()), chosen)


def _unknown(site: Service, iri: str) -> Problem:
    near = nearest_things(site, iri) if iri else []
    names = ", ".join(short_name(item) for item in near)
    en, sv = (f" Nearest: {names}.", f" Närmast: {names}.") if near else ("", "")
    said = (f"The release says nothing of <{iri}>.{en}", f"Utgåvan säger ingenting om <{iri}>.{sv}")
    return Problem("not-found", *said, members={"nearest": near})


__all__ = ["Statements", "blueprint", "described", "thing_page"]
