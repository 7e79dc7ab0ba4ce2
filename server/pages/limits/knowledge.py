"""What is known of a register, property by property: known, contradicted, searched for in vain, or never searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.queries import Counted, select
from server.pages.words.names import order
from server.pages.words.wording import spoken

KNOWN, CONFLICTING = "rg:propertyKnown", "rg:propertyConflicting"
NOT_FOUND, SUPERSEDED = "rg:propertyNotFound", "rg:propertySuperseded"
_STANDINGS = (KNOWN, CONFLICTING, NOT_FOUND, SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Statement:
    """A property that is known of a register: the statements that hold now, their days and sources."""

    property: Thing
    statements: tuple[Thing, ...]
    days: tuple[str, ...]
    sources: tuple[Thing, ...]
    conflicting: bool


@dataclass(frozen=True, slots=True)
class Silence:
    """A property that nobody found: the day and the words of the latest search; empty when none was made."""

    property: Thing
    day: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """One register: what is known, what was searched for in vain, what nobody has searched for."""

    register: Thing
    known: tuple[Statement, ...]
    not_found: tuple[Silence, ...]
    never: tuple[Thing, ...]

    @property
    def oldest(self) -> str:
        """The day of the oldest statement that has one; empty when none has."""
        return min((day for one in self.known for day in one.days), default="")

    @property
    def newest(self) -> str:
        """The day of the newest one."""
        return max((day for one in self.known for day in one.days), default="")

    @property
    def conflicting(self) -> int:
        """How many properties the sources contradict each other on."""
        return sum(one.conflicting for one in self.known)


@dataclass(frozen=True, slots=True)
class Property:
    """A property over all registers, as counts with their queries."""

    property: Thing
    known: Counted
    conflicting: Counted
    not_found: Counted


def registers(found: Catalogue) -> list[Thing]:
    """The quality registers, of which all this is asked."""
    return sorted((one for one in found.of("register") if one.is_a("QualityRegister")), key=order)


def properties(found: Catalogue) -> list[Thing]:
    """The properties that are known of at least one quality register: the others are asked of other registers."""
    asked = {iri for register in registers(found) for name in _STANDINGS for iri in register.iris(name)}
    return sorted((one for one in found.of("register-property") if one.iri in asked), key=order)


def completeness(found: Catalogue) -> list[Property]:
    """Each property with its counts, the best known first."""
    every = registers(found)
    counts = {name: Counter(iri for one in every for iri in one.iris(name)) for name in (KNOWN, CONFLICTING, NOT_FOUND)}
    made = [
        Property(one, *(_count(counts[name][one.iri], one, name) for name in (KNOWN, CONFLICTING, NOT_FOUND)))
        for one in properties(found)
    ]
    return sorted(made, key=lambda one: (-one.known.number, order(one.property)))


def _count(number: int, wanted: Thing, name: str) -> Counted:
    return Counted(number, select("?register", f"?register a rg:QualityRegister ; {name} <{wanted.iri}> ."))


def known_of(found: Catalogue, register: Thing, asked: Sequence[Thing]) -> Register:
    """What is known of a register, of the properties that are asked."""
    known, found_nothing = set(register.iris(KNOWN)), set(register.iris(NOT_FOUND))
    conflicting = set(register.iris(CONFLICTING))
    said = _by_property(found.linked(register, "rg:currentStatement"))
    searched = _by_property(found.back(register, "rg:searchFor"))
    return Register(
        register,
        tuple(
            _statement(found, one, said.get(one.iri, []), conflicting=one.iri in conflicting)
            for one in asked
            if one.iri in known
        ),
        tuple(
            _silence(one, searched.get(one.iri, []))
            for one in asked
            if one.iri in found_nothing and one.iri not in known
        ),
        tuple(one for one in asked if one.iri not in known and one.iri not in found_nothing),
    )


def all_known(found: Catalogue) -> list[Register]:
    """What is known of every quality register, the least known first; found once per release and language."""
    return found.once(("limits", spoken()), lambda: _all_known(found))


def _all_known(found: Catalogue) -> list[Register]:
    asked = properties(found)
    every = [known_of(found, one, asked) for one in registers(found)]
    return sorted(every, key=lambda one: (len(one.known), order(one.register)))


def _by_property(things: Iterable[Thing]) -> dict[str, list[Thing]]:
    made: dict[str, list[Thing]] = {}
    for one in things:
        for iri in one.iris("rg:ofProperty"):
            made.setdefault(iri, []).append(one)
    return made


def _statement(found: Catalogue, wanted: Thing, said: list[Thing], *, conflicting: bool) -> Statement:
    sources = {source.iri: source for one in said for source in found.linked(one, "dcterms:source")}
    days = sorted({day for one in said if (day := one.first("rg:asOf"))})
    return Statement(wanted, tuple(said), tuple(days), tuple(sources.values()), conflicting)


def _silence(wanted: Thing, made: list[Thing]) -> Silence:
    latest = max(made, key=lambda one: one.first("rg:searchedOn"), default=None)
    if latest is None:
        return Silence(wanted)
    return Silence(wanted, latest.first("rg:searchedOn"), latest.first("rg:searchQuery"))
