"""The rows of the section on coverage, made in a process of its own so that its memory is not taken for another's."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from server.registerservice.reading.identity import luhn

_CONTACTS = 4
_UNIT = "'Sjukhus ' || CAST(least(floor(-8 * ln((hash({0}) % 1000003 + 1) / 1000004)), 90) AS INTEGER)"


def write_rows(folder: Path, reference: int, register: int, kind: str = "csv") -> None:
    """A register and a reference of made-up people with valid numbers, four contacts each, and units of many sizes.

    `kind` is the form of both files: csv or parquet.
    """
    folder.mkdir(parents=True, exist_ok=True)
    people = reference // _CONTACTS
    how = {"csv": "(HEADER, DELIMITER ';')", "parquet": "(FORMAT parquet)"}[kind]
    born = "CAST(strftime(DATE '1925-01-01' + CAST(i % 29000 AS INTEGER), '%Y%m%d') AS BIGINT)"
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE nines AS SELECT i, {born} * 1000 + 1 + i // 29000 AS n FROM range({people}) t(i)")
    connection.execute(
        f"CREATE TABLE people AS SELECT i, n * 10 + (10 - {luhn('(n * 10)')} % 10) % 10 AS pnr FROM nines"
    )
    day = "DATE '2020-01-01' + CAST(hash(i * 7 + r) % 1400 AS INTEGER)"
    connection.execute(f"""COPY (SELECT pnr, {day} AS first, {day} + 3 AS last, {_UNIT.format("i, r")} AS unit
        FROM people, range({_CONTACTS}) s(r)) TO '{folder}/reference.{kind}' {how}""")
    near = "DATE '2020-01-01' + CAST(hash(i * 7) % 1400 AS INTEGER) + CAST(hash(i) % 40 AS INTEGER)"
    connection.execute(f"""COPY (SELECT pnr, {near} AS day, {_UNIT.format("i, 0")} AS unit FROM people
        WHERE i % {people // register} = 0 LIMIT {register}) TO '{folder}/register.{kind}' {how}""")


if __name__ == "__main__":
    write_rows(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
