"""Who may do what to a submission: holders of all its registers, stewards, operators."""

from __future__ import annotations

from server.handing_in.accounts.scopes import Account
from server.handing_in.submissions.intake import not_held
from server.handing_in.submissions.kept.model import Action, Submission
from server.web.problem import Problem


def may_list(account: Account) -> frozenset[str] | None:
    """The registers whose submissions the account sees; None for all."""
    return None if account.is_steward or account.is_operator else account.registers


def may_see_status(account: Account, submission: Submission) -> None:
    """Problem forbidden (403) unless the account holds the registers, or is a steward or an operator."""
    if not (account.is_steward or account.is_operator):
        _must_hold(account, submission)


def may_see_content(account: Account, submission: Submission) -> None:
    """The same for the report, the preview and the files, which are no business of operators."""
    if not account.is_steward:
        _must_hold(account, submission)


def may_do(account: Account, action: Action, submission: Submission) -> None:
    """Stewards accept and return, but not what they handed in themselves; holders and stewards withdraw and reopen."""
    if action in (Action.WITHDRAW, Action.REOPEN):
        may_see_content(account, submission)
        return
    if not account.is_steward:
        raise Problem("forbidden", "Only a steward may do this.", "Bara en granskare får göra detta.")
    if account.label == submission.account:
        raise Problem(
            "forbidden",
            "Another steward must decide: this account handed the files in.",
            "En annan granskare måste avgöra: det här kontot lämnade in filerna.",
        )


def _must_hold(account: Account, submission: Submission) -> None:
    foreign = sorted(submission.registers - account.registers)
    if foreign:
        raise not_held(foreign)
