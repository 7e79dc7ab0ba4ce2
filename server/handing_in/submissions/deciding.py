"""Deciding on a submission: accepted only when it still conforms to the release that is current then."""

from __future__ import annotations

from server.handing_in.submissions.handing_in import Intake
from server.handing_in.submissions.model import Action, Status, Submission
from server.handing_in.submissions.store import SubmissionError, Submissions, UnknownSubmission
from server.web.problem import Problem


def decide(intake: Intake, submission: Submission, action: Action, *, account: str, comment: str) -> Submission:
    """Do what the account decided; Problem conflict (409) when the status does not allow it.

    A comment is needed to return. Before acceptance the files are checked anew if the release has changed meanwhile.
    """
    if action is Action.RETURN and not comment:
        raise Problem(
            "bad-request",
            "Say in a comment what is to be mended.",
            "Skriv i en kommentar vad som ska rättas.",
        )
    try:
        return _decide(intake, submission, action, account, comment)
    except SubmissionError as error:
        raise as_problem(error) from error


def find(submissions: Submissions, key: str) -> Submission:
    """The submission; Problem not-found (404)."""
    try:
        return submissions.get(key)
    except UnknownSubmission as error:
        raise as_problem(error) from error


def as_problem(error: SubmissionError) -> Problem:
    """404 for an unknown submission, else 409."""
    slug = "not-found" if isinstance(error, UnknownSubmission) else "conflict"
    return Problem(slug, str(error), error.sv)


def _decide(intake: Intake, submission: Submission, action: Action, account: str, comment: str) -> Submission:
    store = intake.submissions
    if action is Action.REOPEN:
        return store.reread(submission.key, intake.read_again(submission), account, reopen=True)
    stale = submission.reading.release != intake.release.version
    if action is Action.ACCEPT and submission.status is Status.RECEIVED and stale:
        submission = store.reread(submission.key, intake.read_again(submission), account, reopen=False)
        if submission.status is not Status.RECEIVED:
            raise SubmissionError(
                "The release has changed since, and the files no longer conform to it. See the new report.",
                "Versionen har ändrats sedan dess, och filerna stämmer inte längre med den. Se den nya rapporten.",
            )
    return store.decide(submission.key, action, account, comment)
