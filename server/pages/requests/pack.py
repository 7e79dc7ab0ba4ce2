"""What a request needs: each item with its identifiers and codes, who decides for each register, the law, the form."""

from __future__ import annotations

from dataclasses import dataclass

from server.pages.answers.linkage import Service, services
from server.pages.catalogue.things import Catalogue, Thing, Value
from server.pages.law import Basis, bases
from server.pages.requests.state import Item, Request
from server.pages.words.names import order
from server.pages.words.wording import spoken

_OWNERS = {"variable": "rg:variableOf", "indicator": "rg:indicatorOf"}


@dataclass(frozen=True, slots=True)
class Row:
    """An item: the register that holds it, what it measures, its codes and unit, where it is printed.

    `period` is what the sources say of when it has been collected; `needs` are the variables that an indicator is
    computed from, as far as they are known.
    """

    item: Item
    register: Thing | None
    measures: tuple[Thing, ...]
    codes: str
    unit: str
    form: str
    period: str
    needs: tuple[Thing, ...]
    sources: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """A register of the request: who decides, on what conditions and grounds, how long it takes; empty: not known."""

    register: Thing
    deciders: tuple[Thing, ...]
    ways: tuple[Value, ...]
    conditions: tuple[Value, ...]
    grounds: tuple[Value, ...]
    time: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """A request with all that goes with it; `bases` are the provisions that its groups and areas rest on."""

    request: Request
    rows: tuple[Row, ...]
    holders: tuple[Holder, ...]
    concerned: tuple[Thing, ...]
    bases: tuple[Basis, ...]
    services: tuple[Service, ...]


def pack(found: Catalogue, request: Request) -> Pack:
    """The pack of a request."""
    rows = tuple(_row(found, item) for item in request.items)
    registers = {row.register.iri: row.register for row in rows if row.register is not None}
    concerned = _concerned(found, request)
    return Pack(
        request,
        rows,
        tuple(_holder(found, one) for one in sorted(registers.values(), key=order)),
        tuple(concerned),
        tuple(bases(found, concerned)),
        tuple(services(found)),
    )


def _row(found: Catalogue, item: Item) -> Row:
    thing = item.thing
    indicator = thing.kind == "indicator"
    return Row(
        item,
        next(iter(found.linked(thing, _OWNERS[thing.kind])), None),
        tuple(found.linked(thing, "rg:usesConceptualVariable" if indicator else "rg:measures")),
        thing.first("rg:valueSet"),
        thing.first("rg:unitOfMeasure"),
        thing.first("rg:onForm"),
        _period(thing),
        tuple(sorted(found.linked(thing, "rg:usesVariable"), key=order)) if indicator else (),
        tuple(found.linked(thing, "dcterms:source")),
    )


def _period(thing: Thing) -> str:
    begin, end = thing.first("rg:holdsFrom"), thing.first("rg:holdsUntil")
    return f"{begin}–{end}" if begin or end else ""


def _holder(found: Catalogue, register: Thing) -> Holder:
    deciders = found.linked(register, "dpv:hasDataController") or found.linked(register, "rg:heldBy")
    return Holder(
        register,
        tuple(deciders),
        tuple(texts(register, "rg:dataAccess") or texts(register, "foaf:homepage")),
        tuple(texts(register, "rg:accessConditions")),
        tuple(texts(register, "rg:legalGround")),
        tuple(texts(register, "rg:processingTime")),
    )


def texts(thing: Thing, name: str) -> list[Value]:
    """The values in the language of the request or in none; all of them when there are no such."""
    every = thing.values(name)
    return [one for one in every if one.language in ("", spoken())] or every


def _concerned(found: Catalogue, request: Request) -> list[Thing]:
    """The target groups and service areas that the indicators of a request concern."""
    every = {
        concept.iri: concept
        for item in request.items
        for name in ("rg:concernsTargetGroup", "rg:concernsServiceArea")
        for concept in found.linked(item.thing, name)
    }
    return sorted(every.values(), key=order)


def offered(found: Catalogue, register: Thing) -> list[Thing]:
    """What can be asked of a register: its indicators, then its variables, in Swedish order."""
    indicators = sorted(found.back(register, "rg:indicatorOf"), key=order)
    return [*indicators, *sorted(found.back(register, "rg:variableOf"), key=order)]
