"""The rows of each side, made ready to match: a running number for each person, days, unit and dimensions.

The register's rows are kept in memory. Of the reference only the rows of the register's people are kept, the others are
counted while they are read; no identity number stays after this step.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from server.registerservice.messages import Finding, StopError
from server.registerservice.reading.codes import condition, read_codes
from server.registerservice.reading.dates import date_cell
from server.registerservice.reading.identity import identified
from server.registerservice.reading.peoplelists import PeopleLists
from server.registerservice.reading.question import SIDES, Dimension, Question, Side
from server.registerservice.reading.tablefile import TableFile, open_table, unreadable_rows

MOST_FINDINGS = 100
NO_VALUE = ""


@dataclass(frozen=True)
class Loaded:
    """What was told while the sides were read: bad rows (the first of each side), and how many there are in all."""

    findings: list[Finding]
    bad: dict[Side, int]
    rows: dict[Side, int]


def dimension(place: int) -> str:
    """The column of a dimension in the tables of rows."""
    return f"d{place}"


def load(connection: duckdb.DuckDBPyConnection, question: Question) -> Loaded:
    """Make the tables `register_rows` and `reference_rows`: id, pid, f, t, unit, dimensions, inside, status, n.

    `status` is NULL or why a row cannot be matched at all (`invalid number`, `no date`); `n` counts equal rows, and is
    more than 1 only where `pid` is NULL.
    """
    reader = _Reader(connection, question)
    reader.load_register()
    reader.load_reference()
    return reader.told()


class _Reader:
    def __init__(self, connection: duckdb.DuckDBPyConnection, question: Question) -> None:
        self._connection, self._question = connection, question
        encoding = question.reading.encoding
        self._tables = {side: open_table(connection, question.file(side), encoding) for side in SIDES}
        self._codes = read_codes(question.codes) if question.codes is not None else []
        self._lists = PeopleLists(connection, question.people, question.key.register, question.reading)
        self._places = range(len(question.dimensions()))
        self._dims = "".join(f", {dimension(place)}" for place in self._places)
        self._findings = list(self._lists.findings)
        self._bad: dict[Side, int] = {}
        self._rows: dict[Side, int] = {}

    def told(self) -> Loaded:
        return Loaded(self._findings, self._bad, self._rows)

    def load_register(self) -> None:
        execute = self._connection.execute
        execute(f"CREATE TEMP TABLE register_read AS {self._kept('register')}")
        self._tell("register", "register_read", "1")
        execute("""CREATE TEMP TABLE people AS SELECT key, CAST(row_number() OVER () AS INTEGER) AS pid
            FROM (SELECT DISTINCT key FROM register_read WHERE key IS NOT NULL)""")
        execute(f"""CREATE TEMP TABLE register_rows AS
            SELECT row_number() OVER () AS id, pid, f, t, unit{self._dims}, inside, status, 1 AS n
            FROM register_read LEFT JOIN people USING (key)""")
        execute("DROP TABLE register_read")

    def load_reference(self) -> None:
        execute = self._connection.execute
        only = ", ".join(
            f"CASE WHEN pid IS NULL THEN NULL ELSE {column} END AS {column}" for column in ("f", "t", "unit")
        )
        outside = self._question.count == "persons"
        execute(f"""CREATE TEMP TABLE reference_read AS
            SELECT pid, {only}{self._dims}, inside, status, why, bad, count(*) AS n
            FROM ({self._kept("reference")}) LEFT JOIN people USING (key) GROUP BY ALL""")
        self._tell("reference", "reference_read", "n")
        execute(f"""CREATE TEMP TABLE reference_rows AS
            SELECT row_number() OVER () AS id, * FROM (
            SELECT pid, f, t, unit{self._dims}, inside, status, 1 AS n
            FROM reference_read, range(n) WHERE pid IS NOT NULL
            UNION ALL
            SELECT pid, f, t, unit{self._dims}, inside, status, n FROM reference_read
            WHERE pid IS NULL AND {"status = 'invalid number'" if outside else "true"})""")
        execute("DROP TABLE reference_read")
        if outside:
            self._count_outsiders()
        execute("DROP TABLE people")

    def _count_outsiders(self) -> None:
        """People of the reference who are not in the register, each counted once, where she was first."""
        fields = [
            "s := status IS NOT NULL",
            "f := f",
            *(f"{dimension(place)} := {dimension(place)}" for place in self._places),
        ]
        first = f"min(struct_pack({', '.join(fields)}))"
        dims = "".join(f", first.{dimension(place)} AS {dimension(place)}" for place in self._places)
        skip = "AND bad IS NULL" if self._question.reading.skip_bad else ""
        self._connection.execute(f"""INSERT INTO reference_rows
            SELECT -row_number() OVER (), NULL, NULL, NULL, NULL{dims}, true, CASE WHEN first.s THEN 'no date' END, n
            FROM (SELECT first, count(*) AS n FROM (SELECT {first} AS first
              FROM ({self._kept("reference")}) ANTI JOIN people USING (key)
              WHERE key IS NOT NULL AND inside {skip} GROUP BY key) GROUP BY ALL)""")

    def _kept(self, side: Side) -> str:
        """A side's rows with lists, washout and period applied."""
        source = self._lists.applied(self._read(side))
        dated = " WHEN f IS NULL THEN 'no date'" if self._question.date is not None else ""
        status = f"CASE WHEN key IS NULL THEN 'invalid number'{dated} END"
        return f"SELECT *, {status} AS status, {self._inside()} AS inside FROM ({self._washed(source)}) {self._near()}"

    def _read(self, side: Side) -> str:
        """A side's cases as written: raw, f, t, unit, dimensions, then what the number is."""
        table, question = self._tables[side], self._question
        begin, end, fault = self._dates(table, side)
        unit = table.cell(question.unit.of(side)) if question.unit is not None else "CAST(NULL AS VARCHAR)"
        dims = "".join(
            f", {cell} AS {dimension(place)}" for place, cell in enumerate(self._dimensions(table, side, begin))
        )
        case = condition(self._codes, side, table) if self._codes else None
        rows = f"""SELECT {table.cell(question.key.of(side))} AS raw, {begin} AS f0, {end} AS t0, {fault} AS bad,
            {unit} AS unit{dims} FROM {table.relation} {"WHERE " + case if case else ""}"""
        dated = "SELECT * EXCLUDE (f0, t0), CASE WHEN bad IS NULL THEN f0 END AS f,"
        source = f"{dated} CASE WHEN bad IS NULL THEN coalesce(t0, f0) END AS t FROM ({rows})"
        return f"SELECT * EXCLUDE (raw, kind) FROM ({identified(source, question.people.reserve)})"

    def _dates(self, table: TableFile, side: Side) -> tuple[str, str, str]:
        """SQL for first day, last day and what is wrong with them."""
        question = self._question
        if question.date is None:
            return "CAST(NULL AS DATE)", "CAST(NULL AS DATE)", "CAST(NULL AS VARCHAR)"
        first, last = question.date.interval(side)
        begin, begin_text = date_cell(self._connection, table, first, question.reading.date_form)
        unread = f"({begin_text} IS NOT NULL AND {begin} IS NULL)"
        if last is None:
            return begin, "CAST(NULL AS DATE)", f"CASE WHEN {unread} THEN 'bad-date' END"
        end, end_text = date_cell(self._connection, table, last, question.reading.date_form)
        late = f"({end_text} IS NOT NULL AND {end} IS NULL)"
        return begin, end, f"CASE WHEN {unread} OR {late} THEN 'bad-date' WHEN {end} < {begin} THEN 'date-order' END"

    def _dimensions(self, table: TableFile, side: Side, begin: str) -> list[str]:
        cells = [self._dimension(table, found, side, begin) for found in self._question.dimensions()]
        return [f"coalesce({cell}, '{NO_VALUE}')" for cell in cells]

    def _dimension(self, table: TableFile, found: Dimension, side: Side, begin: str) -> str:
        """The unit that is a key; a column of that name; else the date's year, or a municipality's first two digits."""
        wanted = found.columns.of(side)
        if self._question.unit is not None and self._question.is_key(found):
            return table.cell(self._question.unit.of(side))
        if table.has(wanted):
            return table.cell(wanted)
        if wanted == "year" and self._question.date is not None:
            return f"CAST(year({begin}) AS VARCHAR)"
        if wanted == "region" and table.has("municipality"):
            return f"{table.cell('municipality')}[1:2]"
        return table.cell(wanted)

    def _washed(self, source: str) -> str:
        """Without rows that come within the washout of an earlier one of the same person; -1: only the first."""
        days = self._question.washout
        if days is None:
            return source
        far = "false" if days < 0 else f"f - earlier > {days}"
        return f"""SELECT * EXCLUDE (earlier) FROM (SELECT *, max(t) OVER (PARTITION BY key ORDER BY f, t{self._dims}
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier FROM ({source}))
            WHERE key IS NULL OR f IS NULL OR earlier IS NULL OR {far}"""

    def _inside(self) -> str:
        period = self._question.period
        if period is None:
            return "true"
        return f"(f IS NULL OR f BETWEEN DATE '{period.first}' AND DATE '{period.last}')"

    def _near(self) -> str:
        """Rows that are in the period or could be a partner of one that is: one window beyond."""
        period, window = self._question.period, self._question.window
        if period is None:
            return ""
        return f"""WHERE f IS NULL OR (CAST(t AS TIMESTAMP) >= TIMESTAMP '{period.first}' - INTERVAL {window} DAY
            AND CAST(f AS TIMESTAMP) <= TIMESTAMP '{period.last}' + INTERVAL {window} DAY)"""

    def _tell(self, side: Side, table: str, weight: str) -> None:
        """Count the bad rows, find the first of them, and leave them out or stop where that was asked for."""
        execute, skip = self._connection.execute, self._question.reading.skip_bad
        bad = "why IS NOT NULL OR bad IS NOT NULL"
        query = f"SELECT coalesce(sum({weight}), 0), coalesce(sum({weight}) FILTER ({bad}), 0) FROM {table}"
        total, faulty = execute(query).fetchone() or (0, 0)
        broken = unreadable_rows(self._connection, self._tables[side])
        self._bad[side], self._rows[side] = int(faulty) + len(broken), int(total)
        if faulty:
            self._findings += self._located(side, [finding.row for finding in broken])
        self._findings += broken[:MOST_FINDINGS]
        if broken and not skip:
            rows = ", ".join(str(finding.row) for finding in broken[:10])
            name = self._tables[side].path.name
            raise StopError(
                f"{name}, rad {rows}: raderna går inte att läsa. Rätta dem, eller lämna dem utanför med --skip-bad.",
                f"{name}, row {rows}: the rows cannot be read. Mend them, or leave them out with --skip-bad.",
            )
        if skip:
            execute(f"DELETE FROM {table} WHERE {bad}")

    def _located(self, side: Side, broken: list[int]) -> list[Finding]:
        """The first bad rows of a side with their places; rows that could not be read at all are counted in."""
        table, question = self._tables[side], self._question
        numbered = TableFile(
            table.path,
            table.columns,
            f"(SELECT row_number() OVER () + 1 AS line, * FROM {table.relation})",
            table.kinds,
        )
        tables, self._tables = self._tables, {**self._tables, side: numbered}
        source = self._lists.applied(self._read(side).replace("AS raw,", "AS raw, line,", 1))
        self._tables = tables
        rows = self._connection.execute(f"""SELECT line, why, bad FROM (SELECT * FROM ({source}) {self._near()})
            WHERE why IS NOT NULL OR bad IS NOT NULL ORDER BY line LIMIT {MOST_FINDINGS}""").fetchall()
        date = question.date.interval(side)[0] if question.date is not None else ""
        found = []
        for line, why, bad in rows:
            place = _shifted(int(line), broken)
            found += [Finding(table.path.name, place, question.key.of(side), why)] if why else []
            found += [Finding(table.path.name, place, date, bad)] if bad else []
        return found


def _shifted(row: int, broken: list[int]) -> int:
    for line in sorted(broken):
        row += line <= row
    return row
