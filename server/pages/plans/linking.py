"""The keys that both sides have, which are missing, how precise the linkage is, and what is sent of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from server.pages.catalogue.things import Thing
from server.pages.plans.facts import KINDS, Facts
from server.pages.plans.plan import OURS, PAGE, SOURCE, Line, Section, Sent
from server.pages.plans.words import notations
from server.pages.queries import Counted
from server.pages.words.names import plain
from server.pages.words.sources import document
from server.pages.words.wording import gettext as _
from server.pages.words.wording import listed


@dataclass(slots=True)
class Linking:
    """What identifies on both sides: variables by register and kind, and what sources say of identity numbers."""

    facts: Facts
    register: Thing
    others: tuple[Thing, ...]
    matches_by_number: bool
    held: dict[tuple[str, str], list[Thing]] = field(default_factory=dict)
    stated: dict[str, bool] = field(default_factory=dict)
    queries: tuple[Counted, ...] = ()

    def __post_init__(self) -> None:
        """Ask once for both sides."""
        sides = (self.register, *self.others)
        self.held, first = self.facts.keys(sides)
        self.stated, second = self.facts.numbers(sides)
        self.queries = (first, second)

    def has(self, register: Thing, kind: str) -> bool:
        """Whether a register is known to hold what identifies a person, time or care unit."""
        by_statement = kind == "person" and self.stated.get(register.iri, False)
        return bool(self.held.get((register.iri, kind))) or by_statement

    def section(self) -> Section:
        """A line for each kind and side, then how precise the linkage is."""
        lines = [self._line(register, kind) for kind in KINDS for register in (self.register, *self.others)]
        return Section("keys", _("Keys on both sides"), (*lines, *self._precision()), self.queries)

    def _line(self, register: Thing, kind: str) -> Line:
        variables = self.held.get((register.iri, kind), [])
        said = {"register": plain(register), "kind": kind_word(kind)}
        if variables:
            text = _("%(register)s has %(kind)s: %(variables)s.", variables=notations(variables), **said)
            return Line(text, SOURCE, (register,), sources_of(self.facts, variables))
        if kind == "person" and register.iri in self.stated:
            held = self.stated[register.iri]
            text = (
                _("%(register)s has %(kind)s, a source says.", **said)
                if held
                else _("%(register)s has no %(kind)s, a source says.", **said)
            )
            return Line(text, SOURCE, (register,))
        if kind == "person" and register in self.others and self.matches_by_number:
            return Line(_("%(register)s is matched by %(kind)s, by the service’s page.", **said), PAGE, (register,))
        return Line(_("No list of variables at hand says that %(register)s has %(kind)s.", **said), OURS, (register,))

    def _precision(self) -> list[Line]:
        if not self.others:
            return []
        shared = [kind for kind in KINDS if self.has(self.register, kind) and self._there(kind)]
        if "person" not in shared:
            return [Line(_("Without an identity number on both sides nothing can be linked person by person."), OURS)]
        more = [kind_word(kind) for kind in shared if kind != "person"]
        if len(more) == 2:
            return [Line(_("Precise: person, date and care unit are on both sides."), OURS)]
        if more:
            return [
                Line(_("By person and %(kind)s; the other of date and care unit is not known.", kind=more[0]), OURS)
            ]
        return [Line(_("By person alone: neither date nor care unit is known on both sides."), OURS)]

    def _there(self, kind: str) -> bool:
        by_service = kind == "person" and self.matches_by_number
        return by_service or any(self.has(other, kind) for other in self.others)

    def missing(self, starts_from: Sequence[Thing]) -> list[str]:
        """What keeps the plan from being an order: the identity number, and the date that the follow-up starts from."""
        found = [] if self.has(self.register, "person") else [_("the identity number")]
        if starts_from:
            variables, counted = self.facts.variables((self.register,), starts_from)
            self.queries = (*self.queries, counted)
            names = listed_or([plain(one) for one in starts_from])
            found += [] if variables else [_("an index date (%(dates)s)", dates=names)]
        return found

    def sent(self, lines: Iterable[Thing]) -> tuple[list[Sent], list[Counted]]:
        """What each line of what is to be sent is called in the register."""
        made, counts = [], []
        for line in lines:
            concepts = self.facts.found.linked(line, "rg:sendsDataOn")
            variables, counted = self.facts.variables((self.register,), concepts)
            made.append(Sent(planned(self.facts, line), tuple(_nearest(concepts, variables))))
            counts.append(counted)
        return made, counts


def _nearest(concepts: Sequence[Thing], variables: Sequence[Thing]) -> list[Thing]:
    """The variables of the first concept that has any: the concepts stand in the order of preference."""
    for concept in concepts:
        if own := [one for one in variables if concept.iri in one.iris("rg:measures")]:
            return own
    return []


def kind_word(kind: str) -> str:
    """What identifies, in words."""
    return {"person": _("identity number"), "time": _("date"), "care-unit": _("care unit")}[kind]


def listed_or(names: list[str]) -> str:
    """Names one after another, with “or” before the last."""
    return listed(names) if len(names) < 2 else _("%(first)s or %(last)s", first=", ".join(names[:-1]), last=names[-1])


def planned(facts: Facts, line: Thing) -> Line:
    """A line of the plan's tables, marked as the page's where it is stated."""
    mark = PAGE if line.key_of("rg:standing") == "stated" else OURS
    return Line(plain(line), mark, (), tuple(facts.found.linked(line, "dcterms:source")))


def sources_of(facts: Facts, things: Iterable[Thing]) -> tuple[Thing, ...]:
    """The documents from which things were taken, each once."""
    found = {}
    for thing in things:
        for source in facts.found.linked(thing, "dcterms:source"):
            above = document(facts.found, source) or source
            found[above.iri] = above
    return tuple(found.values())
