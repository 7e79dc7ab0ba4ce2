"""Statements of submitted RDF, each with the place in the file that it was read from."""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from loader.model.findings import Finding, Position


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a text: 1-based line and character."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Spots:
    """Where the three parts of a statement stand."""

    subject: Spot
    predicate: Spot
    value: Spot


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: `spots` is None when the place could not be found out."""

    triple: Triple
    spots: Spots | None


@dataclass(frozen=True, slots=True)
class ReadStatements:
    """What reading an RDF file gave: `source` is the key of its upload as a source."""

    file: str
    source: str
    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]
    readable: bool


Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A statement as a reader of places sees it: texts of its parts, blank nodes all alike."""

    key: Key
    spots: Spots


BLANK = "_:"


def text_of(term: object) -> str:
    """A term as a text for looking places up: blank nodes all alike, literals by what is written."""
    if isinstance(term, NamedNode):
        return f"<{term.value}>"
    if isinstance(term, Literal):
        return f'"{term.value}'
    return BLANK


class Lines:
    """The lines of a text, for turning offsets into lines and characters."""

    def __init__(self, text: str) -> None:
        """Find the beginnings of the lines."""
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]

    def spot(self, offset: int) -> Spot:
        """The line and character at an offset."""
        line = bisect.bisect_right(self._starts, offset)
        return Spot(line, offset - self._starts[line - 1] + 1)


def with_spots(quads: Iterable[Quad], found: Iterable[Found]) -> Iterator[Statement]:
    """The quads as statements with the places that were found for them, in the order of the file.

    A statement that was not found word for word takes the place of the next one with its subject and predicate.
    """
    exact: dict[Key, list[Spots]] = defaultdict(list)
    loose: dict[tuple[str, str], list[Spots]] = defaultdict(list)
    for item in found:
        exact[item.key].append(item.spots)
        loose[item.key[:2]].append(item.spots)
    for quad in quads:
        key = (text_of(quad.subject), text_of(quad.predicate), text_of(quad.object))
        spots = exact.get(key) or loose.get(key[:2]) or []
        place = spots[0] if spots else None
        if len(spots) > 1:
            spots.pop(0)
        yield Statement(quad.triple, place)


class StatementIndex:
    """From focus, path and value back to the place in the file that states them."""

    def __init__(self, files: Iterable[ReadStatements]) -> None:
        """Index the statements of all files; the first file that describes a subject owns it."""
        self._exact: dict[tuple[str, str, str], Position] = {}
        self._paths: dict[tuple[str, str], Position] = {}
        self._surplus: dict[tuple[str, str], Position] = {}
        self._seen: set[tuple[str, str, str | None]] = set()
        self._subjects: dict[str, Position] = {}
        self._objects: dict[str, Position] = {}
        self.bad: set[tuple[str, str]] = set()
        for file in files:
            for statement in file.statements:
                self._add(file.file, statement)

    def _add(self, file: str, statement: Statement) -> None:
        triple, spots = statement.triple, statement.spots
        subject = triple.subject
        if isinstance(subject, Triple) or isinstance(triple.object, Triple):
            return
        name, predicate = subject.value, triple.predicate.value
        value = Position(file) if spots is None else _position(file, spots.value)
        self._exact.setdefault((name, predicate, triple.object.value), value)
        self._paths.setdefault((name, predicate), value)
        language = triple.object.language if isinstance(triple.object, Literal) else None
        if (name, predicate, language) in self._seen:
            self._surplus.setdefault((name, predicate), value)
        self._seen.add((name, predicate, language))
        self._subjects.setdefault(name, Position(file) if spots is None else _position(file, spots.subject))
        if isinstance(triple.object, BlankNode):
            self._objects.setdefault(triple.object.value, value)

    def locate(self, subject: str, predicate: str | None, value: str | None = None) -> Position | None:
        """The place of the value, else of the property, else of the subject; None when no file describes it.

        Of a property without a given value it is the second one in the same language, if any: the one too many.
        """
        if predicate is not None:
            place = (subject, predicate)
            exact = None if value is None else self._exact.get((*place, value))
            found = exact or self._surplus.get(place) or self._paths.get(place)
            if found is not None:
                return found
        return self._subjects.get(subject) or self._objects.get(subject)

    def was_bad(self, subject: str, predicate: str) -> bool:
        """Whether a statement of the property already has a finding."""
        return (subject, predicate) in self.bad


def _position(file: str, spot: Spot) -> Position:
    return Position(file, column=spot.column, line=spot.line)
