"""The queries that a plan is answered by, each a SELECT whose rows are the lines that it makes."""

from __future__ import annotations

from collections.abc import Iterable

from server.pages.catalogue.things import Thing
from server.pages.queries import ref, select

_OWN = "?register rg:subRegisterOf? ?whole .\n?variable rg:variableOf ?register ; rg:measures ?concept ."


def _values(name: str, things: Iterable[Thing]) -> str:
    return f"VALUES ?{name} {{ {' '.join(ref(one.iri) for one in things)} }}"


def keys(registers: Iterable[Thing]) -> str:
    """Which variables of registers (and of their parts) identify a person, a care unit, or a day to start from."""
    kinds = """?concept rg:identifies ?kind .
FILTER(STRENDS(STR(?kind), "/person") || STRENDS(STR(?kind), "/care-unit")
  || (STRENDS(STR(?kind), "/time") && EXISTS { ?route rg:startsFrom ?concept }))"""
    patterns = (_values("whole", registers), _OWN, kinds)
    return select("?whole ?variable ?concept ?kind", *patterns, order="?whole ?kind ?variable")


def stated_number(registers: Iterable[Thing]) -> str:
    """Of which registers a source says whether they hold identity numbers."""
    return select("?whole ?said", _values("whole", registers), "?whole rg:recordsPersonalIdentityNumber ?said .")


def variables(registers: Iterable[Thing], concepts: Iterable[Thing]) -> str:
    """Which variables of registers (and of their parts) measure one of the concepts."""
    patterns = (_values("whole", registers), _values("concept", concepts), _OWN)
    return select("?variable ?concept ?register", *patterns, order="?register ?variable")


def lines(route: Thing) -> str:
    """The lines of a route's plan, with their kind and standing."""
    body = f"?line rg:lineOf {ref(route.iri)} ; rg:lineKind ?kind ; rg:standing ?standing ."
    return select("?line ?kind ?standing", body, order="?kind ?line")


def service(thing: Thing) -> str:
    """What the source says of a service: its rules, what is sent and what comes back."""
    iri = ref(thing.iri)
    roles = ("rule", "input", "output")
    parts = (f'{{ ?said rg:{role}Of {iri} . BIND("{role}" AS ?role) }}' for role in roles)
    return select("?said ?role", "\nUNION ".join(parts), order="?said")


def grounds(registers: Iterable[Thing], lang: str) -> str:
    """The legal grounds that sources give of registers."""
    body = f'?whole rg:legalGround ?ground . FILTER(lang(?ground) IN ("", "{lang}"))'
    return select("?whole ?ground", _values("whole", registers), body, order="?whole ?ground")


def deciders(registers: Iterable[Thing]) -> str:
    """Who holds registers, and where data are ordered from them today."""
    holds = "{ ?whole <https://w3id.org/dpv#hasDataController> ?who } UNION { ?whole rg:heldBy ?who }"
    body = f"{holds} UNION {{ ?whole rg:dataAccess ?page }}"
    return select("?whole ?who ?page", _values("whole", registers), body, order="?whole ?who ?page")


def suppliers(concepts: Iterable[Thing]) -> str:
    """Which registers have variables that measure the concepts."""
    body = "?variable rg:measures ?concept ; rg:variableOf ?register ."
    return select("?concept ?register ?variable", _values("concept", concepts), body, order="?concept ?register")


def holders(concepts: Iterable[Thing]) -> str:
    """Which health data registers have variables that measure one of the concepts."""
    body = "?variable rg:measures ?concept ; rg:variableOf ?register .\n?register a rg:HealthDataRegister ."
    return select("?register", _values("concept", concepts), body, order="?register")
