"""/check: the form, and the findings of what is sent beside its rows. The check is the one of /validate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, request

from loader.intake.personal import RULE as PERSONAL
from server.handing_in.checks.asking import checks_of, failures_as_problems, place
from server.handing_in.checks.forms import WITH_ROWS
from server.handing_in.validation import checked
from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Thing
from server.pages.checking.columns import read_columns
from server.pages.checking.effect import shown_effect
from server.pages.checking.held import held, sent
from server.pages.checking.mending import as_download, mended_files
from server.pages.checking.sheet import Sheet, sheets
from server.pages.checking.ticks import ticked
from server.pages.choice import read_choice
from server.pages.frame import HTML_TYPE, render
from server.pages.handing.signing import session
from server.pages.links import to
from server.pages.words.names import order
from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext, spoken
from server.service import current_service
from server.web.filenames import attachment

if TYPE_CHECKING:
    from server.handing_in.submissions.intake import Delivery

blueprint = Blueprint("checking", __name__)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/check")
def form() -> Response:
    """The form alone."""
    return _page(result=None, title=_("Check a list of variables or a whole description"), status=200)


@blueprint.post("/check")
def check() -> Response:
    """The findings, 200; 422 when nothing can be read. `then=mend` puts the ticked mends in first, and checks again.

    `then=file` gives the file with the mends in it, `then=held` as it is, `format=xlsx` the marked workbook.
    """
    delivery = sent()
    then = request.form.get("then", "")
    if then == "held":
        return as_download(delivery.uploads)
    uploads, cells = (
        mended_files(delivery.uploads, ticked(request.form.getlist("fix"))) if then else (delivery.uploads, 0)
    )
    if then == "file":
        return as_download([upload for upload in uploads if upload not in delivery.uploads] or uploads)
    delivery = replace(delivery, uploads=tuple(uploads))
    if request.args.get("format") == "xlsx":
        _readable, body = checked(delivery, "xlsx")
        return _workbook(body, _("checked.xlsx"))
    readable, body = checked(delivery, WITH_ROWS)
    result = _result(json.loads(body), delivery)
    mended = {"asked": then == "mend", "cells": cells}
    title = _title(readable=readable, errors=result["errors"])
    return _page(result={**result, "mended": mended}, title=title, status=200 if readable else 422)


@blueprint.get("/check/template")
def template() -> Response:
    """The template as a workbook in the page's language; with `register=` filled with what is known of it."""
    site = current_service()
    register = read_choice(catalogue(site), request.args, "register")["register"]
    key = register.key if register else ""
    with place(holder=False), failures_as_problems():
        body = checks_of(current_app).template(site.release, key, spoken())
    return _workbook(body, "-".join(filter(None, ("registergraf", _("template"), key))) + ".xlsx")


def _workbook(body: bytes, name: str) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Disposition": attachment(name)}
    return Response(body, 200, headers, content_type=_XLSX)


def _result(report: dict[str, Any], delivery: Delivery) -> dict[str, Any]:
    """What the page says of a report."""
    made = sheets(report)
    personal = any(one["rule"] == PERSONAL for one in report["findings"])
    return {
        "report": report,
        "sheets": made,
        "files": ", ".join(upload.shown for upload in delivery.uploads),
        "again": [] if personal else held(delivery.uploads),
        "personal": personal,
        "whole": delivery.whole,
        "effect": shown_effect(report["effect"]),
        "errors": sum(one.bad for sheet in made for row in sheet.rows for one in row.findings),
        "ticks": _ticks(made),
        "columns": read_columns(report["columns"]),
    }


def _ticks(made: Sequence[Sheet]) -> int:
    return sum(bool(one.tick) for sheet in made for row in sheet.rows for one in row.findings)


def _title(*, readable: bool, errors: int) -> str:
    if not readable:
        return _("Nothing of what was sent can be read")
    if not errors:
        return _("Nothing stands in the way of handing in")
    return ngettext("One thing to mend before you can hand in", "%(num)s things to mend before you can hand in", errors)


def _page(*, result: dict[str, Any] | None, title: str, status: int) -> Response:
    site = current_service()
    crumbs = [(_("Check"), to("/check") if result else "")] + ([(_("Findings"), "")] if result else [])
    signed = session() if result else None
    values = {
        "session": signed,
        "result": result,
        "title": title,
        "spoken": spoken(),
        "crumbs": crumbs,
        "registers": _registers(),
    }
    return Response(render("check.html", site, **values), status, {"Cache-Control": "no-store"}, content_type=HTML_TYPE)


def _registers() -> list[Thing]:
    """The registers that the template can be filled for."""
    return sorted(catalogue(current_service()).of("register"), key=order)
