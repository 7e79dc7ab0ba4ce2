"""All counts of a run as one cube: cells of both directions, the reasons, and the sums between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from server.registerservice.counts.counting import Atoms, By, Count, cells, grouping_sets
from server.registerservice.counts.matching import possible_reasons
from server.registerservice.disclosure.audit import Equation, Kind, Quantity, equation
from server.registerservice.reading.question import SIDES, Question, Side

TOTAL: By = ()
ALL: tuple[Kind, ...] = ("of", "found", "unfound")


@dataclass(frozen=True, order=True)
class Cell:
    """One published place: a direction and its dimensions, or one reason of such a place."""

    side: Side
    by: By = TOTAL
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """Cells of which the first is the sum of the others (`parent`), or two whose found are equal (`equal`)."""

    members: tuple[Cell, ...]
    kinds: tuple[Kind, ...]


@dataclass
class Cube:
    """Counts by cell, the variables of its found and of its others, and which cells add up to which."""

    names: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    counts: dict[Cell, Count]
    found: dict[Cell, tuple[int, ...]]
    unfound: dict[Cell, tuple[int, ...]]
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
            yield equation(self.found[mine], 0, self.found[other])

    def equations_of(self, cells: Iterable[Cell]) -> Iterator[Equation]:
        """What the values of some cells say."""
        for cell in cells:
            if cell.reason:
                yield equation(self.unfound[cell], self.counts[cell].of)
            else:
                yield equation(self.found[cell], self.counts[cell].found)
                yield equation(self.unfound[cell], self.counts[cell].unfound)

    def quantities(self, cell: Cell) -> list[Quantity]:
        """The counts of a cell that are to be kept from a reader."""
        if cell.reason:
            return [Quantity("unfound", self.unfound[cell])]
        found, unfound = self.found[cell], self.unfound[cell]
        parts: list[tuple[Kind, tuple[int, ...]]] = [("of", found + unfound), ("found", found), ("unfound", unfound)]
        return [Quantity(kind, variables) for kind, variables in parts]


def build_cube(atoms: Atoms, question: Question) -> Cube:
    """The cube of a run's atoms: a variable for the found of each atom, and one for each reason of the others."""
    names = question.names()
    sets = tuple(grouping_sets(question.tables()))
    with_reasons = sets if question.reasons_by_cell else ((),)
    counts: dict[Cell, Count] = {}
    found: dict[Cell, tuple[int, ...]] = {}
    unfound: dict[Cell, tuple[int, ...]] = {}
    size = 0
    for side in SIDES:
        reasons = possible_reasons(side, question)
        width = 1 + len(reasons)
        for by, (count, places) in cells(atoms[side], names, sets).items():
            starts = [size + width * place for place in places]
            cell = Cell(side, by)
            counts[cell], found[cell] = count, tuple(starts)
            unfound[cell] = tuple(start + offset for start in starts for offset in range(1, width))
            for offset, reason in enumerate(reasons if tuple(name for name, _ in by) in with_reasons else (), start=1):
                told = Cell(side, by, reason)
                counts[told] = Count(of=count.reasons.get(reason, 0))
                unfound[told] = tuple(start + offset for start in starts)
        size += width * len(atoms[side])
    equal = _equal(counts, question)
    return Cube(names, sets, counts, found, unfound, size, _lines(counts, equal), equal)


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


def _lines(counts: dict[Cell, Count], equal: list[tuple[Cell, Cell]]) -> list[Line]:
    """Each sum of cells: over the values of one dimension, and over the reasons of a cell."""
    children: dict[tuple[Cell, str], list[Cell]] = {}
    reasons: dict[Cell, list[Cell]] = {}
    for cell in counts:
        if cell.reason:
            reasons.setdefault(Cell(cell.side, cell.by), []).append(cell)
        for name, _ in cell.by:
            parent = Cell(cell.side, tuple(part for part in cell.by if part[0] != name), cell.reason)
            if parent in counts:
                children.setdefault((parent, name), []).append(cell)
    lines = [Line((parent, *found), ("unfound",) if parent.reason else ALL) for (parent, _), found in children.items()]
    lines += [Line((cell, *told), ("unfound",)) for cell, told in reasons.items()]
    return lines + [Line(pair, ("found",)) for pair in equal]
