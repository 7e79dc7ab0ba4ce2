"""What people say of a submission: comments, and the number of records whose removal they confirm."""

from __future__ import annotations

from server.handing_in.accounts.scopes import Account
from server.handing_in.submissions.kept.model import Submission
from server.handing_in.submissions.kept.personal import refuse_in_comment
from server.handing_in.submissions.kept.store import Submissions
from server.web.problem import Problem

MOST_SIGNS = 4000


def say(submissions: Submissions, submission: Submission, account: Account, comment: str) -> Submission:
    """Enter a comment into the history; the status stays. Problem 400 when it is empty, 422 with personal data."""
    if not comment:
        raise Problem("bad-request", "Write a comment.", "Skriv en kommentar.")
    refuse_in_comment(comment)
    return submissions.remark(submission.key, account.label, comment)


def say_beside(submissions: Submissions, submission: Submission, account: Account, comment: str) -> None:
    """Enter what was said beside the files, if anything; once, since a request may be repeated."""
    said = [step.comment for step in submissions.history(submission.key) if step.account == account.label]
    if comment and comment not in said:
        say(submissions, submission, account, comment)


def read_comment(given: object) -> str:
    """The comment as it was given; Problem bad-request (400) when it is no text, or too long."""
    if not isinstance(given, str) or len(given) > MOST_SIGNS or not _is_text(given):
        raise Problem(
            "bad-request",
            "The comment is a text of 4000 characters at most.",
            "Kommentaren är en text på högst 4000 tecken.",
        )
    return given.strip()


def read_removals(given: object) -> int | None:
    """How many records are confirmed to go; None when nothing is said; Problem bad-request (400)."""
    if given is None:
        return None
    if isinstance(given, bool) or not str(given).isdecimal() or len(str(given)) > 9:
        raise Problem("bad-request", "removals is a whole number.", "removals är ett heltal.")
    return int(str(given))


def _is_text(given: str) -> bool:
    """Whether it can be written: half a character cannot."""
    try:
        given.encode()
    except UnicodeEncodeError:
        return False
    return True
