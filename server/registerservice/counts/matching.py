"""Nearest-first matching of two sides' rows, and why a row has no partner.

Of all pairs of one person (and unit, where it is a key) with a gap of at most the window, ends included, the least gap
comes first; ties by earlier register date, then earlier reference date, then the rest of the rows' content; both are
struck and the next is taken. Such a matching can hold fewer pairs than the largest possible one. A pair that is the
best of both its rows is one that this order takes, so all of these are taken at once, until none is left.
"""

from __future__ import annotations

import duckdb

from server.registerservice.reading.question import SIDES, Question, Side

FOUND = 0
REASONS: dict[Side, tuple[str, ...]] = {
    side: ("invalid number", "no date", f"person not in {other}", "other unit", "outside window", "taken by another")
    for side, other in zip(SIDES, reversed(SIDES), strict=True)
}


def possible_reasons(side: Side, question: Question) -> list[str]:
    """The reasons that the question leaves room for: without a date none is outside the window, and so on."""
    dated, unit, single = question.date is not None, question.unit is not None, question.count == "events"
    holds = (True, dated, True, unit, dated, single)
    return [reason for reason, possible in zip(REASONS[side], holds, strict=True) if possible]


def match(connection: duckdb.DuckDBPyConnection, question: Question) -> None:
    """Make the tables `register_outcome` and `reference_outcome`: id, code (0 found, else the place in REASONS + 1)."""
    matcher = _Matcher(connection, question)
    if question.count == "events":
        matcher.pair()
    for side in SIDES:
        matcher.judge(side)


class _Matcher:
    def __init__(self, connection: duckdb.DuckDBPyConnection, question: Question) -> None:
        self._connection, self._question = connection, question
        self._one_to_one = question.count == "events"
        dated = question.date is not None
        self._gap = "greatest(b.f - a.t, a.f - b.t, 0)" if dated else "0"
        unit = " AND a.unit = b.unit" if question.unit is not None else ""
        self._same = f"a.pid = b.pid{unit}"
        self._near = f"{self._same} AND {self._gap} <= {question.window}"

    def pair(self) -> None:
        """The table `chosen` of register row a and reference row b."""
        execute = self._connection.execute
        dims = [f"d{place}" for place in range(len(self._question.dimensions()))]
        ties = ", ".join(f"{side}.{column}" for column in ("f", "t", "unit", *dims) for side in ("a", "b"))
        execute(f"""CREATE TEMP TABLE pairs AS SELECT a.id AS a, b.id AS b,
            row_number() OVER (ORDER BY {self._gap}, {ties}, a.id, b.id) AS place
            FROM register_rows a JOIN reference_rows b ON {self._near}
            WHERE a.status IS NULL AND b.status IS NULL""")
        execute("CREATE TEMP TABLE candidates AS SELECT a, b FROM pairs")
        execute("CREATE TEMP TABLE chosen (a BIGINT, b BIGINT)")
        while self._take():
            pass

    def _take(self) -> int:
        """Take every pair that is the best of both its rows; how many there were."""
        execute = self._connection.execute
        execute("""CREATE OR REPLACE TEMP TABLE best AS SELECT a, b FROM (SELECT a, b, place,
            min(place) OVER (PARTITION BY a) AS first_a, min(place) OVER (PARTITION BY b) AS first_b FROM pairs)
            WHERE place = first_a AND place = first_b""")
        execute("INSERT INTO chosen SELECT a, b FROM best")
        execute("""CREATE OR REPLACE TEMP TABLE pairs AS SELECT a, b, place FROM pairs
            WHERE a NOT IN (SELECT a FROM best) AND b NOT IN (SELECT b FROM best)""")
        left = execute("SELECT count(*) FROM pairs").fetchone()
        return int(left[0]) if left else 0

    def judge(self, side: Side) -> None:
        """A side's outcome: found, or the first reason that holds."""
        other = "reference" if side == "register" else "register"
        mine, theirs = ("a", "b") if side == "register" else ("b", "a")
        partners = f"FROM {other}_rows {theirs} WHERE {theirs}.pid IS NOT NULL"
        person = f"{mine}.pid IN (SELECT pid {partners})"
        unit = f"({mine}.pid, {mine}.unit) IN (SELECT (pid, unit) {partners})" if self._question.unit else "true"
        near = f"{mine}.id IN (SELECT {mine} FROM candidates)" if self._one_to_one else self._any_near(side)
        found = f"{mine}.id IN (SELECT {mine} FROM chosen)" if self._one_to_one else "near"
        self._connection.execute(f"""CREATE TEMP TABLE {side}_outcome AS
            SELECT id, CASE WHEN status = 'invalid number' THEN 1 WHEN status = 'no date' THEN 2
              WHEN pid IS NULL OR NOT person THEN 3 WHEN {found} THEN {FOUND}
              WHEN NOT coalesce(unit_meets, false) THEN 4
              WHEN NOT near THEN 5 ELSE 6 END AS code
            FROM (SELECT id, pid, status, {person} AS person, {unit} AS unit_meets, {near} AS near
              FROM {side}_rows {mine}) {mine}""")

    def _any_near(self, side: Side) -> str:
        other = "reference_rows b" if side == "register" else "register_rows a"
        status = "b.status" if side == "register" else "a.status"
        return f"EXISTS (SELECT 1 FROM {other} WHERE {self._near} AND {status} IS NULL)"
