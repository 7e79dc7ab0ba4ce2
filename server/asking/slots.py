"""The slots of a shipped question, and what a text puts into them.

A slot is a field of the question's page (a thing, a day, a number, words), a provision, or a number that names a part,
as of a table and its row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from server.asking.mentions import Names, Said
from server.pages.catalogue.things import Catalogue
from server.pages.editor.fields import Field, fields, filled
from server.service import BASE

_PROVISION = re.compile(rf"\bprovision:([a-z0-9][\w-]*(?:\.[\w-]+)*)|<{re.escape(BASE)}id/provision/([\w.-]+)>")
_PART = re.compile(r"\brg:(part|row|chapter)Number (\d+)\b")
_PARTS = {"part": ("tabell", "bilaga"), "row": ("rad",), "chapter": ("kapitel",)}
_LISTED = re.compile(r"(?<=\{)((?:\s*[\w-]+:[\w.-]+)+\s*)(?=\})")
_AGAIN = re.compile(r"-\d+$")


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot: its name, what it holds (the kind of a thing, or date, number, words, part), and what it holds now."""

    name: str
    holds: str
    now: str


def slots_of(found: Catalogue, query: str) -> list[Slot]:
    """The slots of a query, in the order in which its page shows them, then provisions and parts."""
    made = [Slot(field.name, _holds(field), field.now) for field in fields(found, query)]
    provisions = dict.fromkeys(one or other for one, other in _PROVISION.findall(query))
    made += [Slot("provision", "provision", key) for key in list(provisions)[:1]]
    return made + [Slot(f"{name}-number", "part", number) for name, number in dict(_PART.findall(query)).items()]


def _holds(field: Field) -> str:
    return _AGAIN.sub("", field.name) if field.kind == "select" else field.kind


def kinds_of(slot: Slot, names: Names) -> set[str]:
    """The kinds of things whose names a slot takes: its own, or for words those of what stands there now."""
    if slot.holds != "words":
        return {slot.holds}
    kinds = set.union(set(), *(names.kinds(word.strip()) for word in slot.now.split(";")))
    return {"municipality"} if "municipality" in kinds else {"register"}


def understood(slots: list[Slot], said: Said, names: Names) -> dict[str, str]:
    """What a text puts into slots, by slot; those of which it says nothing are left out."""
    given: dict[str, str] = {}
    left = {kind: [one.key for one in said.of(kind)] for kind in {slot.holds for slot in slots}}
    listed = {_AGAIN.sub("", slot.name) for slot in slots if _AGAIN.search(slot.name)}
    for slot in slots:
        if slot.holds == "register-property" and slot.name not in listed and not _AGAIN.search(slot.name):
            continue  # a question on one property is about that one
        value = _value(slot, said, names, left.get(slot.holds, []))
        if value:
            given[slot.name] = value
    _repeat(slots, given)
    return given


def _value(slot: Slot, said: Said, names: Names, keys: list[str]) -> str:
    if slot.holds == "date":
        return _day(said.days[0], slot.now) if said.days else ""
    if slot.holds == "number":
        return str(said.numbers[0]) if said.numbers else ""
    if slot.holds == "words":
        (kind,) = kinds_of(slot, names)
        return "; ".join(dict.fromkeys(one.name for one in said.of(kind)))
    if slot.holds == "part":
        words = _PARTS[slot.name.removesuffix("-number")]
        return next((str(said.parts[word]) for word in words if word in said.parts), "")
    return keys.pop(0) if keys else ""


def _day(day: str, now: str) -> str:
    """A day; of a year alone, the one that the question has in another year."""
    return day if len(day) > 4 else day + now[4:]


def _repeat(slots: list[Slot], given: dict[str, str]) -> None:
    """Where a question lists several things of a kind and fewer are named, let only those stand in the list."""
    for slot in slots:
        first = _AGAIN.sub("", slot.name)
        if slot.name != first and first in given:
            given.setdefault(slot.name, given[first])


def written(found: Catalogue, query: str, given: Mapping[str, str]) -> str:
    """The query with slots filled. Raises Problem (bad-request) for a value that does not fit."""
    text = filled(found, query, given)
    if provision := given.get("provision"):
        text = _PROVISION.sub(lambda match: match[0].replace(match[1] or match[2], provision), text)
    for name in _PARTS:
        if number := given.get(f"{name}-number"):
            text = re.sub(rf"\brg:{name}Number \d+\b", f"rg:{name}Number {number}", text)
    return _LISTED.sub(lambda match: " " + " ".join(dict.fromkeys(match[1].split())) + " ", text)


def lasting(slots: list[Slot], given: Mapping[str, str]) -> dict[str, str]:
    """What every slot holds in the end, as understood or as the question has it, each thing once."""
    made: dict[str, str] = {}
    for slot in slots:
        value = given.get(slot.name, slot.now)
        if slot.name not in given or value != given.get(_AGAIN.sub("", slot.name)) or not _AGAIN.search(slot.name):
            made[slot.name] = value
    return made
