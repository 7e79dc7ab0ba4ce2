"""Lists about people as tables in memory, and the SQL that applies them to a side's rows."""

from __future__ import annotations

from pathlib import Path

import duckdb

from server.registerservice.messages import Finding, StopError
from server.registerservice.reading import sqltext
from server.registerservice.reading.dates import date_cell
from server.registerservice.reading.identity import identified
from server.registerservice.reading.question import People, Reading
from server.registerservice.reading.tablefile import TableFile, open_table

_ROUNDS = 40


class PeopleLists:
    """The lists of a question, read once; `applied` puts them over a side's rows, `findings` has their bad rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, people: People, key: str, reading: Reading) -> None:
        self._connection, self._people, self._key, self._reading = connection, people, key, reading
        self.findings: list[Finding] = []
        self._read_reused()
        self._read_changes()
        self._read_left_out()
        self._read_residents()

    def applied(self, source: str) -> str:
        """SQL over rows with `key`, `why` and `f`: numbers by holder and by their latest change, people left out."""
        people = self._people
        if people.reused is not None:
            source = f"""SELECT s.* REPLACE (
                  CASE WHEN r.key IS NULL THEN s.key WHEN r.since IS NULL OR s.f IS NULL THEN NULL
                    WHEN s.f >= r.since THEN s.key || '#2' ELSE s.key END AS key,
                  CASE WHEN r.key IS NOT NULL AND (r.since IS NULL OR s.f IS NULL) THEN 'reused' ELSE s.why END AS why)
                FROM ({source}) s LEFT JOIN reused r ON s.key = r.key"""
        if people.number_changes is not None:
            source = f"""SELECT s.* REPLACE (coalesce(c.final, s.key) AS key)
                FROM ({source}) s LEFT JOIN changed c ON s.key = c.key"""
        if people.leave_out:
            source = f"SELECT s.* FROM ({source}) s ANTI JOIN left_out l ON s.key = l.key"
        if people.residents is not None:
            kept = "SELECT r.key FROM residents r"
            source = f"SELECT s.* FROM ({source}) s WHERE s.key IS NULL OR s.key IN ({kept})"
        return source

    def _numbers(self, path: Path, columns: tuple[str | None, ...], more: str = "") -> TableFile:
        """Read a list into the table `listed`: key0, key1 … and why0 … of the columns, with the day `f` and its row."""
        table = open_table(self._connection, path, self._reading.encoding)
        dated = next((name for name in ("date", "from", "since") if table.has(name)), None)
        day = date_cell(self._connection, table, dated, self._reading.date_form)[0] if dated else "NULL"
        source = f"SELECT row_number() OVER () + 1 AS line, CAST({day} AS DATE) AS f{more} "
        names = [column or self._number_column(table) for column in columns]
        cells = ", ".join(f"{table.cell(column)} AS raw{place}" for place, column in enumerate(names))
        source = f"{source}, {cells} FROM {table.relation}"
        for place in range(len(columns)):
            keyed = identified(
                f"SELECT * EXCLUDE (raw{place}), raw{place} AS raw FROM ({source})", self._people.reserve
            )
            source = f"SELECT * EXCLUDE (raw, kind, key, why), key AS key{place}, why AS why{place} FROM ({keyed})"
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE listed AS {source}")
        for place, column in enumerate(names):
            bad = self._connection.execute(
                f"SELECT line, why{place} FROM listed WHERE why{place} IS NOT NULL ORDER BY line"
            ).fetchall()
            self.findings += [Finding(path.name, int(line), column, why) for line, why in bad]
        return table

    def _number_column(self, table: TableFile) -> str:
        for wanted in ("number", self._key):
            if table.has(wanted):
                return wanted
        return table.columns[0]

    def _read_reused(self) -> None:
        if self._people.reused is None:
            return
        self._numbers(self._people.reused, (None,))
        self._connection.execute(
            """CREATE TEMP TABLE reused AS
            SELECT key0 AS key, min(f) AS since FROM listed WHERE key0 IS NOT NULL GROUP BY ALL"""
        )

    def _read_changes(self) -> None:
        """The last number of each chain by pointer doubling; one that comes back to itself is reported and kept."""
        path = self._people.number_changes
        if path is None:
            return
        self._numbers(path, ("old", "new"))
        self._report_double(path)
        since = "(SELECT any_value(since) FROM reused r WHERE r.key = key{0})"
        holder = f"key{{0}} || CASE WHEN f >= {since} THEN '#2' ELSE '' END"
        old, new = (holder.format(place) if self._people.reused else f"key{place}" for place in (0, 1))
        self._connection.execute(f"""CREATE TEMP TABLE changed AS
            SELECT {old} AS key, arg_max({new}, coalesce(f, DATE '0001-01-01')) AS final, min(line) AS line
            FROM listed WHERE key0 IS NOT NULL AND key1 IS NOT NULL GROUP BY 1""")
        for _ in range(_ROUNDS):
            changed = self._connection.execute("""CREATE OR REPLACE TEMP TABLE changed AS
                SELECT a.key, coalesce(b.final, a.final) AS final, a.line, b.key IS NOT NULL AS longer
                FROM changed a LEFT JOIN changed b ON a.final = b.key""")
            left = changed.execute("SELECT count(*) FROM changed WHERE longer").fetchone()
            if not left or not left[0]:
                break
        circles = self._connection.execute("SELECT line FROM changed WHERE longer ORDER BY line").fetchall()
        self.findings += [Finding(path.name, int(line), "old", "cycle") for (line,) in circles]
        self._connection.execute("DELETE FROM changed WHERE longer")

    def _report_double(self, path: Path) -> None:
        rows = self._connection.execute("""SELECT line FROM listed WHERE key0 IS NOT NULL
            QUALIFY count(DISTINCT key1) OVER (PARTITION BY key0) > 1 ORDER BY line""").fetchall()
        self.findings += [Finding(path.name, int(line), "old", "two-successors") for (line,) in rows]

    def _read_left_out(self) -> None:
        """People left out under every number they have had; a number that cannot be read stops the run."""
        if not self._people.leave_out:
            return
        self._connection.execute("CREATE TEMP TABLE left_out (key VARCHAR)")
        for path in self._people.leave_out:
            before = len(self.findings)
            self._numbers(path, (None,))
            if len(self.findings) > before:
                rows = ", ".join(str(finding.row) for finding in self.findings[before:][:10])
                raise StopError(
                    f"{path.name}, rad {rows}: ett nummer som ska lämnas utanför går inte att läsa.",
                    f"{path.name}, row {rows}: a number that is to be left out cannot be read.",
                )
            self._connection.execute(f"INSERT INTO left_out {self._every_number('listed', 'key0')}")

    def _every_number(self, table: str, column: str) -> str:
        """A list's numbers, each with both holders of a reused one and its latest change."""
        numbers = f"SELECT {column} AS key FROM {table} WHERE {column} IS NOT NULL"
        both = f"{numbers} UNION SELECT key || '#2' FROM ({numbers})" if self._people.reused else numbers
        if self._people.number_changes is None:
            return both
        return f"SELECT coalesce(c.final, n.key) AS key FROM ({both}) n LEFT JOIN changed c ON n.key = c.key"

    def _read_residents(self) -> None:
        """Who was resident and alive at the day: an interval around it, and no death on or before it."""
        path, at = self._people.residents, self._people.at
        if path is None:
            return
        if at is None:
            raise StopError("Ge dagen för bosättningen: --at.", "Give the day of residence: --at.")
        table = open_table(self._connection, path, self._reading.encoding)
        cells = {
            name: date_cell(self._connection, table, name, self._reading.date_form)[0] if table.has(name) else "NULL"
            for name in ("from", "to", "died")
        }
        day = f"DATE {sqltext.text(at.isoformat())}"
        here = (
            f"coalesce({cells['from']} <= {day}, true) AND coalesce({cells['to']} >= {day}, true)"
            f" AND coalesce({cells['died']} > {day}, true)"
        )
        self._numbers(path, (None,), f", {here} AS here")
        self._connection.execute(
            f"CREATE TEMP TABLE residents AS {self._every_number('(SELECT * FROM listed WHERE here)', 'key0')}"
        )
