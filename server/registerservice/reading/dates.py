"""Dates in files: their form is settled from a sample, a column at a time; intervals have a beginning and an end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from server.registerservice.messages import StopError
from server.registerservice.reading import sqltext
from server.registerservice.reading.tablefile import TableFile

_LOOKED_AT = 1000


@dataclass(frozen=True)
class Period:
    """Days from first to last, both included."""

    first: date
    last: date


def parse_period(text: str) -> Period:
    """`2024`, `2024-03`, `2024-01-01..2024-12-31`, or a half-open one as `2024-01-01..`; raises ValueError."""
    first, found, last = text.partition("..")
    if not found:
        return Period(_first_day(text), _last_day(text))
    period = Period(_first_day(first) if first else date(1, 1, 1), _last_day(last) if last else date(9999, 12, 31))
    if period.last < period.first:
        raise ValueError(text)
    return period


def _first_day(text: str) -> date:
    return date.fromisoformat((text.strip() + "-01-01")[:10])


def _last_day(text: str) -> date:
    year, month, day = ([int(part) for part in text.strip().split("-")] + [0, 0])[:3]
    if day:
        return date(year, month, day)
    following = date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
    return following - timedelta(days=1)


def parse_days(text: str) -> int:
    """`30d`, `30` or `2w` as days; raises ValueError."""
    match = re.fullmatch(r"\s*(\d{1,5})\s*([dw]?)\s*", text)
    if match is None:
        raise ValueError(text)
    return int(match[1]) * (7 if match[2] == "w" else 1)


def date_cell(
    connection: duckdb.DuckDBPyConnection, table: TableFile, column: str, form: str | None = None
) -> tuple[str, str]:
    """SQL for a column's date (NULL where it cannot be read) and for its text; stops when none of a sample can."""
    cell = table.cell(column)
    if form is not None:
        return f"CAST(try_strptime({cell}, {sqltext.text(form)}) AS DATE)", cell
    iso = f"CASE WHEN {cell}[5] = '-' THEN TRY_CAST({cell}[1:10] AS DATE) END"
    compact = f"CASE WHEN length({cell}) = 8 THEN CAST(try_strptime({cell}, '%Y%m%d') AS DATE) END"
    query = f"""SELECT count(c), count(i), count(k) FROM (SELECT {cell} AS c, {iso} AS i, {compact} AS k
        FROM {table.relation} WHERE {cell} IS NOT NULL LIMIT {_LOOKED_AT})"""
    given, isos, compacts = connection.execute(query).fetchone() or (0, 0, 0)
    if given and not isos and not compacts:
        raise StopError(
            f"{table.path.name}, {column}: datumen är varken ÅÅÅÅ-MM-DD eller ÅÅÅÅMMDD. Ge formen, t.ex. "
            "--date-format %d/%m/%Y.",
            f"{table.path.name}, {column}: the dates are neither YYYY-MM-DD nor YYYYMMDD. Give the form, for instance "
            "--date-format %d/%m/%Y.",
        )
    if isos and compacts:
        return f"coalesce({iso}, {compact})", cell
    return (compact if compacts else iso), cell
