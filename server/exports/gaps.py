"""What the profiles ask for and no source states: by register, element and profile, and who could fill it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Described:
    """One register, and what is known of it that a profile asks for."""

    iri: str
    label: str
    variables: bool
    publisher: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """One mandatory element that no source states.

    `filler` is who could state it; `how` is what the export does meanwhile.
    """

    register: str
    label: str
    profile: str
    element: str
    filler: str
    how: str


STAND_IN, LEFT_OUT = "stand-in", "left-out"
_HOLDER, _STATE = "register-holder", "health-data-access-body"
_HEALTH_STAND_INS = (
    ("dcterms:provenance", _HOLDER),
    ("dcat:contactPoint", _HOLDER),
    ("healthdcatap:hdab", _STATE),
)


def gaps_query() -> str:
    """The query whose rows `described` reads."""
    return (files("server.exports") / "queries" / "gaps.rq").read_text(encoding="utf-8")


def gaps(registers: Iterable[Described]) -> Iterator[Gap]:
    """The gaps of each register, in the order of the registers."""
    for register in registers:
        if register.variables:
            for element, filler in _HEALTH_STAND_INS:
                yield _gap(register, "healthdcat-ap", element, filler, STAND_IN)
        else:
            yield _gap(register, "healthdcat-ap", "healthdcatap:hasVariables", _HOLDER, LEFT_OUT)
        if not register.publisher:
            yield _gap(register, "dcat-ap-se", "dcterms:publisher", _HOLDER, LEFT_OUT)
        yield _gap(register, "dcat-ap-se", "vcard:hasEmail", _HOLDER, LEFT_OUT)


def _gap(register: Described, profile: str, element: str, filler: str, how: str) -> Gap:
    return Gap(register.iri, register.label, profile, element, filler, how)
