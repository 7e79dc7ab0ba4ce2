"""Statuses, actions and kinds of submissions in words, and what a page says of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from server.handing_in.submissions.kept.model import MEANING, Effect, Status, Submission
from server.pages.words.wording import capital, listed, ngettext, spoken
from server.pages.words.wording import gettext as _

_HERE = ZoneInfo("Europe/Stockholm")


def status_word(status: str) -> str:
    """A status in a word or two."""
    words = {
        Status.RECEIVED: _("Waits for a steward"),
        Status.NEEDS_CORRECTION: _("To be mended"),
        Status.RETURNED: _("Returned"),
        Status.ACCEPTED: _("Accepted"),
        Status.SUPERSEDED: _("Superseded"),
        Status.WITHDRAWN: _("Withdrawn"),
    }
    return words[Status(status)]


def action_word(action: str) -> str:
    """What was done, as the history has it."""
    words = {
        "received": _("Handed in"),
        "accept": _("Accepted"),
        "return": _("Returned"),
        "withdraw": _("Withdrawn"),
        "reopened": _("Taken up again"),
        "rechecked": _("Checked anew"),
        "commented": _("Comment"),
        "superseded": _("Superseded by"),
        "reinstated": _("In force again because of"),
    }
    return words.get(action, action)


def kind_word(kind: str) -> str:
    """What a submission is mainly about."""
    words = {
        "indicators": _("Indicators"),
        "variables": _("Variables"),
        "register": _("The register itself"),
        "purged": _("Struck out"),
    }
    return words.get(kind, _("Other"))


def meaning(status: Status) -> str:
    """The status in a sentence."""
    sv, en = MEANING[status]
    return sv if spoken() == "sv" else en


def effect_words(effect: Effect) -> str:
    """What would change, in a sentence: “Two new records, one changed and none removed.”."""
    said = []
    if effect.removed:
        said.append(ngettext("one record goes", "%(n)s records go", len(effect.removed)))
    if effect.changed:
        said.append(ngettext("one record is changed", "%(n)s records are changed", effect.changed))
    if effect.new:
        said.append(ngettext("one record is new", "%(n)s records are new", effect.new))
    return f"{capital(listed(said))}." if said else _("Nothing that stands changes.")


def moment(text: str | None) -> str:
    """A moment of the state as people here read it: 2026-11-28 14:05."""
    if not text:
        return ""
    return datetime.fromisoformat(text).astimezone(_HERE).strftime("%Y-%m-%d %H:%M")


def title_of(submission: Submission, names: Mapping[str, str]) -> str:
    """What a submission is called: its kind and its registers."""
    return f"{kind_word(submission.kind)}: {listed([names[key] for key in sorted(submission.registers)])}"
