"""Columns for tables whose rows have been matched: values of properties, typed as the API has them."""

from __future__ import annotations

from typing import Any

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Thing, Value
from server.pages.things.terms import word
from server.pages.words.wording import spoken
from server.reconcile.kinds import TYPES, key_of, name_of, thing_of, type_of
from server.reconcile.reading import Extension
from server.service import Service

_KINDS = {
    **dict.fromkeys(("integer", "int", "long", "nonNegativeInteger", "gYear"), "int"),
    **dict.fromkeys(("decimal", "double", "float"), "float"),
}


def extended(site: Service, asked: Extension) -> dict[str, Any]:
    """`meta` with the properties, `rows` with their values by entity; an entity that is not known has none."""
    rows = {}
    for key in asked.ids:
        thing = thing_of(site, key)
        rows[key] = {pid: _cells(site, thing, pid)[: limit or None] for pid, limit in asked.properties}
    return {"meta": [_meta(site, asked, pid) for pid, _limit in asked.properties], "rows": rows}


def _meta(site: Service, asked: Extension, pid: str) -> dict[str, Any]:
    """The property, with the type of its values when they are entities of one kind."""
    things = [thing for key in asked.ids if (thing := thing_of(site, key)) is not None]
    kinds = {one.kind for thing in things for one in catalogue(site).linked(thing, pid)}
    made: dict[str, Any] = {"id": pid, "name": word(site, pid)}
    if len(kinds) == 1 and kinds <= set(TYPES.values()):
        made["type"] = type_of(site, kinds.pop())
    return made


def _cells(site: Service, thing: Thing | None, pid: str) -> list[dict[str, Any]]:
    values = thing.values(pid) if thing is not None else []
    tagged = [value for value in values if value.language == spoken()]
    return [_cell(site, value) for value in tagged or values]


def _cell(site: Service, value: Value) -> dict[str, Any]:
    if value.kind == "iri":
        linked = catalogue(site).things.get(value.text)
        if linked is None:
            return {"str": value.text}
        return (
            {"id": key_of(linked), "name": name_of(linked)} if thing_of(site, value.text) else {"str": name_of(linked)}
        )
    return _literal(value)


def _literal(value: Value) -> dict[str, Any]:
    kind = value.datatype.rpartition("#")[2]
    try:
        if kind == "boolean":
            return {"bool": value.text in ("true", "1")}
        if _KINDS.get(kind) == "int":
            return {"int": int(value.text)}
        if _KINDS.get(kind) == "float":
            return {"float": float(value.text)}
    except ValueError:
        return {"str": value.text}
    return {"date": f"{value.text}T00:00:00Z"} if kind == "date" else {"str": value.text}
