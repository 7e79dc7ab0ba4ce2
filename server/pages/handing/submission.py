"""/hand-in/KEY: one submission with its status, what it would change, what was found, and what can be done with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from loader.intake.upload import Upload
from server.handing_in.accounts.scopes import Account
from server.handing_in.accounts.sessions import Session
from server.handing_in.state.purge import NAME as PURGED
from server.handing_in.submissions import rights
from server.handing_in.submissions.deciding import FEW, Decision, decide, find
from server.handing_in.submissions.kept.model import ALLOWED, Action, Status, Submission
from server.handing_in.submissions.kept.saying import read_comment, read_removals, say
from server.handing_in.submissions.preview import Preview, preview
from server.handing_in.submissions.service import submission_service
from server.pages.checking.held import MOST_BYTES, Held, held
from server.pages.checking.sheet import Sheet, sheets
from server.pages.handing.listing import answer_to, register_names
from server.pages.handing.routes import around, signed_in
from server.pages.handing.signing import must_be_signed_in, private_page, see_other, session
from server.pages.handing.words import title_of
from server.pages.links import here, to
from server.pages.words.wording import gettext as _
from server.web.filenames import attachment
from server.web.problem import Problem

blueprint = Blueprint("submission", __name__)
RECORDS = 50
_SHOWN = (Status.RECEIVED, Status.NEEDS_CORRECTION, Status.RETURNED)
_REMOVALS, _SURE = "removals", "sure"


@dataclass(frozen=True, slots=True)
class Content:
    """What only holders and stewards see: the preview and its place, the findings, the files to mend again."""

    preview: Preview | None
    start: int
    sheets: list[Sheet]
    again: Held

    @property
    def total(self) -> int:
        """How many records differ."""
        found = self.preview
        return found.removed + found.new + found.changed if found else 0


@blueprint.get("/hand-in/<key>")
def submission(key: str) -> Response:
    """The page; 303 to sign in first."""
    found = session()
    if found is None:
        return see_other(to("/sign-in", next=f"/hand-in/{key}"))
    return _page(found, _seen(found.account, key), 200)


@blueprint.get("/hand-in/<key>/files/<int:place>")
def file(key: str, place: int) -> Response:
    """One of the files, byte for byte, always as a download."""
    account = must_be_signed_in().account
    chosen = _seen(account, key)
    rights.may_see_content(account, chosen)
    if place >= len(chosen.files):
        raise Problem("not-found", "The submission has no such file.", "Inlämningen har ingen sådan fil.")
    kept = chosen.files[place]
    headers = {"Cache-Control": "no-store", "Content-Disposition": attachment(kept.name)}
    body = submission_service().state.blobs.get(kept.sha256)
    return Response(body, 200, headers, content_type="application/octet-stream")


@blueprint.post("/hand-in/<key>/<any(accept, return, withdraw, reopen, comment):action>")
def act(key: str, action: str) -> Response:
    """Decide, or say something: 303 to the page. What stands against it is told at its head."""
    found = signed_in()
    chosen = _seen(found.account, key)
    try:
        _do(found.account, chosen, action)
    except Problem as problem:
        return _page(found, _seen(found.account, key), problem.status, problem)
    return see_other(to(f"/hand-in/{key}", "history"))


def _do(account: Account, chosen: Submission, action: str) -> None:
    service = submission_service()
    comment = read_comment(request.form.get("comment", ""))
    if action == "comment":
        rights.may_see_content(account, chosen)
        say(service.submissions, chosen, account, comment)
        return
    wanted = Action(action)
    rights.may_do(account, wanted, chosen)
    if wanted is Action.WITHDRAW and request.form.get(_SURE) != "yes":
        raise Problem("bad-request", "Tick that you want to withdraw it.", "Kryssa i att den ska dras tillbaka.")
    decide(
        service.intake(), chosen, Decision(wanted, account.label, comment, read_removals(request.form.get(_REMOVALS)))
    )


def _seen(account: Account, key: str) -> Submission:
    chosen = find(submission_service().submissions, key)
    rights.may_see_status(account, chosen)
    return chosen


def _page(found: Session, chosen: Submission, status: int, problem: Problem | None = None) -> Response:
    history = submission_service().submissions.history(chosen.key)
    names = register_names(chosen.registers | found.account.registers)
    content = _content(found.account, chosen)
    values = {
        "one": chosen,
        "history": history,
        "answer": answer_to(chosen, history),
        "content": content,
        "more": _turned(content, RECORDS),
        "less": _turned(content, -RECORDS),
        "actions": _actions(found.account, chosen),
        "few": FEW,
        "title": title_of(chosen, names),
        "crumbs": [(_("Check"), to("/check")), (_("Hand in"), to("/hand-in")), (chosen.key, "")],
        **around(found, names, problem),
    }
    return private_page("submission.html", status, **values)


def _actions(account: Account, chosen: Submission) -> list[str]:
    """What the account may do now."""
    allowed = []
    for action in Action:
        try:
            rights.may_do(account, action, chosen)
        except Problem:
            continue
        if chosen.status in ALLOWED[action] and chosen.kind != PURGED:
            allowed.append(str(action))
    return allowed


def _content(account: Account, chosen: Submission) -> Content | None:
    """None for whom the contents are no business of, and when they were struck out."""
    try:
        rights.may_see_content(account, chosen)
    except Problem:
        return None
    if chosen.kind == PURGED:
        return None
    start = request.args.get("start", "0")
    if not start.isdecimal() or len(start) > 9:
        raise Problem("bad-request", "start is a whole number.", "start är ett heltal.")
    service = submission_service()
    open_ = chosen.status in _SHOWN
    diff = preview(service.intake(), chosen, start=int(start), most=RECORDS) if open_ else None
    mend = chosen.status in (Status.NEEDS_CORRECTION, Status.RETURNED)
    return Content(diff, int(start), _findings(chosen), _files(chosen) if mend else [])


def _findings(chosen: Submission) -> list[Sheet]:
    """What the check found, folded as on the page that checks."""
    report: dict[str, Any] = json.loads(submission_service().state.blobs.get(chosen.reading.report))
    found = [{**one, "cell": None} for one in report["findings"]]
    return sheets({"findings": found, "sheets": []})


def _files(chosen: Submission) -> Held:
    """The files as the page that checks takes them, so that they can be mended there."""
    if sum(kept.size for kept in chosen.files) > MOST_BYTES:
        return []
    return held(Upload(kept.name, submission_service().state.blobs.get(kept.sha256)) for kept in chosen.files)


def _turned(content: Content | None, change: int) -> str:
    """The address of the records before or after; empty when there are none."""
    if content is None or not 0 <= content.start + change < content.total:
        return ""
    return here(start=content.start + change)
