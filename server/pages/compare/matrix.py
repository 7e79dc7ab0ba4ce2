"""The matrix: how many indicators or variables there are by two keys, each number with the list behind it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.compare.axes import REGISTERS, Axes, Axis
from server.pages.links import address, question
from server.pages.lists.facets import relevance_facet
from server.pages.queries import Counted, ref, select
from server.pages.registers import relevance as levels
from server.pages.words.names import order

Places = list[str]  # the IRIs of where a counted thing stands on an axis
STEPS = (1, 3, 6)  # from how many a cell has the first, second and third shade


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the page that shows what is counted."""

    number: int
    href: str

    @property
    def shade(self) -> str:
        """The class of the cell: zero, k1, k2 or k3."""
        step = sum(self.number >= least for least in STEPS)
        return f"k{step}" if step else "zero"


@dataclass(frozen=True, slots=True)
class Line:
    """A row: a cell for each column, what no column is stated for, and everything."""

    thing: Thing
    cells: tuple[Cell, ...]
    silent: Cell
    total: Cell


@dataclass(frozen=True, slots=True)
class Matrix:
    """Lines that have a number, most first; the `hidden` rows have none, `known` things stand in a column.

    `unplaced` and `silent` are what no source places: in a row, for each column, and in a column.
    """

    axes: Axes
    relevance: Thing | None
    columns: tuple[Thing, ...]
    lines: tuple[Line, ...]
    totals: tuple[Cell, ...]
    unplaced: tuple[Cell, ...]
    silent: Cell
    total: Cell
    known: int
    hidden: tuple[Thing, ...]
    query: Counted


class Counting:
    """Counts the things of two axes over a catalogue; `registers` narrows it to some, `relevance` to a level."""

    def __init__(
        self, found: Catalogue, axes: Axes, relevance: Thing | None = None, registers: Sequence[Thing] = ()
    ) -> None:
        """Read where each counted thing stands."""
        self.found, self.axes, self.relevance, self._registers = found, axes, relevance, registers
        self._owner = "rg:variableOf" if axes.variables else "rg:indicatorOf"
        self._some = {register.iri for register in registers}
        self.places = [
            (axes.rows.of(found, one), axes.columns.of(found, one))
            for one in found.of(axes.kind)
            if one.is_a(axes.klass.partition(":")[2]) and self._counts(one)
        ]
        self._in_column = Counter(iri for _rows, columns in self.places for iri in columns)
        self._placed = Counter(iri for rows, columns in self.places if rows for iri in columns)

    def _counts(self, one: Thing) -> bool:
        owners = self.found.linked(one, self._owner)
        if self._registers and not any(owner.iri in self._some for owner in owners):
            return False
        return self.relevance is None or any(self.relevance.key in levels(owner) for owner in owners)

    def matrix(self) -> Matrix:
        """The whole matrix."""
        pairs = (pair for rows, columns in self.places for pair in itertools.product(rows, columns))
        numbers = Counter(pairs)
        columns = self._columns()
        in_row: dict[str, list[Places]] = {}
        for rows, places in self.places:
            for iri in rows:
                in_row.setdefault(iri, []).append(places)
        lines = [self._line(row, in_row.get(row.iri, []), columns, numbers) for row in self._things(self.axes.rows)]
        shown = [line for line in lines if any(cell.number for cell in line.cells)]
        known = sum(bool(columns) for _rows, columns in self.places)
        return Matrix(
            *(self.axes, self.relevance, tuple(columns)),
            tuple(sorted(shown, key=_most_first)),
            tuple(self._cell(self._in_column[column.iri], None, column) for column in columns),
            tuple(self._unplaced(column) for column in columns),
            self._silent(None, len(self.places) - known),
            self._cell(len(self.places), None, None),
            known,
            tuple(line.thing for line in lines if not any(cell.number for cell in line.cells)),
            Counted(len(numbers), self._query()),
        )

    def within(self, *columns: Thing) -> int:
        """How many of the counted things stand in one or more of the columns."""
        wanted = {column.iri for column in columns}
        return sum(not wanted.isdisjoint(places) for _rows, places in self.places)

    def _columns(self) -> list[Thing]:
        every = self._things(self.axes.columns)
        if self.axes.columns.key == REGISTERS and self._registers:
            return list(self._registers)
        return sorted(every, key=lambda column: (-self._placed[column.iri], order(column)))

    def _things(self, axis: Axis) -> list[Thing]:
        if axis.key == REGISTERS and self._registers:
            return list(self._registers)
        return sorted(self.found.of(axis.kind), key=order)

    def _line(
        self, row: Thing, mine: list[Places], columns: Iterable[Thing], numbers: Mapping[tuple[str, str], int]
    ) -> Line:
        return Line(
            row,
            tuple(self._cell(numbers.get((row.iri, column.iri), 0), row, column) for column in columns),
            self._silent(row, sum(not places for places in mine)),
            self._cell(len(mine), row, None),
        )

    def _cell(self, number: int, row: Thing | None, column: Thing | None) -> Cell:
        """A number with its list; with the query where the list cannot be narrowed so."""
        if not number:
            return Cell(0, "")
        of_some = self._registers and not any(thing.kind == "register" for thing in (row, column) if thing is not None)
        if of_some or (self.axes.variables and self.relevance is not None):
            return Cell(number, question(self._listing(row, column)))
        given = {
            axis.name: thing.key
            for axis, thing in ((self.axes.rows, row), (self.axes.columns, column))
            if thing is not None
        }
        if self.relevance is not None:
            given["relevance"] = self.relevance.key
        return Cell(number, address(self.axes.address, given))

    def _silent(self, row: Thing | None, number: int) -> Cell:
        none = f"FILTER NOT EXISTS {{ ?thing {self.axes.columns.prop} ?column }}"
        return Cell(number, question(self._listing(row, None, none)) if number else "")

    def _unplaced(self, column: Thing) -> Cell:
        number = sum(column.iri in columns and not rows for rows, columns in self.places)
        none = f"FILTER NOT EXISTS {{ ?thing {self.axes.rows.prop} ?row }}"
        return Cell(number, question(self._listing(None, column, none)) if number else "")

    def _listing(self, row: Thing | None, column: Thing | None, *more: str) -> str:
        """The query for the things of a cell."""
        places = ((self.axes.rows, row), (self.axes.columns, column))
        at = [f"?thing {axis.prop} {ref(thing.iri)} ." for axis, thing in places if thing is not None]
        return select("?thing", f"?thing a {self.axes.klass} .", *at, *self._narrowing(), *more)

    def _narrowing(self) -> list[str]:
        lines = []
        if self._registers:
            values = " ".join(ref(register.iri) for register in self._registers)
            lines.append(f"VALUES ?owner {{ {values} }}\n?thing {self._owner} ?owner .")
        if self.relevance is not None:
            lines.append(f"?thing {self._owner} ?register .")
            lines.append(relevance_facet().pattern(self.relevance.key).replace("?thing", "?register"))
        return lines

    def _query(self) -> str:
        """The query with a row for each cell that is not zero."""
        rows, columns = self.axes.rows, self.axes.columns
        pattern = f"?thing a {self.axes.klass} ; {rows.prop} ?row ; {columns.prop} ?column ."
        kinds = f'FILTER(CONTAINS(STR(?row), "/id/{rows.kind}/") && CONTAINS(STR(?column), "/id/{columns.kind}/"))'
        text = select("?row ?column (COUNT(DISTINCT ?thing) AS ?number)", pattern, kinds, *self._narrowing())
        return text.replace("SELECT DISTINCT", "SELECT") + "\nGROUP BY ?row ?column\nORDER BY DESC(?number)"


def _most_first(line: Line) -> tuple[object, ...]:
    return (-(line.total.number - line.silent.number), order(line.thing))
