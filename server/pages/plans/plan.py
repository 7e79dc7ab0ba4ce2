"""A plan as it is shown: sections of lines, each line with what it is marked as and from where it is taken."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.pages.catalogue.things import Thing
from server.pages.queries import Counted
from server.pages.words.wording import gettext as _

PAGE, SOURCE, OURS = "page", "source", "ours"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it says, the things that it is about, what it is marked as, and its sources."""

    text: str
    mark: str
    things: tuple[Thing, ...] = ()
    sources: tuple[Thing, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a plan: its lines and the queries that they come from."""

    key: str
    title: str
    lines: tuple[Line, ...]
    queries: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing to send: what it is, and the register's variables that hold it; none when it is not known to."""

    line: Line
    variables: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan; `missing` are what keeps it from being an order, `others` the registers on the other side."""

    title: str
    register: Thing
    sections: tuple[Section, ...]
    sent: tuple[Sent, ...] = ()
    missing: tuple[str, ...] = ()
    service: Thing | None = None
    orders: tuple[Thing, ...] = field(default=())
    others: tuple[Thing, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether there is something to order, and nothing is missing for it."""
        return self.service is not None and not self.missing


def standing(plan: Plan) -> str:
    """Where a plan stands, in a sentence; what is missing follows it."""
    if plan.missing:
        return _("This is no order yet. Missing:")
    if plan.ready:
        return _("Nothing that the order needs is missing. The order carries names of variables, never data.")
    if not plan.others:
        return _("No other register is part of this plan; below stands who could supply each variable.")
    return _("No service is known that links these registers; each holder decides.")


def mark_word(mark: str) -> str:
    """What a mark says."""
    words = {PAGE: _("the page"), SOURCE: _("another source"), OURS: _("ours")}
    return words[mark]
