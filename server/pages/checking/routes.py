"""/check: the form, and the findings of what is sent beside its rows. The check is the one of /validate."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from loader.intake.upload import Upload
from server.handing_in.submissions.uploads import read_files
from server.handing_in.validation import checked
from server.pages.checking.sheet import sheets
from server.pages.frame import HTML_TYPE, render
from server.pages.links import to
from server.pages.wording import gettext as _
from server.pages.wording import ngettext, spoken
from server.service import current_service
from server.web.problem import Problem

if TYPE_CHECKING:
    from server.handing_in.submissions.handing_in import Sheaf

blueprint = Blueprint("checking", __name__)
AGAIN_BYTES = 400_000  # of what is sent, up to which the page holds it so that the marked workbook can be had
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/check")
def form() -> Response:
    """The form alone."""
    return _page(result=None, title=_("Check a list of variables or a whole description"), status=200)


@blueprint.post("/check")
def check() -> Response:
    """The findings, 200; 422 when nothing can be read; the marked workbook for `format=xlsx`."""
    sheaf = _sheaf()
    if request.args.get("format") == "xlsx":
        _readable, body = checked(sheaf, "xlsx")
        headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="checked.xlsx"'}
        return Response(body, 200, headers, content_type=_XLSX)
    readable, body = checked(sheaf, "json")
    report = json.loads(body)
    made = sheets(report, {upload.shown: upload.data for upload in sheaf.uploads})
    errors = sum(one.bad for sheet in made for row in sheet.rows for one in row.findings)
    return _page(
        result={
            "report": report,
            "sheets": made,
            "files": ", ".join(upload.shown for upload in sheaf.uploads),
            "again": _again(sheaf),
            "errors": errors,
        },
        title=_title(readable=readable, errors=errors),
        status=200 if readable else 422,
    )


def _title(*, readable: bool, errors: int) -> str:
    if not readable:
        return _("Nothing of what was sent can be read")
    if not errors:
        return _("Nothing stands in the way of handing in")
    return ngettext("One thing to mend before you can hand in", "%(num)s things to mend before you can hand in", errors)


def _page(*, result: object, title: str, status: int) -> Response:
    crumbs = [(_("Check"), to("/check") if result else "")] + ([(_("Findings"), "")] if result else [])
    body = render("check.html", current_service(), result=result, title=title, spoken=spoken(), crumbs=crumbs)
    return Response(body, status, {"Cache-Control": "no-store"}, content_type=HTML_TYPE)


def _sheaf() -> Sheaf:
    """The files, the pasted rows, or the files that the page held. Raises Problem as /validate does."""
    more = tuple(_held()) + tuple(_pasted())
    sheaf = read_files(current_service().settings.upload_bytes, more)
    return replace(sheaf, uploads=tuple(one for one in sheaf.uploads if one.data))


def _pasted() -> list[Upload]:
    text = request.form.get("text", "").strip()
    return [Upload(_("pasted.csv"), text.encode("utf-8"))] if text else []


def _held() -> list[Upload]:
    names, every = request.form.getlist("again-name"), request.form.getlist("again-data")
    try:
        return [Upload(name, base64.b64decode(data, validate=True)) for name, data in zip(names, every, strict=True)]
    except (binascii.Error, ValueError) as error:
        raise Problem(
            "bad-request", "The page's own copy of the file is broken.", "Sidans kopia av filen är trasig."
        ) from error


def _again(sheaf: Sheaf) -> list[tuple[str, str]]:
    if sum(len(upload.data) for upload in sheaf.uploads) > AGAIN_BYTES:
        return []
    return [(upload.shown, base64.b64encode(upload.data).decode("ascii")) for upload in sheaf.uploads]
