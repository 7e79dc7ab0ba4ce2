"""A file of an earlier version made into one of this version, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from loader.graph.accepted import read_statements
from loader.graph.scopes import records_of
from server.handing_in.state.blobs import Blobs
from server.handing_in.state.errors import StorageDamaged
from server.handing_in.state.schema import MIGRATIONS, VERSION


def migrate(connection: sqlite3.Connection, folder: Path, found: int) -> None:
    """Take the file from version `found` to this one, within the transaction that is open."""
    for version in range(found + 1, VERSION + 1):
        for statement in statements_of(MIGRATIONS[version]):
            connection.execute(statement)
        if version in _FILLED:
            _FILLED[version](connection, folder)
        connection.execute(f"PRAGMA user_version = {version}")


def _records(connection: sqlite3.Connection, folder: Path) -> None:
    """The records of every submission, from the statements that were kept of it."""
    blobs = Blobs(folder)
    for key, digest in connection.execute("SELECT id, statements FROM submissions").fetchall():
        try:
            records = records_of(read_statements(blobs.get(digest)))
        except (SyntaxError, ValueError) as error:
            raise StorageDamaged(f"The statements of the submission {key} cannot be read: {error}.") from error
        rows = [(key, record, scope) for record, scope in records.items()]
        connection.executemany("INSERT INTO submission_records VALUES (?, ?, ?, 0, NULL)", rows)


_FILLED: Mapping[int, Callable[[sqlite3.Connection, Path], None]] = {2: _records}


def statements_of(script: str) -> Iterator[str]:
    """The statements of a script, one by one, so that they run within one transaction."""
    text = ""
    for line in script.splitlines(keepends=True):
        text += line
        if sqlite3.complete_statement(text):
            yield text
            text = ""
