"""Columns by which a row says that something changes: that its record goes, what replaces it, what it was called.

They may stand in every sheet beside the columns of its table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from loader.intake.sheets.aliases import fold_header
from loader.intake.world.context import Context
from loader.model import iris
from loader.model.findings import Finding, Message, Position, Severity
from loader.model.nearest import fold, nearest
from loader.tables.cells import plain_key

REMOVED, REPLACED_BY, FORMERLY = "removed", "replaced_by", "formerly"
_NAMES: Mapping[str, tuple[str, ...]] = {
    REMOVED: ("Utgår", "Removed", "utgått", "utgick", "tas bort", "ta bort", "borttagen", "remove"),
    REPLACED_BY: ("Ersätts av", "Replaced by", "ersatt av", "ersätts med"),
    FORMERLY: (
        *("Hette tidigare", "Formerly", "tidigare beteckning", "tidigare benämning", "tidigare namn"),
        *("tidigare lydelse", "previous name", "previous wording", "earlier name", "earlier wording", "former name"),
    ),
}
COLUMNS = frozenset(_NAMES)
TITLES: Mapping[str, tuple[str, str]] = {column: (names[0], names[1]) for column, names in _NAMES.items()}
"""The headers in Swedish and English."""
_BY_HEADER = {fold_header(name): column for column, names in _NAMES.items() for name in (column, *names)}
_YES = frozenset(("ja", "yes", "true", "sant", "x", "1", "utgår", "utgått", "removed", "borttagen"))
_NO = frozenset(("", "nej", "no", "false", "falskt", "0"))
_NAMED_BY = {"variables": ("variable", "notation"), "indicators": ("indicator", "label_sv")}


@dataclass(frozen=True, slots=True)
class Removal:
    """A record that a row takes away: its path, what replaces it, and where that is said."""

    path: str
    replaced_by: str | None
    position: Position


def change_column(header: str) -> str | None:
    """The column of change that a header means.

    >>> change_column("Utgår:"), change_column("Variabel")
    ('removed', None)
    """
    return _BY_HEADER.get(fold_header(header))


def goes(text: str) -> bool | None:
    """Whether a cell says that the record goes; None when it says neither yes nor no."""
    plain = fold(text)
    return True if plain in _YES else False if plain in _NO else None


def former_key(table: str, cells: Mapping[str, str], former: str, context: Context) -> str | None:
    """The key of the register's record that had this notation, wording or key."""
    register = cells.get("register", "")
    if table == "variables":
        return context.notations.get((register, fold(former))) or _own_key("variable", f"{register}.", former, context)
    if table == "indicators":
        return context.labels.get((register, fold(former))) or _own_key("indicator", "", former, context)
    return None


def _own_key(kind: str, prefix: str, text: str, context: Context) -> str | None:
    key = plain_key(text)
    return key if key is not None and iris.thing(f"{kind}/{prefix}{key}") in context.described else None


def replacing(table: str, cells: Mapping[str, str], text: str, context: Context) -> str | None:
    """The path of the record that replaces another of the same table and register: by key, notation or wording."""
    key = former_key(table, cells, text, context) or plain_key(text)
    if key is None or table not in _NAMED_BY:
        return None
    return f"variable/{cells['register']}.{key}" if table == "variables" else f"indicator/{key}"


def bad_removal(text: str, position: Position) -> Finding:
    """A cell that says neither that the record goes nor that it stays."""
    message = Message(sv=f"«{text}» är varken ja eller nej.", en=f"“{text}” is neither yes nor no.")
    return Finding("bad-boolean", Severity.VIOLATION, message, position, text)


def nothing_there(shown: str, position: Position) -> Finding:
    """A row that takes away what is not there."""
    message = Message(
        sv=f"«{shown}» finns inte i registergrafen, så den kan inte utgå. Kontrollera beteckningen.",
        en=f"“{shown}” is not in the graph, so it cannot be removed. Check how it is written.",
    )
    return Finding("nothing-to-remove", Severity.VIOLATION, message, position, shown)


def not_known(column: str, text: str, position: Position, legal: Iterator[str]) -> Finding:
    """A cell that names what replaces a record, or what a record was called, and names nothing that is there."""
    message = Message(
        sv=f"«{text}» under «{TITLES[column][0]}» är ingen post i registret.",
        en=f"“{text}” under “{TITLES[column][1]}” is no record of the register.",
    )
    return Finding("unknown-record", Severity.VIOLATION, message, position, text, nearest(text, legal))


def still_used(path: str, users: list[str], position: Position) -> Finding:
    """A record that is taken away while others refer to it."""
    named = ", ".join(iris.compact(user) for user in users[:5]) + (" …" if len(users) > 5 else "")
    message = Message(
        sv=f"{iris.compact(iris.thing(path))} kan inte utgå: {named} hänvisar till den. Ändra dem, eller låt dem utgå.",
        en=f"{iris.compact(iris.thing(path))} cannot be removed: {named} refer to it. Change them, or remove them too.",
    )
    return Finding("still-used", Severity.VIOLATION, message, position, focus=iris.thing(path))
