"""The gaps: target groups for which no indicator surely or possibly covers a follow-up area."""

from __future__ import annotations

from dataclasses import dataclass

from server.pages.answers.choose import MAYBE, RESULTS, SURE
from server.pages.answers.rows import areas
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.queries import Counted, select
from server.pages.words.names import order
from server.pages.words.wording import spoken


@dataclass(frozen=True, slots=True)
class Meeting:
    """A group and a follow-up area: how many indicators surely cover it, and how many more may."""

    area: Thing
    sure: int
    maybe: int

    @property
    def gap(self) -> bool:
        """Whether there is none of either."""
        return not self.sure and not self.maybe

    @property
    def shade(self) -> str:
        """The shade of the cell, by what is sure or possible."""
        number = self.sure + self.maybe
        return "k3" if number >= 6 else "k2" if number >= 3 else "k1"


@dataclass(frozen=True, slots=True)
class Gaps:
    """A row for each target group; `count` of the combinations that are gaps, `blind` groups without any result."""

    areas: tuple[Thing, ...]
    rows: tuple[tuple[Thing, tuple[Meeting, ...]], ...]
    count: Counted
    combinations: int
    blind: tuple[Thing, ...]


_QUERY = select(
    "?group ?area",
    "?group a rg:TargetGroup .\n?area a rg:FollowUpArea .",
    f"FILTER NOT EXISTS {{ ?indicator a rg:Indicator ; rg:concernsTargetGroup ?group ; {MAYBE} ?area }}",
)


def gaps(found: Catalogue) -> Gaps:
    """The gaps of the release, counted once for each language: groups with most indicators first."""
    return found.once(("gaps", spoken()), lambda: _gaps(found))


def _gaps(found: Catalogue) -> Gaps:
    columns = tuple(areas(found))
    about = {group.iri: _about(found, group) for group in found.of("target-group")}
    groups = sorted(found.of("target-group"), key=lambda group: (-len(about[group.iri]), order(group)))
    rows = tuple((group, tuple(_meeting(found, about[group.iri], area) for area in columns)) for group in groups)
    meetings = [meeting for _group, row in rows for meeting in row]
    blind = [group for group, row in rows if any(one.area.key == RESULTS and one.gap for one in row)]
    return Gaps(columns, rows, Counted(sum(one.gap for one in meetings), _QUERY), len(meetings), tuple(blind))


def _about(found: Catalogue, group: Thing) -> set[str]:
    return {one.iri for one in found.back(group, "rg:concernsTargetGroup") if one.is_a("Indicator")}


def _meeting(found: Catalogue, indicators: set[str], area: Thing) -> Meeting:
    sure = len(indicators & found.pointing(area, SURE))
    return Meeting(area, sure, len(indicators & found.pointing(area, MAYBE)) - sure)
