"""/validate: check files without handing them in; nothing is kept. The rules and the reports' schema beside it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request

from server.handing_in.checks.asking import (
    OWN,
    failures_as_problems,
    place,
    profiles,
    shapes_of,
    strangers_checks_of,
)
from server.handing_in.submissions.uploads import FORM, read_delivery
from server.pages.frame import render
from server.service import current_service
from server.web.language import language
from server.web.media import Format
from server.web.negotiation import choose
from server.web.problem import MEDIA_TYPE, Problem, problem_body

if TYPE_CHECKING:
    from server.handing_in.submissions.intake import Delivery

blueprint = Blueprint("validation", __name__)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFERS = (
    Format("json", "application/json", (), "json", ""),
    Format("html", "text/html", ("application/xhtml+xml",), "html", ""),
    Format("text", "text/plain", ("txt",), "txt", ""),
    Format("csv", "text/csv", (), "csv", ""),
    Format("sarif", "application/sarif+json", (), "sarif", ""),
    Format("turtle", "text/turtle", ("ttl",), "ttl", ""),
    Format("json-ld", "application/ld+json", ("jsonld",), "jsonld", ""),
    Format("xlsx", _XLSX, (), "xlsx", ""),
)
_READ = (
    *(FORM, _XLSX, "application/vnd.oasis.opendocument.spreadsheet", "application/octet-stream", "application/zip"),
    *(
        "text/csv",
        "text/tab-separated-values",
        "text/plain",
        "text/turtle",
        "application/trig",
        "application/n-triples",
    ),
    *("application/n-quads", "application/rdf+xml", "application/xml", "text/xml", "application/ld+json"),
    *("application/json", "application/x-turtle", "application/vnd.ms-excel", ""),
)


@blueprint.post("/validate")
def validate() -> Response:
    """The report on what is sent, as Accept or `format=` wishes: 200, or 422 when nothing of it can be read."""
    offer = choose(request.headers.get("Accept", ""), OFFERS, wanted=request.args.get("format", ""))
    if request.mimetype not in _READ:
        en = f"{request.mimetype} is not read. Send multipart/form-data with files, or one file."
        sv = f"{request.mimetype} läses inte. Skicka multipart/form-data med filer, eller en fil."
        raise Problem("unsupported-media-type", en, sv)
    site = current_service()
    delivery = read_delivery(site.settings.upload_bytes)
    readable, body = checked(delivery, offer.name)
    status, content_type = 200 if readable else 422, offer.content_type
    if status == 422 and offer.name == "json":
        body, content_type = _unreadable(body), MEDIA_TYPE
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language", "X-Content-Type-Options": "nosniff"}
    if offer.name in ("xlsx", "csv"):
        headers["Content-Disposition"] = f'attachment; filename="report.{offer.extension}"'
    return Response(body, status, headers, content_type=content_type)


def checked(delivery: Delivery, form: str) -> tuple[bool, bytes]:
    """Whether anything could be read, and the report in a form of OFFERS; Problem when the check has no result."""
    from loader.checked import CheckOptions

    site = current_service()
    profile = delivery.options.get("profile", OWN)
    lang = "en" if language() == "en" else "sv"
    shapes = shapes_of(profile, site.settings)
    options = CheckOptions(profile, lang, delivery.mapping, shapes, whole=delivery.whole)  # type: ignore[arg-type]
    with place(holder=False), failures_as_problems():
        answer = strangers_checks_of(current_app).report(delivery.uploads, site.release, options, form)
    return answer.readable, answer.body


def _unreadable(report: bytes) -> bytes:
    """The report as problem details: RFC 9457 lets them have more members."""
    problem = Problem("unreadable", "Nothing of what was sent can be read.", "Inget av det som skickades kan läsas.")
    return (json.dumps({**problem_body(problem), **json.loads(report)}, ensure_ascii=False, indent=1) + "\n").encode()


@blueprint.get("/validate")
def form() -> str:
    """A page to choose files on."""
    site = current_service()
    return render("validate.html", site, profiles=(OWN, *profiles(site.settings)), offers=OFFERS)


@blueprint.get("/validate/schema")
def schema() -> Response:
    """The JSON Schema of the report."""
    data = (files("loader.report") / "check-report.schema.json").read_bytes()
    return Response(data, content_type="application/schema+json")


@blueprint.get("/validate/rules")
def rules() -> str:
    """Every rule, with an anchor to link to."""
    from loader.report.rules import rule_texts

    site = current_service()
    return render("validate_rules.html", site, rules=rule_texts(site.release))
