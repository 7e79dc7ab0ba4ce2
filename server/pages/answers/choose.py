"""What a sheet is about: the indicators that a choice leaves, and the query that finds the same."""

from __future__ import annotations

from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.choice import Choice
from server.pages.queries import ref, select
from server.pages.registers import printed_order
from server.pages.words.wording import spoken

NAMES = ("group", "area", "follow-up", "level", "municipality")
PROPERTIES = {
    "group": "rg:concernsTargetGroup",
    "area": "rg:concernsServiceArea",
    "follow-up": "rg:mayCoverFollowUpArea",
    "level": "rg:analysisLevel",
}
SURE, MAYBE = "rg:coversFollowUpArea", "rg:mayCoverFollowUpArea"
CONDITIONS, RESULTS = "conditions-in-the-service", "results"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The indicators of a choice in the order of the source."""

    found: Catalogue
    choice: Choice
    indicators: tuple[Thing, ...]

    def covering(self, area: Thing, name: str = MAYBE) -> list[Thing]:
        """The chosen indicators that cover, or may cover, a follow-up area."""
        wanted = self.found.pointing(area, name)
        return [one for one in self.indicators if one.iri in wanted]

    def query_for(self, variables: str, *more: str, order: str = "") -> str:
        """A query over the chosen indicators, `?indicator` of `?register`."""
        return select(variables, pattern(self.choice), *more, order=order)


def choose(found: Catalogue, choice: Choice) -> Chosen:
    """The indicators that fit every part of the choice; a municipality takes none away."""
    every = found.once(("printed order", spoken()), lambda: sorted(found.of("indicator"), key=printed_order))
    asked = ((choice[part], name) for part, name in PROPERTIES.items())
    wanted = [found.pointing(thing, name) for thing, name in asked if thing is not None]
    return Chosen(found, choice, tuple(one for one in every if all(one.iri in iris for iris in wanted)))


def printed_indicators(found: Catalogue) -> tuple[Thing, ...]:
    """The indicators of the report's tables."""
    every = found.of("indicator")
    return found.once("printed", lambda: tuple(one for one in every if one.is_a("TabulatedIndicator")))


def pattern(choice: Choice) -> str:
    """The patterns of `choose` in SPARQL."""
    lines = ["?indicator a rg:Indicator ; rg:indicatorOf ?register ."]
    for part, name in PROPERTIES.items():
        if (thing := choice[part]) is not None:
            lines.append(f"?indicator {name} {ref(thing.iri)} .")
    return "\n".join(lines)
