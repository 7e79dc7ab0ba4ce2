"""Section 2 of the sheet: what only linkage gives, with whom a register can be linked, and the service that does it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.pages.answers.rows import Group
from server.pages.catalogue.things import Catalogue, Thing
from server.pages.words.badges import Badge, Whys
from server.pages.words.names import order, plain
from server.pages.words.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Service:
    """A service that links registers: how it is ordered, what is sent with the order, what comes back."""

    thing: Thing
    routes: tuple[Thing, ...]
    orderers: tuple[Thing, ...]
    inputs: tuple[Thing, ...]
    outputs: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Linkage:
    """Registers in the same position; `with_` are the health data registers, none when nobody knows."""

    registers: tuple[Thing, ...]
    with_: tuple[Thing, ...]
    precisely: bool
    badge: Badge | None
    services: tuple[Service, ...]


def linkages(found: Catalogue, groups: Iterable[Group], whys: Whys) -> list[Linkage]:
    """The registers that no known variable breaks down by municipality, those that can be linked first."""
    alike: dict[tuple[tuple[str, ...], bool], list[Thing]] = {}
    for group in groups:
        if group.municipality is None:
            register = group.register
            key = (tuple(sorted(register.iris("rg:linkableWith"))), bool(register.iris("rg:preciselyLinkableWith")))
            alike.setdefault(key, []).append(register)
    made = [_linkage(found, registers, whys) for registers in alike.values()]
    return sorted(made, key=lambda one: (not one.with_, not one.precisely))


def _linkage(found: Catalogue, registers: list[Thing], whys: Whys) -> Linkage:
    first = registers[0]
    with_ = sorted(found.linked(first, "rg:linkableWith"), key=order)
    precisely = bool(first.iris("rg:preciselyLinkableWith"))
    badge = (
        whys.inferred("precisely-linkable" if precisely else "linkable", *_premises(found, registers))
        if with_
        else None
    )
    return Linkage(tuple(registers), tuple(with_), precisely, badge, tuple(services(found)) if with_ else ())


def _premises(found: Catalogue, registers: list[Thing]) -> list[str]:
    said = []
    for register in registers:
        for variable in sorted(found.back(register, "rg:variableOf"), key=order):
            if any("person" in concept.keys("rg:identifies") for concept in found.linked(variable, "rg:measures")):
                said.append(
                    _(
                        "Premise: %(register)s has the variable “%(variable)s”.",
                        register=plain(register),
                        variable=plain(variable),
                    )
                )
    return said


def services(found: Catalogue) -> list[Service]:
    """The services that use health data registers and give statistics back."""
    linking = [one for one in found.of("service") if _links(found, one)]
    return [_service(found, one) for one in sorted(linking, key=order)]


def _links(found: Catalogue, service: Thing) -> bool:
    uses = bool(service.flag("rg:usesAnyHealthDataRegister")) or bool(service.iris("rg:usesHealthDataRegister"))
    examples = found.back(service, "rg:exampleOf")
    return uses and bool(examples)


def _service(found: Catalogue, service: Thing) -> Service:
    at_order = [one for one in found.back(service, "rg:inputOf") if one.key_of("rg:inputStage") in ("order", "")]
    return Service(
        service,
        tuple(found.linked(service, "rg:orderedThrough")),
        tuple(found.linked(service, "rg:mayBeOrderedBy")),
        tuple(sorted(at_order, key=order)),
        tuple(sorted(found.back(service, "rg:outputOf"), key=order)),
    )
