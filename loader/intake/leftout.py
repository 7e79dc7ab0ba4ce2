"""Columns that a sheet leaves out although the graph has values for them: a row is the whole record, so they go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from pyoxigraph import Literal, Triple

from loader.graph.beyond import stays
from loader.intake.reading import Reading
from loader.intake.sheets.aliases import known_tables
from loader.intake.sheets.recognising import header_position
from loader.intake.sheets.submitted import Submitted
from loader.intake.world.context import Context
from loader.model import iris
from loader.model.findings import Finding, Message, Severity
from loader.model.layout import Column

Said = tuple[str, str | None]
"""A property and the language of its value."""


def left_out(reading: Reading, changed: Collection[str], context: Context) -> Iterator[Finding]:
    """A note at the header of each sheet for each column that `changed` records lose their values of."""
    paths: dict[str, list[str]] = defaultdict(list)
    for record in reading.records:
        if record.path in changed:
            paths[record.file].append(record.path)
    for file, found in paths.items():
        lost = [said for path in found for said in _known(path, context)]
        for column in _columns(reading.places.sheets[file], context):
            number = lost.count((iris.expand(column.property or ""), column.lang))
            if number:
                yield _note(reading.places.sheets[file], column, number)


def _columns(one: Submitted, context: Context) -> Iterator[Column]:
    """The columns of the template that the sheet neither has nor lets work out; of those it needs it is told anyway."""
    names = known_tables()[one.sheet.table].columns
    for column in context.layouts[one.sheet.table].columns:
        if column.property and not column.required and column.name in names and column.name not in one.given:
            yield column


def _known(path: str, context: Context) -> set[Said]:
    """What the graph says of a record that a row takes the place of."""
    said = context.described.get(iris.thing(path), ())
    return {_said(triple) for triple in said if not stays(path, triple.predicate.value)}


def _said(triple: Triple) -> Said:
    return triple.predicate.value, triple.object.language if isinstance(triple.object, Literal) else None


def _note(one: Submitted, column: Column, number: int) -> Finding:
    title = known_tables()[one.sheet.table].columns[column.name]
    several = number > 1
    message = Message(
        sv=f"Kolumnen «{title.sv}» finns inte i bladet. {number} {'poster' if several else 'post'} som ändras har ett "
        "värde där, och det försvinner. Lägg till kolumnen om det ska vara kvar.",
        en=f"The sheet does not have the column “{title.en}”. {number} {'records' if several else 'record'} that "
        f"{'change have' if several else 'changes has'} a value there, which goes. Add the column if it is to stay.",
    )
    return Finding("left-out-column", Severity.INFO, message, header_position(one.sheet), title.sv)
