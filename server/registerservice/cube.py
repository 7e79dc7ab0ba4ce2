"""All counts of a run as one cube: cells of both directions, the reasons, and the sums between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from server.registerservice.audit import Equation, Kind, Quantity, equation
from server.registerservice.counting import Atoms, By, Count, cells, grouping_sets
from server.registerservice.question import SIDES, Question, Side

TOTAL: By = ()


@dataclass(frozen=True, order=True)
class Cell:
    """One published place: a direction and its dimensions, or one reason of the direction's total."""

    side: Side
    by: By = TOTAL
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """Cells of which the first is the sum of the others (`parent`), or two whose found are equal (`equal`)."""

    members: tuple[Cell, ...]
    kinds: tuple[Kind, ...] = ("of", "found", "unfound")


@dataclass
class Cube:
    """Counts by cell, which atoms make a cell, and which cells add up to which."""

    names: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    counts: dict[Cell, Count]
    atoms: dict[Cell, tuple[int, ...]]
    size: int
    lines: list[Line]
    equal: list[tuple[Cell, Cell]]
    of_cell: dict[Cell, list[Line]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Know the lines of each cell."""
        for line in self.lines:
            for member in line.members:
                self.of_cell.setdefault(member, []).append(line)

    def value(self, cell: Cell, kind: Kind) -> int:
        """A cell's count; a reason has one kind only."""
        count = self.counts[cell]
        return {"of": count.of, "found": count.found, "unfound": count.unfound}[kind]

    def equations(self, hidden: set[Cell]) -> Iterator[Equation]:
        """Everything that is published when `hidden` is not."""
        yield from self.equations_of(cell for cell in self.counts if cell not in hidden)
        for mine, other in self.equal:
            yield equation(self._found(mine), 0, self._found(other))
        for side in SIDES:
            reasons = [
                variable for cell in self.counts if cell.side == side and cell.reason for variable in self.atoms[cell]
            ]
            yield equation(self._unfound(Cell(side)), 0, reasons)

    def equations_of(self, cells: Iterable[Cell]) -> Iterator[Equation]:
        """What the values of some cells say."""
        for cell in cells:
            if cell.reason:
                yield equation(self.atoms[cell], self.counts[cell].of)
            else:
                yield equation(self._found(cell), self.counts[cell].found)
                yield equation(self._unfound(cell), self.counts[cell].unfound)

    def quantities(self, cell: Cell) -> list[Quantity]:
        """The counts of a cell that are to be kept from a reader."""
        if cell.reason:
            return [Quantity("unfound", self.atoms[cell])]
        found, unfound = self._found(cell), self._unfound(cell)
        parts: list[tuple[Kind, tuple[int, ...]]] = [("of", found + unfound), ("found", found), ("unfound", unfound)]
        return [Quantity(kind, variables) for kind, variables in parts]

    def _found(self, cell: Cell) -> tuple[int, ...]:
        return tuple(2 * atom for atom in self.atoms[cell])

    def _unfound(self, cell: Cell) -> tuple[int, ...]:
        return tuple(2 * atom + 1 for atom in self.atoms[cell])


def build_cube(atoms: Atoms, question: Question) -> Cube:
    """The cube of a run's atoms."""
    names = question.names()
    sets = tuple(grouping_sets(question.tables()))
    counts: dict[Cell, Count] = {}
    members: dict[Cell, tuple[int, ...]] = {}
    start = 0
    for side in SIDES:
        listed = {values: start + place for place, values in enumerate(atoms[side])}
        start += len(listed)
        for by, count in cells(atoms[side], names, sets).items():
            cell = Cell(side, by)
            counts[cell] = count
            wanted = [(names.index(name), value) for name, value in by]
            members[cell] = tuple(
                place for values, place in listed.items() if all(values[index] == value for index, value in wanted)
            )
    size = 2 * start
    for side in SIDES:
        for reason, number in counts[Cell(side)].reasons.items():
            cell = Cell(side, TOTAL, reason)
            counts[cell], members[cell] = Count(of=number), (size,)
            size += 1
    equal = _equal(counts, question)
    return Cube(names, sets, counts, members, size, _lines(counts, sets, equal), equal)


def _equal(counts: dict[Cell, Count], question: Question) -> list[tuple[Cell, Cell]]:
    """Cells of the two directions in which the same pairs are found: the totals, and units where the unit is a key.

    A period cuts pairs apart at its ends, and a person's first row may be in another unit than the row that was found.
    """
    if question.period is not None:
        return []
    shared = question.keys_of_match() if question.count == "events" else frozenset()
    found = []
    for cell in counts:
        other = Cell("reference", cell.by)
        if cell.side == "register" and not cell.reason and {name for name, _ in cell.by} <= shared and other in counts:
            found.append((cell, other))
    return found


def _lines(counts: dict[Cell, Count], sets: tuple[tuple[str, ...], ...], equal: list[tuple[Cell, Cell]]) -> list[Line]:
    children: dict[tuple[Cell, str], list[Cell]] = {}
    for cell in counts:
        for name, _ in cell.by:
            parent = tuple(part for part in cell.by if part[0] != name)
            if tuple(part[0] for part in parent) in sets:
                children.setdefault((Cell(cell.side, parent), name), []).append(cell)
    lines = [Line((parent, *found)) for (parent, _), found in children.items()]
    lines += [Line(pair, ("found",)) for pair in equal]
    for side in SIDES:
        reasons = [cell for cell in counts if cell.side == side and cell.reason]
        lines.append(Line((Cell(side), *reasons), ("unfound",)))
    return lines
