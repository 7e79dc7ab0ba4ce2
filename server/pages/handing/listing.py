"""/hand-in: the form for files, and what was handed in; for stewards the queue first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import request

from server.handing_in.accounts.scopes import Account
from server.handing_in.submissions import rights
from server.handing_in.submissions.kept.model import Status, Step, Submission
from server.handing_in.submissions.kept.store import NONE
from server.handing_in.submissions.service import submission_service
from server.pages.catalogue.read import catalogue
from server.pages.links import here
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext
from server.service import current_service
from server.web.problem import Problem

PER_PAGE = 50
_EVERY = 1_000_000
_SAID = ("accept", "return", "commented")


@dataclass(frozen=True, slots=True)
class Shown:
    """`every` submission that an account sees, the newest first, and a page of them; `waiting` it may decide on."""

    every: list[Submission]
    submissions: list[Submission]
    number: int
    first: int
    statuses: list[tuple[str, int]]
    waiting: list[Submission]
    page: int
    pages: int


def register_names(keys: frozenset[str]) -> dict[str, str]:
    """What registers are called, by key; a key that the release does not know is its own name."""
    found = catalogue(current_service())
    things = {key: found.get("register", key) for key in keys}
    return {key: plain(thing) if thing is not None else key for key, thing in things.items()}


def seen_by(account: Account) -> list[Submission]:
    """Every submission that the account sees, the newest first."""
    seen = rights.may_list(account)
    if seen is not None and not seen:
        return []
    found = submission_service().submissions.listed(seen, "", "", _EVERY)
    return sorted(found, key=lambda item: (item.received, item.key), reverse=True)


def shown_to(account: Account) -> Shown:
    """The page that is asked for; Problem bad-request (400) for a status or a page that there is none of."""
    every = seen_by(account)
    counts = Counter(item.status for item in every)
    wanted = request.args.get("status", "")
    if wanted and wanted not in list(Status):
        raise Problem(
            "bad-request", f"The status is one of {', '.join(Status)}.", f"Läget är ett av {', '.join(Status)}."
        )
    chosen = [item for item in every if wanted in ("", item.status)]
    pages = max(1, -(-len(chosen) // PER_PAGE))
    page = request.args.get("page", "1")
    if not page.isdecimal() or not 1 <= int(page[:9]) <= pages:
        raise Problem("bad-request", f"There are {pages} pages.", f"Det finns {pages} sidor.")
    first = (int(page) - 1) * PER_PAGE
    return Shown(
        every,
        chosen[first : first + PER_PAGE],
        len(chosen),
        first,
        [(status, counts[status]) for status in Status if counts[status]],
        _waiting(every, account),
        int(page),
        pages,
    )


def answer_to(submission: Submission, history: list[Step]) -> Step | None:
    """What the steward who decided last said last, and when; None when nothing was said."""
    by = submission.decided_by
    said = [step for step in history if step.comment and step.account == by and step.action in _SAID]
    return said[-1] if said and by != submission.account else None


def answers_to(shown: Shown) -> dict[str, str]:
    """What stewards said of the returned submissions of the page, by key."""
    history = submission_service().submissions.history
    returned = [item for item in shown.submissions if item.status is Status.RETURNED]
    found = {item.key: answer_to(item, history(item.key)) for item in returned}
    return {key: step.comment for key, step in found.items() if step is not None}


def _waiting(every: list[Submission], account: Account) -> list[Submission]:
    """What a steward is to decide on, the oldest first; not what the own account handed in."""
    if not account.is_steward:
        return []
    return [item for item in reversed(every) if item.status is Status.RECEIVED and item.account != account.label]


def heading(account: Account, shown: Shown) -> str:
    """The finding that the page begins with."""
    if account.is_steward:
        number = len(shown.waiting)
        if not number:
            return _("Nothing waits for you")
        return ngettext("One submission waits for you", "%(num)s submissions wait for you", number)
    mend = sum(item.status in (Status.NEEDS_CORRECTION, Status.RETURNED) for item in shown.every)
    if mend:
        return ngettext("One submission is to be mended", "%(num)s submissions are to be mended", mend)
    return _("Hand in a description of your register") if account.registers else _("What was handed in")


def fields(account: Account, shown: Shown) -> dict[str, Any]:
    """What the form offers: the account's registers, and the submissions that a new one may take the place of."""
    live = (Status.RECEIVED, Status.NEEDS_CORRECTION, Status.RETURNED, Status.ACCEPTED)
    own = [item for item in shown.every if item.status in live and item.registers <= account.registers]
    return {"registers": sorted(account.registers), "older": own[:200], "none": NONE}


def turned(change: int, shown: Shown) -> str:
    """The address of the page before or after; empty when there is none."""
    wanted = shown.page + change
    return here(page=wanted) if 1 <= wanted <= shown.pages else ""
