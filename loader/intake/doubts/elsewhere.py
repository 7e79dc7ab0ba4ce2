"""A sheet whose names are evidently those of another register than the one that it says it is about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from loader.intake.doubts import ELSEWHERE
from loader.intake.reading import Reading
from loader.intake.sheets.recognising import header_position
from loader.intake.sheets.submitted import Submitted
from loader.intake.world.context import Context
from loader.intake.world.names import key_of
from loader.model import iris
from loader.model.findings import Finding, Message, Position, Severity
from loader.model.nearest import fold
from loader.release.words import labels_in
from loader.tables.table import Row

_PART_OF = iris.expand("rg:subRegisterOf")
FEWEST = 5
"""So many different names say something of whose they are."""
_MOST_OWN, _LEAST_OTHER = 0.1, 0.6
_NAMES = {"variables": ("notation", "variabler", "variables"), "indicators": ("label_sv", "indikatorer", "indicators")}


def elsewhere(reading: Reading, context: Context) -> Iterator[Finding]:
    """A warning where at least six in ten names are those of one other register, and at most one in ten its own.

    A register, its parts and the other parts of the same one have names in common.
    """
    for submitted in reading.places.sheets.values():
        table = submitted.sheet.table
        if table not in _NAMES:
            continue
        known = context.notations if table == "variables" else context.labels
        by_register: dict[str, list[Row]] = defaultdict(list)
        for row in submitted.table.rows:
            by_register[row.cells["register"]].append(row)
        for register, rows in by_register.items():
            names = {fold(row.cells[_NAMES[table][0]]) for row in rows} - {""}
            other = _other(register, names, known, context)
            if other is not None:
                yield _told(submitted, rows[0], register, (*other, len(names)), context)


def _other(
    register: str, names: set[str], known: Mapping[tuple[str, str], str], context: Context
) -> tuple[str, int, int] | None:
    """The other register, how many of the names it has, and how many the register itself has."""
    if len(names) < FEWEST:
        return None
    found = Counter(owner for owner, name in known if name in names)
    others = Counter({owner: number for owner, number in found.items() if not _related(owner, register, context)})
    most = min(others, key=lambda owner: (-others[owner], owner), default=None)
    own = found[register]
    if most is None or own > _MOST_OWN * len(names) or others[most] < max(FEWEST, _LEAST_OTHER * len(names)):
        return None
    return most, others[most], own


def _related(one: str, other: str, context: Context) -> bool:
    """Whether they are one register, one is a part of the other, or both are parts of a third."""
    return bool(_family(one, context) & _family(other, context))


def _family(register: str, context: Context) -> set[str]:
    """The register with all that it is a part of, as the graph states it."""
    found, left = set[str](), [register]
    while left:
        key = left.pop()
        if key not in found:
            found.add(key)
            said = context.described.get(iris.thing(f"register/{key}"), ())
            wholes = (triple.object for triple in said if triple.predicate.value == _PART_OF)
            left += [name for whole in wholes if (name := key_of(getattr(whole, "value", ""), "register"))]
    return found


def _told(submitted: Submitted, row: Row, register: str, found: tuple[str, int, int, int], context: Context) -> Finding:
    other, theirs, own, number = found
    _, sv, en = _NAMES[submitted.sheet.table]
    message = Message(
        sv=f"{theirs} av {number} {sv} i bladet heter som i registret {_called(other, 'sv', context)}, {own} som i "
        f"{_called(register, 'sv', context)}, som bladet säger att det gäller. Gäller det det andra: skriv {other} som "
        "register. Är det rätt: bekräfta raden.",
        en=f"{theirs} of {number} {en} of the sheet are called as in the register {_called(other, 'en', context)}, "
        f"{own} as in {_called(register, 'en', context)}, which the sheet says it is about. If it is about the other: "
        f"write {other} as the register. If it is right: confirm the row.",
    )
    return Finding(ELSEWHERE, Severity.WARNING, message, _place(submitted, row), register)


def _called(key: str, language: str, context: Context) -> str:
    iri = iris.thing(f"register/{key}")
    names = labels_in(context.described.get(iri, ())).get(iri, {})
    return names.get(language) or names.get("sv") or names.get("en") or key


def _place(submitted: Submitted, row: Row) -> Position:
    """The first row's cell of the register; the header where the register is said for the whole sheet."""
    grid, reading = submitted.sheet.grid, submitted.sheet.reading("register")
    if reading is None:
        return header_position(submitted.sheet)
    return Position(grid.file, grid.sheet, row.number, reading.header, row.line if grid.sheet is None else None)
