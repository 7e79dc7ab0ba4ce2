"""Submissions as rows of the database, written and read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict

from server.handing_in.submissions.kept.model import Draft, Effect, File, Reading, Status, Submission


def insert(connection: sqlite3.Connection, draft: Draft, received: str, status: Status, supersedes: str | None) -> None:
    """Store a submission with its files, registers and records."""
    row: dict[str, object] = {
        "id": draft.key,
        "digest": draft.digest,
        "account": draft.account,
        "kind": draft.kind,
        "received": received,
        "status": status,
        "options": json.dumps(dict(draft.options), ensure_ascii=False, sort_keys=True),
        "supersedes": supersedes,
        **_reading_columns(draft.reading),
    }
    names = ", ".join(row)
    connection.execute(f"INSERT INTO submissions ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))  # noqa: S608 - names are ours
    connection.executemany(
        "INSERT INTO submission_files VALUES (?, ?, ?, ?, ?)",
        [(draft.key, place, file.name, file.sha256, file.size) for place, file in enumerate(draft.files)],
    )
    connection.executemany(
        "INSERT INTO submission_registers VALUES (?, ?)", [(draft.key, name) for name in sorted(draft.registers)]
    )
    _insert_records(connection, draft.key, draft.reading)


def update_reading(connection: sqlite3.Connection, key: str, reading: Reading, status: Status) -> None:
    """Put a new reading in the place of the old one; what was decided on the old one no longer counts."""
    columns = {**_reading_columns(reading), "status": status}
    names = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(
        f"UPDATE submissions SET {names}, decided = NULL, decided_by = NULL, proof = NULL, accepted = NULL"  # noqa: S608 - names are ours
        " WHERE id = ?",
        (*columns.values(), key),
    )
    connection.execute("DELETE FROM submission_records WHERE submission = ?", (key,))
    _insert_records(connection, key, reading)


def select(connection: sqlite3.Connection, condition: str, *values: str) -> Iterator[Submission]:
    """The submissions by key that meet a condition of ours."""
    query = f"SELECT * FROM submissions WHERE {condition} ORDER BY id"  # noqa: S608 - conditions are ours
    for row in connection.execute(query, values).fetchall():
        yield _submission(connection, row)


def _reading_columns(reading: Reading) -> dict[str, object]:
    return {
        "conforms": reading.conforms,
        "report": reading.report,
        "statements": reading.statements,
        "release": reading.release,
        "tool": reading.tool,
        "whole": json.dumps(sorted(reading.whole)),
        "effect": json.dumps(asdict(reading.effect)),
        "world": reading.world,
    }


def _insert_records(connection: sqlite3.Connection, key: str, reading: Reading) -> None:
    rows: list[tuple[object, ...]] = [
        (key, record, "", 1, successor)
        for record, successor in sorted(reading.removes.items())
        if record not in reading.puts
    ]
    rows += [(key, record, scope, 0, None) for record, scope in sorted(reading.puts.items())]
    connection.executemany("INSERT INTO submission_records VALUES (?, ?, ?, ?, ?)", rows)


def _submission(connection: sqlite3.Connection, row: sqlite3.Row) -> Submission:
    files = connection.execute(
        "SELECT name, sha256, size FROM submission_files WHERE submission = ? ORDER BY place", (row["id"],)
    )
    registers = connection.execute("SELECT register FROM submission_registers WHERE submission = ?", (row["id"],))
    return Submission(
        key=row["id"],
        digest=row["digest"],
        account=row["account"],
        registers=frozenset(item[0] for item in registers),
        kind=row["kind"],
        received=row["received"],
        status=Status(row["status"]),
        options=json.loads(row["options"]),
        files=tuple(File(*file) for file in files),
        reading=_reading(connection, row),
        supersedes=row["supersedes"],
        decided=row["decided"],
        decided_by=row["decided_by"],
        proof=row["proof"],
        accepted=row["accepted"],
    )


def _reading(connection: sqlite3.Connection, row: sqlite3.Row) -> Reading:
    query = "SELECT record, scope, removed, replaced_by FROM submission_records WHERE submission = ? ORDER BY record"
    records = connection.execute(query, (row["id"],)).fetchall()
    effect = json.loads(row["effect"])
    return Reading(
        conforms=bool(row["conforms"]),
        report=row["report"],
        statements=row["statements"],
        release=row["release"],
        tool=row["tool"],
        puts={item["record"]: item["scope"] for item in records if not item["removed"]},
        removes={item["record"]: item["replaced_by"] for item in records if item["removed"]},
        whole=frozenset(json.loads(row["whole"])),
        effect=Effect(**{**effect, "removed": tuple(effect.get("removed", ()))}),
        world=row["world"],
    )
