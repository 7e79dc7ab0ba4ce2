"""/submissions: hand in, see the status, the report and the preview, decide. Everything here needs a token."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from loader.intake.upload import Upload
from server.handing_in.accounts.published import published_entries
from server.handing_in.accounts.verify import verify
from server.handing_in.checks.asking import checks_of, failures_as_problems, place
from server.handing_in.submissions import rights
from server.handing_in.submissions.deciding import Decision, decide, find, take_in
from server.handing_in.submissions.intake import not_held
from server.handing_in.submissions.kept.model import Action, Status, Submission
from server.handing_in.submissions.kept.personal import refuse_in_comment
from server.handing_in.submissions.kept.saying import read_comment, read_removals, say, say_beside
from server.handing_in.submissions.kept.shown import PATH, brief, full
from server.handing_in.submissions.preview import as_text, preview
from server.handing_in.submissions.service import SubmissionService, submission_service
from server.handing_in.submissions.uploads import read_delivery, sent_comment
from server.handing_in.validation import OFFERS
from server.service import current_service
from server.web.filenames import attachment
from server.web.language import language
from server.web.negotiation import choose
from server.web.problem import Problem

blueprint = Blueprint("submissions", __name__)
_MOST = 100
_PAGE = 200


@blueprint.after_request
def _private(response: Response) -> Response:
    """No cache keeps what only the holder of a token may see."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/submissions", strict_slashes=False)
def hand_in() -> Response:
    """Take in files: 201 when they are stored for good, 200 when they were before; Location names the submission."""
    service = submission_service()
    account = service.gatekeeper.caller()
    if not account.registers:
        raise not_held(())
    delivery = read_delivery(current_service().settings.upload_bytes)
    comment = read_comment(sent_comment())
    refuse_in_comment(comment)
    submission, new = take_in(service.intake(), delivery, account)
    say_beside(service.submissions, submission, account, comment)
    response = _shown(service, submission)
    response.status_code = 201 if new else 200
    response.headers["Location"] = PATH + submission.key
    return response


@blueprint.get("/submissions", strict_slashes=False)
def listed() -> Response:
    """Submissions by key: `status=`, `register=`, `after=` the last key of the page before."""
    service = submission_service()
    seen = rights.may_list(service.gatekeeper.caller())
    register, status = request.args.get("register", ""), request.args.get("status", "")
    if status and status not in list(Status):
        raise Problem(
            "bad-request", f"The status is one of {', '.join(Status)}.", f"Läget är ett av {', '.join(Status)}."
        )
    if register:
        if seen is not None and register not in seen:
            raise not_held((register,))
        seen = frozenset({register})
    found = service.submissions.listed(seen, status, request.args.get("after", ""), _MOST)
    after = found[-1].key if len(found) == _MOST else None
    return jsonify(submissions=[brief(item) for item in found], after=after)


@blueprint.get("/submissions/<key>", strict_slashes=False)
def status(key: str) -> Response:
    """Where a submission stands, and its history."""
    service = submission_service()
    account = service.gatekeeper.caller()
    submission = find(service.submissions, key)
    rights.may_see_status(account, submission)
    return _shown(service, submission)


@blueprint.get("/submissions/<key>/report", strict_slashes=False)
def report(key: str) -> Response:
    """What the check found: as it was stored, or in another form of those that /validate gives."""
    service, submission = _content(key)
    offer = choose(request.headers.get("Accept", ""), OFFERS, wanted=request.args.get("format", ""))
    kept = service.state.blobs.get(submission.reading.report)
    if offer.name == "json":
        return Response(kept, content_type="application/json")
    uploads = [Upload(file.name, service.state.blobs.get(file.sha256)) for file in submission.files]
    with place(holder=True), failures_as_problems():
        body = checks_of(current_app).kept(kept, uploads, offer.name, language())
    response = Response(body, content_type=offer.content_type)
    if offer.name in ("xlsx", "csv"):
        response.headers["Content-Disposition"] = attachment(f"report-{key}.{offer.extension}")
    return response


@blueprint.get("/submissions/<key>/files/<int:place>")
def file(key: str, place: int) -> Response:
    """One of the files, byte for byte, always as a download."""
    service, submission = _content(key)
    if place >= len(submission.files):
        raise Problem("not-found", "The submission has no such file.", "Inlämningen har ingen sådan fil.")
    chosen = submission.files[place]
    response = Response(service.state.blobs.get(chosen.sha256), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = attachment(chosen.name)
    return response


@blueprint.get("/submissions/<key>/preview", strict_slashes=False)
def previewed(key: str) -> Response:
    """What would change in the release, in words: JSON, or text with `format=text`; `start=` for the next page."""
    service, submission = _content(key)
    start = request.args.get("start", "0")
    if not start.isdecimal() or len(start) > 9:
        raise Problem("bad-request", "start is a whole number.", "start är ett heltal.")
    found = preview(service.intake(), submission, start=int(start), most=_PAGE)
    if request.args.get("format") == "text":
        text = "\n".join(as_text(found, request.args.get("lang", "sv"))) + "\n"
        return Response(text, content_type="text/plain; charset=utf-8")
    end = int(start) + len(found.changes)
    more = end if end < found.removed + found.new + found.changed else None
    return jsonify({**asdict(found), "release": current_service().release.version, "next": more})


@blueprint.post("/submissions/<key>/<any(accept, return, withdraw, reopen):action>")
def act(key: str, action: str) -> Response:
    """Decide on a submission; `comment` and `removals` in a form or a JSON object."""
    service = submission_service()
    account = service.gatekeeper.caller()
    submission = find(service.submissions, key)
    rights.may_do(account, Action(action), submission)
    said = _said()
    decision = Decision(
        Action(action), account.label, read_comment(said.get("comment", "")), read_removals(said.get("removals"))
    )
    return _shown(service, decide(service.intake(), submission, decision))


@blueprint.post("/submissions/<key>/comment")
def comment(key: str) -> Response:
    """Say something of a submission, in a form or a JSON object; its status stays."""
    service = submission_service()
    account = service.gatekeeper.caller()
    submission = find(service.submissions, key)
    rights.may_see_content(account, submission)
    return _shown(service, say(service.submissions, submission, account, read_comment(_said().get("comment", ""))))


@blueprint.get("/audit")
def audit() -> Response:
    """How the audit log stands, for operators: note the head down elsewhere, and hand it to `audit verify --head`."""
    service = submission_service()
    if not service.gatekeeper.caller().is_operator:
        raise Problem("forbidden", "Only an operator may see this.", "Bara en driftansvarig får se detta.")
    state = service.state
    verdict = verify(state.database, state.witness, published_entries(current_service().settings.releases))
    return jsonify(length=verdict.length, head=verdict.head, sound=not verdict.wrong, wrong=verdict.wrong)


def _content(key: str) -> tuple[SubmissionService, Submission]:
    service = submission_service()
    account = service.gatekeeper.caller()
    submission = find(service.submissions, key)
    rights.may_see_content(account, submission)
    return service, submission


def _shown(service: SubmissionService, submission: Submission) -> Response:
    return jsonify(full(submission, service.submissions.history(submission.key)))


def _said() -> dict[str, Any]:
    """What the request says, in a form or a JSON object."""
    if request.mimetype != "application/json":
        return dict(request.form)
    try:
        body = json.loads(request.get_data() or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Problem("bad-request", "Send a JSON object.", "Skicka ett JSON-objekt.")
    return body
