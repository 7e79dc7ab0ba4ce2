"""/hand-in: what was handed in and the form to hand in more; browsers that ask for /submissions are led here."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, request

from server.handing_in.accounts.sessions import Session
from server.handing_in.submissions import routes as submissions
from server.handing_in.submissions.deciding import take_in
from server.handing_in.submissions.kept.personal import refuse_in_comment
from server.handing_in.submissions.kept.saying import read_comment, say_beside
from server.handing_in.submissions.service import submission_service
from server.handing_in.submissions.uploads import allow, read_files
from server.pages.checking.held import held_uploads
from server.pages.handing import words
from server.pages.handing.listing import answers_to, fields, heading, register_names, shown_to, turned
from server.pages.handing.signing import must_be_signed_in, private_page, prove, see_other, session
from server.pages.links import to
from server.pages.query_pages import wants_page
from server.pages.words.wording import gettext as _
from server.service import current_service
from server.web.problem import Problem

blueprint = Blueprint("handing", __name__)
_API = re.compile(r"/submissions(?:/([a-z0-9]+)(?:/(?:report|preview))?)?/?")


@submissions.blueprint.before_request
def lead_browsers() -> Response | None:
    """303 from the address of clients to the pages, for whoever wants a page and sends no token."""
    match = _API.fullmatch(request.path)
    if match is None or request.method != "GET" or "Authorization" in request.headers or not wants_page():
        return None
    return see_other(to("/hand-in" + (f"/{match[1]}" if match[1] else "")))


@blueprint.get("/hand-in")
def listed() -> Response:
    """The submissions that the account sees, and the form; 303 to sign in first."""
    found = session()
    if found is None:
        return see_other(to("/sign-in", next="/hand-in"))
    return list_page(found, 200)


@blueprint.post("/hand-in")
def hand_in() -> Response:
    """Take in files: 303 to their submission. What stands against it is told above the form."""
    site, service = current_service(), submission_service()
    allow(site.settings.upload_bytes)
    found = session()
    if found is None:
        return see_other(to("/sign-in", next="/hand-in"))
    prove(found)
    try:
        comment = read_comment(request.form.get("comment", ""))
        refuse_in_comment(comment)
        submission, _new = take_in(service.intake(), read_files(held_uploads()), found.account)
    except Problem as problem:
        return list_page(found, problem.status, problem)
    say_beside(service.submissions, submission, found.account, comment)
    return see_other(to(f"/hand-in/{submission.key}"))


def list_page(found: Session, status: int, problem: Problem | None = None) -> Response:
    """The page, with what stood against a form where something did."""
    shown = shown_to(found.account)
    every = [*shown.submissions, *shown.waiting]
    names = register_names(frozenset().union(found.account.registers, *(item.registers for item in every)))
    values = {
        "shown": shown,
        "title": heading(found.account, shown),
        "fields": fields(found.account, shown) if found.account.registers else None,
        "before": turned(-1, shown),
        "after": turned(1, shown),
        "chosen": request.args.get("status", ""),
        "answers": answers_to(shown),
        "crumbs": [(_("Check"), to("/check")), (_("Hand in"), "")],
        **around(found, names, problem),
    }
    return private_page("hand-in.html", status, **values)


def around(found: Session, names: dict[str, str], problem: Problem | None) -> dict[str, Any]:
    """What every page of a session has."""
    return {"session": found, "names": names, "words": words, "problem": problem}


def signed_in() -> Session:
    """The session of a form that proved to be its own; Problem as the functions have it."""
    found = must_be_signed_in()
    prove(found)
    return found
