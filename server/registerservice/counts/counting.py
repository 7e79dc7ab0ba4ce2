"""From outcomes of rows to counts: one atom for each direction and combination of dimensions, summed to cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import duckdb

from server.registerservice.counts.matching import REASONS, possible_reasons
from server.registerservice.reading.question import SIDES, Question, Side

By = tuple[tuple[str, str], ...]


@dataclass
class Count:
    """How many there are (`of`), how many of them are found, and the rest by reason."""

    of: int = 0
    found: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def unfound(self) -> int:
        """Those without a partner."""
        return self.of - self.found

    def add(self, other: Count) -> None:
        """Add another count to this one."""
        self.of += other.of
        self.found += other.found
        for reason, number in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + number


Atoms = dict[Side, dict[tuple[str, ...], Count]]


def count_atoms(connection: duckdb.DuckDBPyConnection, question: Question) -> Atoms:
    """The counts of each side by every combination of dimensions that occurs there."""
    return {side: _atoms(connection, question, side) for side in SIDES}


def _atoms(connection: duckdb.DuckDBPyConnection, question: Question, side: Side) -> dict[tuple[str, ...], Count]:
    places = [f"d{place}" for place in range(len(question.dimensions()))]
    dims = "".join(f", {place}" for place in places)
    source = f"SELECT code{dims}, n FROM {side}_rows JOIN {side}_outcome USING (id) WHERE inside"
    if question.count == "persons":
        source = _persons(side, places)
    rows = connection.execute(f"SELECT code{dims}, sum(n) FROM ({source}) GROUP BY ALL ORDER BY ALL").fetchall()
    atoms: dict[tuple[str, ...], Count] = {}
    reasons = possible_reasons(side, question)
    for code, *values, number in rows:
        count = atoms.setdefault(tuple(str(value) for value in values), Count(reasons=dict.fromkeys(reasons, 0)))
        count.of += int(number)
        if code == 0:
            count.found += int(number)
        else:
            count.reasons[REASONS[side][code - 1]] += int(number)
    return atoms


def _persons(side: Side, places: list[str]) -> str:
    """One row a person, where her first row is; found when any of her rows is, else the reason that came furthest."""
    fields = ", ".join(["o := f IS NULL", "f := f", *(f"{place} := {place}" for place in places)])
    dims = "".join(f", first.{place}" for place in places)
    rows = f"SELECT * FROM {side}_rows JOIN {side}_outcome USING (id) WHERE inside"
    plain = "".join(f", {place}" for place in places)
    return f"""SELECT code{dims}, 1 AS n FROM (SELECT min(struct_pack({fields})) AS first,
          CASE WHEN bool_or(code = 0) THEN 0 ELSE max(code) END AS code
          FROM ({rows}) WHERE pid IS NOT NULL GROUP BY pid)
        UNION ALL SELECT code{plain}, n FROM ({rows}) WHERE pid IS NULL"""


def grouping_sets(tables: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Every margin of every table, the total first, each once."""
    sets: dict[tuple[str, ...], None] = {(): None}
    for table in tables:
        for size in range(1, len(table) + 1):
            sets |= dict.fromkeys(combinations(table, size))
    return list(sets)


def cells(
    atoms: Mapping[tuple[str, ...], Count], names: tuple[str, ...], sets: Iterable[tuple[str, ...]]
) -> dict[By, tuple[Count, list[int]]]:
    """The counts of every cell of the grouping sets, and the places of its atoms; the total is there when none is."""
    found: dict[By, tuple[Count, list[int]]] = {(): (Count(), [])}
    wanted = [[names.index(name) for name in group] for group in sets]
    for number, (values, count) in enumerate(atoms.items()):
        for group in wanted:
            by = tuple((names[place], values[place]) for place in group)
            total, places = found.setdefault(by, (Count(), []))
            total.add(count)
            places.append(number)
    return found
