"""The SQLite file of the state: write-ahead log, synchronous FULL, one connection per piece of work."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from server.handing_in.state.errors import StorageDamaged, StorageUnavailable, storage_errors
from server.handing_in.state.folders import make_folder
from server.handing_in.state.migrating import migrate, statements_of
from server.handing_in.state.schema import TABLES, VERSION

NAME = "registergraf.sqlite3"
_WAIT_SECONDS = 20.0


class Database:
    """The state's database below `folder`; it is made when something is first written.

    What was committed is on the disk: `writing` returns only after SQLite has synced its log.
    """

    def __init__(self, folder: Path, committed: Callable[[sqlite3.Connection], None] = lambda connection: None) -> None:
        """Nothing is opened yet; `committed` is called after every commit, outside of the transaction."""
        self.folder = folder
        self._committed = committed

    @property
    def file(self) -> Path:
        """The database file."""
        return self.folder / NAME

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view; an empty database where there is none yet."""
        with storage_errors(self.folder), closing(self._open_to_read()) as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is durable at the end, or none of it happened."""
        with storage_errors(self.folder), closing(self._open_to_write()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            self._committed(connection)

    def compact(self) -> None:
        """Have nothing of what was removed left in the file or its log."""
        with storage_errors(self.folder), closing(self._connect()) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _open_to_read(self) -> sqlite3.Connection:
        if not self.file.is_file():
            connection = sqlite3.connect(":memory:", isolation_level=None)
            connection.executescript(TABLES)
            connection.row_factory = sqlite3.Row
            return connection
        return self._connect()

    def _open_to_write(self) -> sqlite3.Connection:
        if not self.file.is_file():
            make_folder(self.folder)
        return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.file, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Make the tables in a new file, bring an earlier file up to this version; refuse a file of a later one."""
        if known_version(connection, self.file) == VERSION:
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._fill(connection, _version(connection))
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        self.file.chmod(0o600)

    def _fill(self, connection: sqlite3.Connection, found: int) -> None:
        if found:
            migrate(connection, self.folder, found)
            return
        for statement in statements_of(TABLES):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")


def check_integrity(file: Path) -> None:
    """StorageDamaged when SQLite finds the file damaged."""
    with storage_errors(file.parent), closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        if found != ["ok"]:
            raise StorageDamaged(f"{file} is damaged: {found[0]}.")


def known_version(connection: sqlite3.Connection, file: Path) -> int:
    """The version of a file; StorageUnavailable when a later program wrote it."""
    found = _version(connection)
    if found > VERSION:
        raise StorageUnavailable(f"{file} has the version {found}; this program reads {VERSION}.")
    return found


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
