"""What is asked of two files: which columns are key, date and unit on either side, what is counted, and by what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from server.registerservice.dates import Period
from server.registerservice.identity import LOCAL
from server.registerservice.messages import StopError

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
    by: tuple[tuple[Columns, ...], ...] = ()
    codes: Path | None = None
    period: Period | None = None
    washout: int | None = None
    people: People = People()
    reading: Reading = Reading()

    def file(self, side: Side) -> Path:
        """The file of one side."""
        return self.register if side == "register" else self.reference

    def dimensions(self) -> tuple[Columns, ...]:
        """Every dimension once, in the order given; a dimension is called by its register name."""
        seen: dict[str, Columns] = {}
        for table in self.by:
            for columns in table:
                seen.setdefault(columns.register, columns)
        return tuple(seen.values())

    def tables(self) -> tuple[tuple[str, ...], ...]:
        """The dimensions of each table, by name."""
        return tuple(tuple(columns.register for columns in table) for table in self.by)

    def keys_of_match(self) -> frozenset[str]:
        """Dimensions that both sides of a pair share: the unit, where it is a key, as `unit` or by its own column."""
        if self.unit is None:
            return frozenset()
        same = {columns.register for columns in self.dimensions() if columns == self.unit}
        return frozenset({"unit"} | same)
