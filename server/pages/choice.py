"""The parameters that every page reads the same way: keys as in the IRIs, a municipality by code or name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.words.names import order, plain
from server.web.problem import Problem

KINDS = {
    "group": "target-group",
    "area": "service-area",
    "follow-up": "follow-up-area",
    "level": "analysis-level",
    "relevance": "relevance-level",
    "register": "register",
    "municipality": "municipality",
    "measure-type": "measure-type",
    "concept": "conceptual-variable",
    "act": "legal-act",
    "standing": "standing",
    "channel": "channel",
    "status": "mapping-status",
    "county": "county",
    "region": "region",
    "discrepancy-kind": "discrepancy-kind",
}
FURTHER = {"with": "register", "route": "linkage-route", "indicator": "indicator"}
"""Parameters of the plans alone."""
_ALL = {**KINDS, **FURTHER}


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, by the parameter's name."""

    things: Mapping[str, Thing] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Thing | None:
        """The thing chosen by a parameter, or None."""
        return self.things.get(name)

    @property
    def parameters(self) -> dict[str, str]:
        """The choice as parameters of an address."""
        return {name: thing.key for name, thing in self.things.items()}


def read_choice(found: Catalogue, given: Mapping[str, str], *names: str) -> Choice:
    """The choice of a request. Raises Problem (bad-request) that names the nearest keys when one is not known."""
    return Choice({name: _read(found, name, given[name].strip()) for name in names if given.get(name, "").strip()})


def _read(found: Catalogue, name: str, text: str) -> Thing:
    kind = _ALL[name]
    thing = found.get(kind, text) or _by_name(found, kind, text)
    if thing is None:
        raise _unknown(found, name, text)
    return thing


def _by_name(found: Catalogue, kind: str, text: str) -> Thing | None:
    wanted = text.casefold()
    labels = ("skos:prefLabel", "skos:altLabel", "rg:shortName")
    for thing in found.of(kind):
        if any(value.text.casefold() == wanted for label in labels for value in thing.said.get(label, ())):
            return thing
    return None


def _unknown(found: Catalogue, name: str, text: str) -> Problem:
    names = {plain(thing): thing.key for thing in sorted(found.of(_ALL[name]), key=order)}
    near = [str(match[0]) for match in process.extract(text[:200], list(names), scorer=fuzz.WRatio, limit=3)]
    close = [f"{label} ({names[label]})" for label in near]
    shown = text[:80]
    return Problem(
        "bad-request",
        f"“{shown}” is not a value of {name}. Nearest: {', '.join(close)}.",
        f"«{shown}» är inget värde för {name}. Närmast: {', '.join(close)}.",
        members={"parameter": name, "nearest": [names[label] for label in near]},
    )
