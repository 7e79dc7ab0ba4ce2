"""From a statement of the graph back to the cell that states it: the index beside the graph, which is in no release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, NamedNode

from loader.graph.triples import term
from loader.model import iris
from loader.model.findings import Position
from loader.tables.records import Cell, Record

_SPECIAL = {
    "follow-up-areas": ("rg:coversFollowUpArea", "rg:mayCoverFollowUpArea"),
    "groups": ("rg:concernsTargetGroup", "rg:concernsServiceArea"),
    "variables": ("rg:usesVariable", "rg:alternativeVariable"),
    "value": ("rdf:object", "rdf:predicate"),
}


@dataclass(frozen=True, slots=True)
class Positions:
    """The records by the IRI of their subject, and those taken from a passage by the passage's IRI."""

    subjects: Mapping[str, tuple[Record, ...]]
    passages: Mapping[str, tuple[Record, ...]]
    bad: frozenset[tuple[str, str]] = frozenset()

    def locate(self, subject: str, predicate: str | None, value: str | None = None) -> Position | None:
        """The cell of the value, else the first cell of the property, even an empty one, else the row.

        `value` is an IRI or a literal's lexical form. None when the subject comes from no row.
        """
        for record in self.subjects.get(subject, ()):
            cell = _cell(record, predicate, value)
            return record.position(None if cell is None else cell.column.name)
        for record in self.passages.get(subject, ()):
            return record.position("row")
        return None

    def was_bad(self, subject: str, predicate: str) -> bool:
        """Whether a cell that states the property of the subject already has a finding."""
        return (subject, predicate) in self.bad


def index_positions(records: Iterable[Record]) -> Positions:
    """The index of the records; its size grows with the rows, not with the statements."""
    subjects: dict[str, list[Record]] = defaultdict(list)
    passages: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        subjects[iris.thing(record.path)].append(record)
        if record.passage is not None:
            passages[iris.passage(record.source, *record.passage)].append(record)
    return Positions(
        {subject: tuple(found) for subject, found in subjects.items()},
        {passage: tuple(found) for passage, found in passages.items()},
        frozenset(_bad(subjects)),
    )


def _bad(subjects: Mapping[str, list[Record]]) -> Iterator[tuple[str, str]]:
    """Each subject and property of which a cell has a finding."""
    for subject, records in subjects.items():
        for record in records:
            for cell in record.cells:
                if cell.bad:
                    yield from ((subject, predicate) for predicate in _predicates(cell))


def _cell(record: Record, predicate: str | None, value: str | None) -> Cell | None:
    cells = [cell for cell in record.cells if predicate in _predicates(cell)]
    for cell in cells:
        for item in cell.items:
            if iris.expand(item.property) == predicate and _lexical(term(item.value)) == value:
                return cell
    return cells[0] if cells else None


def _predicates(cell: Cell) -> tuple[str, ...]:
    return _properties(cell.column.kind, cell.column.property)


@cache
def _properties(kind: str, name: str | None) -> tuple[str, ...]:
    return tuple(iris.expand(name) for name in _SPECIAL.get(kind, (name,)) if name is not None)


def _lexical(node: NamedNode | Literal) -> str:
    return node.value
