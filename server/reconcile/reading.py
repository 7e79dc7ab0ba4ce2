"""What clients send: batches of queries and of extensions, within limits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from server.reconcile.kinds import TYPES, kind_named
from server.web.problem import Problem

BATCH, TEXT, MOST, IDS, PROPERTIES = 100, 1_000, 50, 500, 50
_USUAL = 5


@dataclass(frozen=True, slots=True)
class Query:
    """One query: its text, kinds (all, when there is none), most candidates, and values of properties to compare."""

    text: str
    kinds: tuple[str, ...]
    limit: int
    values: tuple[tuple[str, tuple[str, ...]], ...]


def read_queries(text: str) -> dict[str, Query]:
    """The queries of a batch. Raises Problem: bad-request for what is no batch, too-large above the limits."""
    batch = _object(text, "queries")
    if len(batch) > BATCH:
        raise _large(f"{len(batch)} queries; at most {BATCH} are taken", f"{len(batch)} frågor; högst {BATCH} tas emot")
    return {name: _query(name, one) for name, one in batch.items()}


def _query(name: str, one: Any) -> Query:
    if not isinstance(one, dict):
        raise _bad(f"{name} is no object", f"{name} är inget objekt")
    text = one.get("query", "")
    if not isinstance(text, str):
        raise _bad(f"{name}.query is no text", f"{name}.query är ingen text")
    if len(text) > TEXT:
        raise _bad(f"{name}.query is longer than {TEXT} characters", f"{name}.query är längre än {TEXT} tecken")
    values = tuple(_value(name, value) for value in _list(one.get("properties")))
    if not text.strip() and not values:
        raise _bad(f"{name} has neither query nor properties", f"{name} har varken query eller properties")
    return Query(text, tuple(_kind(name, kind) for kind in _list(one.get("type"))), _limit(name, one), values)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _kind(name: str, given: Any) -> str:
    """A type given as text or as an object with an id."""
    text = given.get("id") if isinstance(given, dict) else given
    kind = kind_named(text) if isinstance(text, str) else ""
    if not kind:
        known = ", ".join(TYPES)
        raise _bad(f"{name}.type is not known. There is: {known}", f"{name}.type är okänd. Det som finns: {known}")
    return kind


def _limit(name: str, one: dict[str, Any]) -> int:
    limit = one.get("limit", _USUAL)
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
        raise _bad(f"{name}.limit is no number from 1", f"{name}.limit är inget tal från 1")
    return min(limit or _USUAL, MOST)


def _value(name: str, given: Any) -> tuple[str, tuple[str, ...]]:
    if not isinstance(given, dict) or not isinstance(given.get("pid"), str) or "v" not in given:
        raise _bad(f"{name}.properties needs pid and v", f"{name}.properties behöver pid och v")
    return given["pid"], tuple(_text(value) for value in _list(given["v"]))


def _text(value: Any) -> str:
    """A value to compare: a text, a number, or an entity by its id."""
    if isinstance(value, dict):
        value = value.get("id", value.get("name", ""))
    return str(value)[:TEXT]


@dataclass(frozen=True, slots=True)
class Extension:
    """What is to be added to a table: values of properties, at most so many each (0: all), for entities."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, int], ...]


def read_extension(text: str) -> Extension:
    """The extension that is asked for. Raises Problem as `read_queries`."""
    asked = _object(text, "extend")
    ids, wanted = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(wanted, list) or not all(isinstance(one, str) for one in ids):
        raise _bad("extend needs ids and properties", "extend behöver ids och properties")
    if len(ids) > IDS or len(wanted) > PROPERTIES:
        raise _large(
            f"more than {IDS} ids or {PROPERTIES} properties", f"fler än {IDS} ids eller {PROPERTIES} properties"
        )
    return Extension(tuple(ids), tuple(_property(one) for one in wanted))


def _property(given: Any) -> tuple[str, int]:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise _bad("each of extend.properties needs an id", "var och en av extend.properties behöver ett id")
    settings = given.get("settings")
    limit = settings.get("limit", 0) if isinstance(settings, dict) else 0
    return given["id"], int(limit) if str(limit).isdecimal() else 0


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
        raise _bad(f"{name} is not JSON{place}", f"{name} är inte JSON{place}") from error
    if not isinstance(value, dict):
        raise _bad(f"{name} is no JSON object", f"{name} är inget JSON-objekt")
    return value


def _bad(en: str, sv: str) -> Problem:
    return Problem("bad-request", f"{en}.", f"{sv}.")


def _large(en: str, sv: str) -> Problem:
    return Problem("too-large", f"The batch has {en}.", f"Omgången har {sv}.", members={"limit": "batch"})
