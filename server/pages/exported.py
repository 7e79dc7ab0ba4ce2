"""/exports: the catalogue profiles to download, and /exports/gaps: what they ask for and no source states."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.exports.asked import asked_export, asked_gaps, asked_schema
from server.exports.csvw import KEY, MEDIA_TYPE
from server.exports.documents import FORMATS
from server.exports.gaps import STAND_IN, Gap, gaps_query
from server.exports.operator import SettingNeededError, operator_of
from server.exports.profiles import PROFILES
from server.pages.frame import page
from server.pages.links import to
from server.pages.queries import Counted
from server.pages.tables import Cell, Table, download, wanted_format
from server.pages.words.collation import swedish
from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext
from server.service import Service, current_service
from server.web.addresses import host
from server.web.media import HTML, JSONLD, RDFXML, TURTLE
from server.web.negotiation import choose
from server.web.problem import Problem
from server.web.reply import not_modified, whole
from server.web.validity import validity

blueprint = Blueprint("exported", __name__)
_FORMS = (TURTLE, RDFXML, JSONLD)
_TYPES = {form.extension: form.content_type for form in _FORMS}


@blueprint.get("/exports")
def exports() -> Response:
    """The profiles with their files; what is lacking in the settings is said."""
    site = current_service()
    return page(
        site,
        "exports.html",
        profiles=list(PROFILES.values()),
        forms=sorted(FORMATS),
        lacking=_lacking(site),
        gaps=len(asked_gaps(site)),
        crumbs=[(_("Catalogue exports"), "")],
    )


def _lacking(site: Service) -> str:
    """What says that a setting is needed; empty when all are there."""
    try:
        operator_of(site.settings)
    except SettingNeededError as error:
        return str(error)
    return ""


@blueprint.get(f"/exports/<any({', '.join(map(repr, PROFILES))}):profile>.<any({', '.join(map(repr, FORMATS))}):form>")
def file(profile: str, form: str) -> Response:
    """One profile as a file."""
    site = current_service()
    try:
        valid = validity(site, "export", request.path)
        if (unchanged := not_modified(valid)) is not None:
            return unchanged
        return whole(asked_export(site, profile, form), _TYPES[form], valid)
    except SettingNeededError as error:
        sv = f"Katalogexporterna behöver en inställning som servern saknar: {error}"
        raise Problem("not-ready", str(error), sv) from error


@blueprint.get(f"/exports/<any({', '.join(map(repr, PROFILES))}):profile>")
def negotiated(profile: str) -> AnyResponse:
    """The way to a profile's file in the form that is asked for, or for a browser to the page that lists them."""
    chosen = choose(request.headers.get("Accept", ""), (*_FORMS, HTML), wanted=request.args.get("format", ""))
    reply = redirect("/exports" if chosen is HTML else f"/exports/{profile}.{chosen.extension}", 303)
    reply.headers["Vary"] = "Accept"
    return reply


@blueprint.get("/catalog")
@blueprint.get("/dataset/registergraf")
@blueprint.get("/dataset/registergraf/sparql")
@blueprint.get("/service/sparql")
def catalogue() -> AnyResponse:
    """The way from what only the catalogue of DCAT-AP describes to that catalogue."""
    return negotiated("dcat-ap")


@blueprint.get("/catalog/se")
def swedish_catalogue() -> AnyResponse:
    """The way from the catalogue of DCAT-AP-SE to its file."""
    return negotiated("dcat-ap-se")


@blueprint.get("/id/not-stated/<name>")
def stand_in(name: str) -> AnyResponse:
    """The way from what stands for something that no source states to the profile that demands it."""
    return negotiated("healthdcat-ap")


@blueprint.get("/exports/void")
def void() -> AnyResponse:
    """The description by VoID, where it is looked for."""
    return redirect("/.well-known/void", 303)


@blueprint.get("/exports/csvw/<key>")
def schema(key: str) -> Response:
    """The known variables of a register as a CSVW schema. Raises Problem not-found (404) when there are none."""
    site = current_service()
    valid = validity(site, "csvw", key)
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    address = f"{host(site)}/exports/csvw/{key}"
    body = asked_schema(site, key, address) if KEY.fullmatch(key) else None
    if body is None:
        en, sv = (
            "No source names a variable of such a register.",
            "Ingen källa nämner en variabel i ett sådant register.",
        )
        raise Problem("not-found", en, sv)
    return whole(body, MEDIA_TYPE, valid)


@blueprint.get("/exports/gaps")
def gaps() -> Response:
    """The gaps by element, and by register."""
    site = current_service()
    every = asked_gaps(site)
    if wanted := wanted_format():
        return download(site, wanted, "registergraf-export-gaps", [_table(every)], {"profiles": list(PROFILES)})
    return page(
        site,
        "export-gaps.html",
        elements=_elements(every),
        registers=_registers(every),
        title=_title(every),
        counted=Counted(len({gap.register for gap in every}), gaps_query()),
        crumbs=[(_("Catalogue exports"), to("/exports")), (_("Gaps"), "")],
    )


def _title(every: list[Gap]) -> str:
    registers = len({gap.register for gap in every if gap.profile == "healthdcat-ap" and gap.how != STAND_IN})
    return ngettext(
        "For one register no source lists the variables that HealthDCAT-AP demands",
        "For %(num)s registers no source lists the variables that HealthDCAT-AP demands",
        registers,
    )


def _elements(every: list[Gap]) -> list[tuple[str, str, str, str, int]]:
    """Profile, element, who could fill it, what the export does meanwhile, and for how many registers."""
    counts = Counter((gap.profile, gap.element, gap.filler, gap.how) for gap in every)
    rows = [(*key, number) for key, number in counts.items()]
    return [
        (PROFILES[profile].name, element_word(element), filler_word(filler), how_word(how), number)
        for profile, element, filler, how, number in sorted(rows, key=lambda row: (-row[4], row[:4]))
    ]


def _registers(every: list[Gap]) -> list[tuple[str, str, list[str]]]:
    """IRI, label and the missing elements of each register, in Swedish order."""
    made: dict[str, tuple[str, list[str]]] = {}
    for gap in every:
        made.setdefault(gap.register, (gap.label, []))[1].append(element_word(gap.element))
    rows = [(iri, label, list(dict.fromkeys(words))) for iri, (label, words) in made.items()]
    return sorted(rows, key=lambda row: (-len(row[2]), swedish(row[1])))


def _table(every: list[Gap]) -> Table:
    keys = ("register", "profile", "element", "filler", "meanwhile", "iri")
    words = (_("Register"), _("Profile"), _("Element"), _("Who could state it"), _("Meanwhile"), "IRI")
    rows: list[list[Cell]] = [
        [gap.label, gap.profile, gap.element, filler_word(gap.filler), how_word(gap.how), gap.register] for gap in every
    ]
    return Table(_("Gaps"), keys, words, rows, gaps_query())


def element_word(element: str) -> str:
    """An element of a profile in words."""
    words = {
        "dcterms:provenance": _("how the data came about"),
        "dcat:contactPoint": _("a contact point"),
        "healthdcatap:hdab": _("the health data access body"),
        "healthdcatap:hasVariables": _("the list of variables"),
        "dcterms:publisher": _("who publishes the data"),
        "vcard:hasEmail": _("an e-mail address"),
    }
    return words.get(element, element)


def filler_word(filler: str) -> str:
    """Who could state it."""
    words = {
        "register-holder": _("the holder of the register"),
        "health-data-access-body": _("the state: no health data access body is named yet"),
    }
    return words.get(filler, filler)


def how_word(how: str) -> str:
    """What the export does meanwhile."""
    return _("a stand-in says that no source states it") if how == STAND_IN else _("it is left out")
