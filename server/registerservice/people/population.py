"""Invented people with a register and a reference about them, in which it is known of every row what becomes of it.

A person's events lie GAP days apart, so that no row can be taken for another event's; what a row is worth is settled
when it is made up, and nothing of the program's own matching is used. Wrong digits that pass the check digit cannot be
seen: such rows are counted in the class where they belong, `person not in` the other file.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from server.registerservice.reading.question import SIDES, Side

WINDOW = 30
GAP = 200
_STAY = 13
_START = date(2015, 1, 1)
_UNITS = ("Alfa", "Beta", "Gamma", "Delta", "Liten")
_MUNICIPALITIES = ("0180", "0380", "0580", "1280", "1480", "2482")

# Of a hundred of what stands before the colon: how many have it.
SHARES = {
    "person: has changed number": 4,
    "person: has a number that was another's": 2,
    "person: is to be left out": 2,
    "person: has a coordination number": 5,
    "event: is in the register": 80,
    "event: is in the reference": 85,
    "reference row: is followed by a readmission": 8,
    "reference row: still has the old municipality": 10,
    "register row: has a wrong digit": 2,
    "register row: has two wrong digits that pass": 1,
    "register row: has a date outside the window": 3,
    "register row: has a date that cannot be read": 1,
    "register row: has no date": 1,
}


@dataclass
class Row:
    """One row as it is written, the person whom it can be linked to (None: nobody), and the event that it is about."""

    side: Side
    number: str
    begin: str
    end: str
    unit: str
    municipality: str
    person: int | None
    event: int
    dated: bool = True
    extra: bool = False
    misdated: bool = False
    outcome: str = ""


@dataclass
class Population:
    """The rows of both sides and the lists that go with them."""

    rows: list[Row] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    reused: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def check_digit(nine: str) -> str:
    """Luhn's digit after nine digits."""
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(nine))
    return str(-total % 10)


def make_up(people: int, seed: int) -> Population:
    """A population of so many people; the same seed gives the same rows."""
    maker = _Maker(seed)
    for person in range(people):
        maker.person(person)
    maker.settle()
    maker.chance.shuffle(maker.made.rows)
    return maker.made


class _Maker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.made = Population()
        self._used: set[str] = set()
        self._events = 0
        self._free: list[str] = []

    def _has(self, share: str) -> bool:
        return self.chance.randrange(100) < SHARES[share]

    def _number(self) -> str:
        """A number that nobody has had."""
        while True:
            born = date(1915, 1, 1) + timedelta(days=self.chance.randrange(33_000))
            day = born.day + (60 if self._has("person: has a coordination number") else 0)
            nine = f"{born:%y%m}{day:02}{self.chance.randrange(1, 1000):03}"
            number = f"{born.year // 100}{nine}{check_digit(nine)}"
            if number not in self._used:
                self._used.add(number)
                return number

    def person(self, person: int) -> None:
        """One person's numbers and events."""
        number = self._number()
        later: str | None = None
        if self._has("person: has changed number"):
            later = self._number()
            self._change(number, later)
        home = self.chance.choice(_MUNICIPALITIES)
        if self._has("person: is to be left out"):
            self.made.left_out.append(number)
            self._make_events(None, (number, later or number), home)
            return
        if later is None and self._has("person: has a number that was another's"):
            self._reuse(number, person)
        self._make_events(person, (number, later or number), home)

    def _change(self, number: str, later: str) -> None:
        """A change of number, now and then by a third in between."""
        if self.chance.random() < 0.3:
            between = self._number()
            self.made.changes += [(number, between, "2016-05-01"), (between, later, "2018-05-01")]
        else:
            self.made.changes.append((number, later, "2018-05-01"))

    def _reuse(self, number: str, person: int) -> None:
        """An earlier holder of the number, with one event in the reference before the new one's time."""
        self.made.reused.append((number, _START.isoformat()))
        holder = -1 - person
        self._reference(holder, number, _START - timedelta(days=GAP), "0180")

    def _make_events(self, person: int | None, numbers: tuple[str, str], home: str) -> None:
        when = _START + timedelta(days=self.chance.randrange(GAP))
        for _ in range(self.chance.choice((1, 1, 1, 2, 3))):
            self._event(person, numbers, when, home)
            when += timedelta(days=GAP + self.chance.randrange(GAP))
            home = self.chance.choice(_MUNICIPALITIES) if self.chance.random() < 0.2 else home

    def _event(self, person: int | None, numbers: tuple[str, str], when: date, home: str) -> None:
        """An event in either file, under either of the person's numbers; rows of people left out have no outcome."""
        self._events += 1
        if self._has("event: is in the register"):
            self._register(person, self.chance.choice(numbers), when, home)
        if self._has("event: is in the reference"):
            self._reference(person, self.chance.choice(numbers), when, home)

    def _register(self, person: int | None, number: str, when: date, home: str) -> None:
        row = self._row("register", person, number, when, home)
        row.begin = when.isoformat()
        if person is None:
            return
        if self._has("register row: has a wrong digit"):
            row.number, row.person, row.outcome = self._wrong(number), None, "invalid number"
        elif self._has("register row: has two wrong digits that pass"):
            row.number, row.person = self._number(), -10_000_000 - self._events
        elif self._has("register row: has a date outside the window"):
            row.begin, row.misdated = (
                (when + timedelta(days=WINDOW + _STAY + self.chance.randrange(20))).isoformat(),
                True,
            )
        elif self._has("register row: has a date that cannot be read"):
            row.begin, row.dated = f"{when.year}-02-30", False
        elif self._has("register row: has no date"):
            row.begin, row.dated = "", False
        if row.dated:
            row.number = self._spelled(row.number, when)

    def _reference(self, person: int | None, number: str, when: date, home: str) -> None:
        """A contact that begins on the day; a readmission overlaps it and is a row of its own."""
        seen = (
            self.chance.choice(_MUNICIPALITIES) if self._has("reference row: still has the old municipality") else home
        )
        row = self._row("reference", person, number, when, seen)
        row.begin, row.end = when.isoformat(), when.isoformat()
        if self._has("reference row: is followed by a readmission"):
            again = self._row("reference", person, number, when, seen)
            again.begin = (when + timedelta(days=3)).isoformat()
            again.end, again.extra = (when + timedelta(days=self.chance.randrange(3, _STAY))).isoformat(), True

    def _row(self, side: Side, person: int | None, number: str, when: date, home: str) -> Row:
        row = Row(side, number, when.isoformat(), "", self.chance.choice(_UNITS), home, person, self._events)
        row.outcome = "left out" if person is None else ""
        self.made.rows.append(row)
        return row

    def _wrong(self, number: str) -> str:
        return number[:-1] + str((int(number[-1]) + 1 + self.chance.randrange(9)) % 10)

    def _spelled(self, number: str, when: date) -> str:
        """A number as files write it: with a hyphen, or with ten digits where the row's date settles the century."""
        year, kind = int(number[:4]), self.chance.randrange(4)
        day = int(number[6:8]) % 60 if int(number[6:8]) > 60 else int(number[6:8])
        age = when.year - year - ((when.month, when.day) < (int(number[4:6]), day))
        if kind == 0:
            return f"{number[:8]}-{number[8:]}"
        if kind == 1 and age >= 0:
            return f"{number[2:8]}{'+' if age >= 100 else '-'}{number[8:]}"
        return number

    def settle(self) -> None:
        """What becomes of each row that was not settled when it was made up."""
        rows = [row for row in self.made.rows if row.outcome != "left out"]
        reused = {number for number, _ in self.made.reused}
        for row in rows:
            if not row.dated and row.number in reused:
                row.person, row.outcome = None, "invalid number"
        there: dict[Side, set[int | None]] = {
            side: {row.person for row in rows if row.side == side and row.person is not None} for side in SIDES
        }
        linked = {(row.side, row.event, row.person) for row in rows if _exact(row)}
        near = {(row.event, row.person) for row in rows if row.side == "register" and _exact(row)}
        for row in rows:
            row.outcome = row.outcome or _outcome(row, there, linked, near)


def _exact(row: Row) -> bool:
    """Whether a row is on its event's day and can be linked."""
    return row.person is not None and row.dated and not row.misdated and not row.extra


def _outcome(
    row: Row,
    there: dict[Side, set[int | None]],
    linked: set[tuple[Side, int, int | None]],
    near: set[tuple[int, int | None]],
) -> str:
    other: Side = "reference" if row.side == "register" else "register"
    if not row.dated:
        return "no date"
    if row.person not in there[other]:
        return f"person not in {other}"
    if _exact(row) and (other, row.event, row.person) in linked:
        return "found"
    return "taken by another" if row.extra and (row.event, row.person) in near else "outside window"


def truth(population: Population, by: str | None = None) -> Iterator[tuple[Side, str, int, int, Counter[str]]]:
    """Side, place (empty for the whole), found, of and reasons of the rows that are not left out, by `unit` or so."""
    for side in SIDES:
        places: dict[str, Counter[str]] = {}
        for row in population.rows:
            if row.side == side and row.outcome != "left out":
                places.setdefault(getattr(row, by) if by else "", Counter())[row.outcome] += 1
        for place, outcomes in sorted(places.items()):
            of, found = sum(outcomes.values()), outcomes.pop("found", 0)
            yield side, place, found, of, outcomes
