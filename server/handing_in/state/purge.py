"""What slipped in and must not be kept: a submission's files, report, statements and words, struck out for good.

The submission stays as a row without contents, and its entries in the audit log as entries without details; the entry
`state-purged` names them, so that the chain of hashes is known to be broken there by intention and nowhere else.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from server.handing_in.accounts.audit import PURGED, Event, append
from server.handing_in.accounts.scopes import CONSOLE
from server.handing_in.state.backup import MANIFEST, rewrite_manifest
from server.handing_in.state.blobs import Blobs
from server.handing_in.state.database import Database
from server.handing_in.state.errors import StorageUnavailable
from server.handing_in.state.orphans import sweep

NAME = "purged"


@dataclass(frozen=True, slots=True)
class Struck:
    """What was struck out: how many kept files, and the numbers of the audit entries."""

    files: int
    entries: tuple[int, ...]


def purge(folder: Path, key: str, database: Database) -> Struck:
    """Strike a submission out of the state, or the backup, in the folder; StorageUnavailable when it is not there."""
    with database.writing() as connection:
        row = connection.execute("SELECT * FROM submissions WHERE id = ?", (key,)).fetchone()
        if row is None:
            raise StorageUnavailable(f"There is no submission {key} in {folder}.")
        if row["accepted"] is not None:
            raise StorageUnavailable(f"The submission {key} is accepted. Withdraw it, and build a release, first.")
        digests = _contents(connection, key, row)
        entries = _strike(connection, key)
        append(connection, Event(CONSOLE, "state-purged", key, {"entries": list(entries)}))
    blobs = Blobs(folder)
    blobs.put(b"")
    gone = [digest for digest in digests if not _named_elsewhere(database, digest)]
    for digest in gone:
        blobs.remove(digest)
    sweep(folder, database)
    database.compact()
    if (folder / MANIFEST).is_file():
        rewrite_manifest(folder)
    return Struck(len(gone), entries)


def _contents(connection: sqlite3.Connection, key: str, row: sqlite3.Row) -> set[str]:
    files = connection.execute("SELECT sha256 FROM submission_files WHERE submission = ?", (key,))
    told = connection.execute("SELECT json_extract(details, '$.report') FROM audit WHERE subject = ?", (key,))
    earlier = {item[0] for item in told if item[0]}  # reports of checks that were made anew
    return {row["report"], row["statements"], *earlier, *(item[0] for item in files)}


def _strike(connection: sqlite3.Connection, key: str) -> tuple[int, ...]:
    empty = hashlib.sha256(b"").hexdigest()
    connection.execute("DELETE FROM submission_files WHERE submission = ?", (key,))
    connection.execute("DELETE FROM submission_records WHERE submission = ?", (key,))
    connection.execute("UPDATE submission_events SET comment = '' WHERE submission = ?", (key,))
    connection.execute(
        "UPDATE submissions SET status = 'withdrawn', conforms = 0, options = '{}', report = ?, statements = ?,"
        " kind = ?, effect = '{}', whole = '[]' WHERE id = ?",
        (empty, empty, NAME, key),
    )
    rows = connection.execute("SELECT seq FROM audit WHERE subject = ? ORDER BY seq", (key,)).fetchall()
    connection.execute("UPDATE audit SET details = ? WHERE subject = ?", (PURGED, key))
    return tuple(row[0] for row in rows)


def _named_elsewhere(database: Database, digest: str) -> bool:
    query = (
        "SELECT 1 FROM submission_files WHERE sha256 = ? UNION SELECT 1 FROM submissions WHERE report = ?"
        " UNION SELECT 1 FROM submissions WHERE statements = ?"
    )
    with database.reading() as connection:
        return connection.execute(query, (digest,) * 3).fetchone() is not None
