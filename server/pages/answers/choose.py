"""What a sheet is about: the indicators that a choice leaves, and the query that finds the same."""

from __future__ import annotations

from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.choice import Choice
from server.pages.queries import ref, select
from server.pages.registers import printed_order

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
        return [one for one in self.indicators if area.iri in one.iris(name)]

    def query_for(self, variables: str, *more: str, order: str = "") -> str:
        """A query over the chosen indicators, `?indicator` of `?register`."""
        return select(variables, pattern(self.choice), *more, order=order)


def choose(found: Catalogue, choice: Choice) -> Chosen:
    """The indicators that fit every part of the choice; a municipality takes none away."""
    fitting = [one for one in found.of("indicator") if _fits(one, choice)]
    return Chosen(found, choice, tuple(sorted(fitting, key=printed_order)))


def _fits(indicator: Thing, choice: Choice) -> bool:
    wanted = ((name, choice[part]) for part, name in PROPERTIES.items())
    return all(thing is None or thing.iri in indicator.iris(name) for name, thing in wanted)


def pattern(choice: Choice) -> str:
    """The patterns of `choose` in SPARQL."""
    lines = ["?indicator a rg:Indicator ; rg:indicatorOf ?register ."]
    for part, name in PROPERTIES.items():
        if (thing := choice[part]) is not None:
            lines.append(f"?indicator {name} {ref(thing.iri)} .")
    return "\n".join(lines)
