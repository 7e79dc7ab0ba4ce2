"""/validate: check files without handing them in; nothing is kept. The rules and the reports' schema beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Flask, Response, current_app, request

from server.language import language
from server.media import Format
from server.negotiation import choose
from server.pages import render
from server.problem import MEDIA_TYPE, Problem, problem_body
from server.settings import Settings
from server.site import current_site
from server.submissions.uploads import FORM, read_sheaf

if TYPE_CHECKING:
    from server.checks.runner import CheckRunner
    from server.submissions.handing_in import Sheaf

blueprint = Blueprint("validation", __name__)
OWN = "registergraf"
_KEY = "registergraf-checks"
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


def init_checks(app: Flask, settings: Settings) -> None:
    """Give an app its runner of checks; no process starts before the first check."""
    from server.checks.runner import CheckBounds, CheckRunner

    bounds = CheckBounds(settings.check_seconds, settings.check_memory_mb, settings.checks_at_once)
    app.extensions[_KEY] = CheckRunner(bounds)


def checks_of(app: Flask) -> CheckRunner:
    """The runner of an app."""
    return cast("CheckRunner", app.extensions[_KEY])


@blueprint.post("/validate")
def validate() -> Response:
    """The report on what is sent, as Accept or `format=` wishes: 200, or 422 when nothing of it can be read."""
    offer = choose(request.headers.get("Accept", ""), OFFERS, wanted=request.args.get("format", ""))
    if request.mimetype not in _READ:
        en = f"{request.mimetype} is not read. Send multipart/form-data with files, or one file."
        sv = f"{request.mimetype} läses inte. Skicka multipart/form-data med filer, eller en fil."
        raise Problem("unsupported-media-type", en, sv)
    site = current_site()
    sheaf = read_sheaf(site.settings.upload_bytes)
    answer = _run(sheaf, offer)
    status = 200 if answer[0] else 422
    body, content_type = answer[1], offer.content_type
    if status == 422 and offer.name == "json":
        body, content_type = _unreadable(body), MEDIA_TYPE
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language", "X-Content-Type-Options": "nosniff"}
    if offer.name in ("xlsx", "csv"):
        headers["Content-Disposition"] = f'attachment; filename="report.{offer.extension}"'
    return Response(body, status, headers, content_type=content_type)


def _run(sheaf: Sheaf, offer: Format) -> tuple[bool, bytes]:
    """Whether anything could be read, and the report; Problem when the check came to no result."""
    from loader.checked import CheckOptions
    from server.checks import runner

    site = current_site()
    profile = sheaf.options.get("profile", OWN)
    lang = "en" if language() == "en" else "sv"
    options = CheckOptions(profile, lang, sheaf.mapping, _shapes(profile, site.settings))  # type: ignore[arg-type]
    try:
        answer = checks_of(current_app).report(sheaf.uploads, site.release, options, offer.name)
    except runner.CheckBusy as error:
        raise Problem(
            "busy", str(error), "Så många kontroller som får pågår redan.", headers={"Retry-After": "5"}
        ) from error
    except runner.CheckTimedOut as error:
        raise _failed(str(error), "Kontrollen tog för lång tid. Dela upp filen.") from error
    except runner.CheckTooLarge as error:
        raise _failed(str(error), "Kontrollen behövde för mycket minne. Dela upp filen.") from error
    except runner.CheckFailed as error:
        raise _failed(str(error), "Kontrollens process avslutades oväntat.") from error
    return answer.readable, answer.body


def _failed(en: str, sv: str) -> Problem:
    return Problem("check-failed", en, sv, headers={"Retry-After": "5"})


def _shapes(profile: str, settings: Settings) -> Path | None:
    """The folder of a profile's shapes: one of those that the setting `profiles` holds, never a path from outside."""
    if profile == OWN:
        return None
    known = _profiles(settings)
    if profile not in known:
        names = ", ".join((OWN, *known))
        raise Problem("bad-request", f"There is no profile {profile}; there are {names}.", f"Profilerna är {names}.")
    return known[profile]


def _profiles(settings: Settings) -> Mapping[str, Path]:
    folder = Path(settings.profiles) if settings.profiles else None
    if folder is None or not folder.is_dir():
        return {}
    return {path.name: path for path in sorted(folder.iterdir()) if path.is_dir()}


def _unreadable(report: bytes) -> bytes:
    """The report as problem details: RFC 9457 lets them have more members."""
    problem = Problem("unreadable", "Nothing of what was sent can be read.", "Inget av det som skickades kan läsas.")
    return (json.dumps({**problem_body(problem), **json.loads(report)}, ensure_ascii=False, indent=1) + "\n").encode()


@blueprint.get("/validate")
def form() -> str:
    """A page to choose files on."""
    site = current_site()
    return render("validate.html", site, profiles=(OWN, *_profiles(site.settings)), offers=OFFERS)


@blueprint.get("/validate/schema")
def schema() -> Response:
    """The JSON Schema of the report."""
    data = (files("loader.report") / "check-report.schema.json").read_bytes()
    return Response(data, content_type="application/schema+json")


@blueprint.get("/validate/rules")
def rules() -> str:
    """Every rule, with an anchor to link to."""
    from loader.report.rules import rule_texts

    site = current_site()
    return render("validate_rules.html", site, rules=rule_texts(site.release))
