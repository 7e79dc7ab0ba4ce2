"""What is asked of two files: which columns are key, date and unit on either side, what is counted, and by what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from server.registerservice.messages import StopError
from server.registerservice.reading.dates import Period
from server.registerservice.reading.identity import LOCAL

Side = Literal["register", "reference"]
Direction = Literal["register-found-in-reference", "reference-found-in-register"]
SIDES: tuple[Side, Side] = ("register", "reference")
DIRECTIONS: dict[Side, Direction] = {
    "register": "register-found-in-reference",
    "reference": "reference-found-in-register",
}


@dataclass(frozen=True)
class Columns:
    """The same column on both sides; `a=b` names it apart."""

    register: str
    reference: str

    @classmethod
    def parse(cls, text: str) -> Columns:
        """`a` or `a=b`; stops on an empty name."""
        first, found, second = (part.strip() for part in text.partition("="))
        if not first or (found and not second):
            raise StopError(f"”{text}” är ingen kolumn.", f"“{text}” names no column.")
        return cls(first, second or first)

    def of(self, side: Side) -> str:
        """The column's name on one side."""
        return self.register if side == "register" else self.reference

    def interval(self, side: Side) -> tuple[str, str | None]:
        """Beginning and end of a date written `INDATUM..UTDATUM`; a single day has no end."""
        first, _, last = self.of(side).partition("..")
        return first.strip(), last.strip() or None


@dataclass(frozen=True)
class Dimension:
    """Something to break down by: its name in the result, and its column on either side."""

    name: str
    columns: Columns

    @classmethod
    def parse(cls, text: str) -> Dimension:
        """`a`, `a=b` (called a), or `name=a=b`; stops on an empty name."""
        name, found, rest = (part.strip() for part in text.partition("="))
        if found and "=" in rest:
            return cls(name, Columns.parse(rest))
        return cls(name, Columns.parse(text))


@dataclass(frozen=True)
class People:
    """Lists about people, each a file: changed numbers, reused numbers, who is left out, who lived here at a day."""

    number_changes: Path | None = None
    reused: Path | None = None
    leave_out: tuple[Path, ...] = ()
    residents: Path | None = None
    at: date | None = None
    reserve: dict[str, str] = field(default_factory=lambda: dict(LOCAL))


@dataclass(frozen=True)
class Reading:
    """How the files are written: encoding and date form where they are not told, and whether bad rows are left out."""

    encoding: str | None = None
    date_form: str | None = None
    skip_bad: bool = False


@dataclass(frozen=True)
class Question:
    """One coverage question. `by`: tables, each a tuple of dimensions; `washout`: days, -1 for first contact."""

    register: Path
    reference: Path
    key: Columns
    count: Literal["persons", "events"]
    date: Columns | None = None
    window: int = 0
    unit: Columns | None = None
    by: tuple[tuple[Dimension, ...], ...] = ()
    codes: Path | None = None
    period: Period | None = None
    washout: int | None = None
    people: People = People()
    reading: Reading = Reading()
    reasons_by_cell: bool = False

    def file(self, side: Side) -> Path:
        """The file of one side."""
        return self.register if side == "register" else self.reference

    def dimensions(self) -> tuple[Dimension, ...]:
        """Every dimension once, in the order given."""
        seen: dict[str, Dimension] = {}
        for table in self.by:
            for dimension in table:
                seen.setdefault(dimension.name, dimension)
        return tuple(seen.values())

    def names(self) -> tuple[str, ...]:
        """The names of the dimensions."""
        return tuple(dimension.name for dimension in self.dimensions())

    def tables(self) -> tuple[tuple[str, ...], ...]:
        """The dimensions of each table, by name."""
        return tuple(tuple(dimension.name for dimension in table) for table in self.by)

    def keys_of_match(self) -> frozenset[str]:
        """Names of the dimensions that both sides of a pair share: the unit, where it is a key."""
        if self.unit is None:
            return frozenset()
        return frozenset(found.name for found in self.dimensions() if self.is_key(found))

    def is_key(self, dimension: Dimension) -> bool:
        """Whether a dimension is the unit that is a key: by its columns, or as `unit` without columns of its own."""
        plain = dimension == Dimension("unit", Columns("unit", "unit"))
        return self.unit is not None and (dimension.columns == self.unit or plain)
