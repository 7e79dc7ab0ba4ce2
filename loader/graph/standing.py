"""Which record stands: the plain rules of what accepted submissions add, replace and take away.

A record is a subject of the layout (`variable/svedem.smarta`); its scope is its table and its register
(`variables:svedem`). A submission puts records, takes records away that it names, and may say of a scope that what it
puts is the whole list. What was accepted later, by its number in the audit log, stands before what was accepted
earlier, record by record. A submission that revises another takes its place as a whole, for as long as it is accepted
itself. So withdrawing one gives back what stood before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Change:
    """What one accepted submission does.

    `puts` maps its records to their scopes, `removes` the records that it takes away to what replaces each, if
    anything; `whole` are the scopes of which it is the whole list; `revises` are the submissions in whose place it is.
    """

    key: str
    number: int
    puts: Mapping[str, str] = field(default_factory=dict)
    removes: Mapping[str, str | None] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    revises: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gone:
    """A record that was taken away: by which submission, and what replaces it."""

    by: str
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands: `held` maps records to the submission that describes each, None for one of the sources.

    `scopes` are the scopes of the records that stand, `gone` the records that do not any more, `idle` the submissions
    of which nothing is in force.
    """

    held: Mapping[str, str | None]
    scopes: Mapping[str, str]
    gone: Mapping[str, Gone]
    idle: frozenset[str]


def stand(base: Mapping[str, str], changes: Iterable[Change]) -> Standing:
    """What stands after all changes; `base` are the records of the sources with their scopes."""
    ordered = sorted(changes, key=lambda change: change.number)
    replaced = revised(ordered)
    held: dict[str, str | None] = dict.fromkeys(base)
    scopes = dict(base)
    gone: dict[str, Gone] = {}
    wholes: dict[str, str] = {}
    for change in ordered:
        if change.key in replaced:
            continue
        taken = {record: Gone(change.key, successor) for record, successor in change.removes.items()}
        for record, scope in scopes.items():
            if scope in change.whole and record not in change.puts:
                taken.setdefault(record, Gone(change.key))
        gone.update(taken)
        for record in taken:
            held.pop(record, None)
            scopes.pop(record, None)
        for record, scope in change.puts.items():
            held[record], scopes[record] = change.key, scope
            gone.pop(record, None)
        wholes.update(dict.fromkeys(change.whole, change.key))
    _lost_with_revision(ordered, replaced, held, gone)
    at_work = {*held.values(), *(item.by for item in gone.values()), *wholes.values()}
    idle = {change.key for change in ordered if change.key not in at_work and _says_something(change)}
    return Standing(held, scopes, gone, frozenset(idle | set(replaced)))


def revised(changes: Iterable[Change]) -> dict[str, str]:
    """The submissions that do not count because a later one revises them, with the latest that does."""
    known = {change.key: change for change in changes}
    found: dict[str, str] = {}
    for change in sorted(known.values(), key=lambda change: change.number):
        for older in change.revises & known.keys():
            if known[older].number < change.number:
                found[older] = change.key
    return found


def _lost_with_revision(
    ordered: list[Change], replaced: Mapping[str, str], held: Mapping[str, str | None], gone: dict[str, Gone]
) -> None:
    """Records that only a revised submission put are gone by the one that revises it."""
    for change in ordered:
        by = replaced.get(change.key)
        for record in change.puts if by is not None else ():
            if record not in held and by is not None:
                gone.setdefault(record, Gone(by))


def _says_something(change: Change) -> bool:
    return bool(change.puts or change.removes or change.whole)
