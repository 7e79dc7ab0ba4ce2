"""Counts by unit and stratum from a file, for comparisons: summed in DuckDB, every cell a number."""

from __future__ import annotations

from pathlib import Path

from server.registerservice.messages import StopError
from server.registerservice.reading.session import memory_session
from server.registerservice.reading.tablefile import open_table


def sums(
    path: Path, keys: tuple[str, ...], numbers: tuple[str, ...], encoding: str | None = None
) -> dict[tuple[str, ...], tuple[float, ...]]:
    """The sums of columns by key columns, sorted; a decimal comma is read. Stops on a cell that is no number."""
    with memory_session() as connection:
        table = open_table(connection, path, encoding)
        cells = [f"coalesce({table.cell(key)}, '')" for key in keys]
        values = [f"TRY_CAST(replace({table.cell(number)}, ',', '.') AS DOUBLE)" for number in numbers]
        listed = ", ".join(f"{value} AS v{place}" for place, value in enumerate(values))
        bad = " OR ".join(f"v{place} IS NULL OR v{place} < 0 OR NOT isfinite(v{place})" for place in range(len(values)))
        source = f"SELECT row_number() OVER () + 1 AS line, {', '.join(cells)}, {listed} FROM {table.relation}"
        rows = connection.execute(f"SELECT line FROM ({source}) WHERE {bad} ORDER BY line LIMIT 10").fetchall()
        if rows:
            lines = ", ".join(str(line) for (line,) in rows)
            wanted = ", ".join(numbers)
            raise StopError(
                f"{path.name}, rad {lines}: {wanted} ska vara tal från 0.",
                f"{path.name}, row {lines}: {wanted} must be numbers from 0.",
            )
        places = ", ".join(str(place + 1) for place in range(len(keys)))
        totals = ", ".join(f"sum({value})" for value in values)
        found = connection.execute(
            f"SELECT {', '.join(cells)}, {totals} FROM {table.relation} GROUP BY {places} ORDER BY {places}"
        ).fetchall()
    return {tuple(row[: len(keys)]): tuple(float(value) for value in row[len(keys) :]) for row in found}
