"""What the pages say of a register, read off the catalogue: relevance, coverage, levels, linkage, indicators."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.words.collation import swedish
from server.pages.words.names import order
from server.pages.words.wording import decimal
from server.pages.words.wording import gettext as _

LEVELS = ("high", "some", "low")
MUNICIPALITY = "municipality"
CONTROLLER = "dpv:hasDataController"


@dataclass(frozen=True, slots=True)
class Coverage:
    """A measurement as percentages; None where the source gives no limit. `year` is empty when none is given."""

    thing: Thing
    metric: str
    low: Decimal | None
    high: Decimal | None
    below: bool
    year: str

    @property
    def known(self) -> bool:
        """Whether there is any number."""
        return self.low is not None or self.high is not None

    @property
    def text(self) -> str:
        """`90–100`, or the one limit that there is, as the language of the page writes numbers."""
        if self.low is not None and self.high is not None:
            return decimal(self.low) if self.low == self.high else f"{decimal(self.low)}–{decimal(self.high)}"
        one = self.low if self.low is not None else self.high
        return decimal(one) if one is not None else ""


def coverages(found: Catalogue, register: Thing, metric: str = "coverage") -> list[Coverage]:
    """The measurements of a register, the latest year first."""
    every = [_coverage(thing) for thing in found.back(register, "dqv:computedOn")]
    return sorted((one for one in every if one.metric == metric), key=lambda one: one.year, reverse=True)


def coverage(found: Catalogue, register: Thing) -> Coverage | None:
    """The latest measurement of coverage that has a number."""
    return next((one for one in coverages(found, register) if one.known), None)


def in_percent(one: Coverage) -> str:
    """A measurement in words: `under 50 %`, `at least 90 %`, `90–100 %`."""
    if one.below:
        text = _("under %(n)s", n=one.text)
    elif one.low is None:
        text = _("at most %(n)s", n=one.text)
    else:
        text = _("at least %(n)s", n=one.text) if one.high is None else one.text
    return f"{text} %"


def _coverage(thing: Thing) -> Coverage:
    under = _number(thing, "rg:percentUnder")
    return Coverage(
        thing,
        thing.key_of("dqv:isMeasurementOf"),
        _number(thing, "rg:percentFrom"),
        under if under is not None else _number(thing, "rg:percentTo"),
        under is not None,
        thing.first("rg:measurementYear"),
    )


def _number(thing: Thing, name: str) -> Decimal | None:
    text = thing.first(name)
    return Decimal(text) if text else None


def coverage_buckets(found: Catalogue, register: Thing) -> list[str]:
    """The steps that the measurements of a register fall on: `high` from 90 per cent, `low` to 50, `between`; else
    `unknown`.
    """
    known = [one for one in coverages(found, register) if one.known]
    return list(dict.fromkeys(_bucket(one) for one in known)) or ["unknown"]


def _bucket(one: Coverage) -> str:
    if one.low is not None and one.low >= 90:
        return "high"
    return "low" if one.high is not None and one.high <= 50 else "between"


def relevance(register: Thing) -> list[str]:
    """The levels that sources state, else those that are computed, highest first; empty when nobody knows."""
    stated = register.keys("rg:statedRelevance") or register.keys("rg:computedRelevance")
    return [level for level in LEVELS if level in stated]


def by_relevance(register: Thing) -> tuple[int, object]:
    """The place of a register: the most relevant first, then by name."""
    levels = relevance(register)
    return (LEVELS.index(levels[0]) if levels else len(LEVELS), order(register))


def indicators(found: Catalogue, register: Thing) -> list[Thing]:
    """The indicators of a register in the order of the source."""
    return sorted(found.back(register, "rg:indicatorOf"), key=printed_order)


def printed_order(thing: Thing) -> tuple[object, ...]:
    """The order of tables and rows in the source, as the keys of passages have it."""
    return (order_of_source(thing), order(thing))


def order_of_source(thing: Thing) -> tuple[object, ...]:
    """A sort key over the numbers and words of a thing's first passage."""
    return swedish(thing.key_of("dcterms:source") or thing.key)


def levels(found: Catalogue, register: Thing) -> list[Thing]:
    """The levels of analysis that the indicators of a register state."""
    mine = found.pointing(register, "rg:indicatorOf")
    stated = [level for level in found.of("analysis-level") if mine & found.pointing(level, "rg:analysisLevel")]
    return sorted(stated, key=order)


def by_municipality(register: Thing) -> bool:
    """Whether a register can be broken down by municipality without linkage, as far as its known variables tell."""
    return MUNICIPALITY in register.keys("rg:supportsAnalysisLevel")


def place_variables(found: Catalogue, register: Thing) -> list[tuple[Thing, Thing]]:
    """The variables of a register that tell where a person lives, with what they measure."""
    pairs = []
    for variable in found.back(register, "rg:variableOf"):
        for concept in found.linked(variable, "rg:measures"):
            if "place" in concept.keys("rg:identifies"):
                pairs.append((variable, concept))
    return sorted(pairs, key=lambda pair: order(pair[0]))


def kpis(found: Catalogue, register: Thing) -> list[Thing]:
    """The key indicators that name a register as their source, by their code."""
    return sorted(found.back(register, "rg:citesRegister"), key=lambda kpi: kpi.first("skos:notation"))


def holders(found: Catalogue, register: Thing) -> list[Thing]:
    """Who holds a register, as a source states it, else who is responsible for its personal data (a public page)."""
    held = found.linked(register, "rg:heldBy") or controllers(found, register)
    return sorted(held, key=order)


def controllers(found: Catalogue, register: Thing) -> list[Thing]:
    """Who is responsible for the personal data of a register, by the dated statements that hold now."""
    now = [one for one in found.linked(register, "rg:currentStatement") if "controller" in one.keys("rg:ofProperty")]
    said = {agent.iri: agent for one in now for agent in found.linked(one, "rdf:object")}
    return found.linked(register, CONTROLLER) or list(said.values())


def discrepancies(found: Catalogue, *things: Thing) -> list[Thing]:
    """Where sources contradict themselves or each other on any of these things."""
    every = {one.iri: one for thing in things for one in found.back(thing, "rg:discrepancyAbout")}
    return sorted(every.values(), key=printed_order)
