"""What can go wrong with the kept state.

StorageError           the state cannot be used; the message names the folder and the remedy
├── StorageFull        no space left (HTTP 507); nothing was lost, nothing half-written is visible
├── StorageUnavailable the folder is missing, read-only or locked for too long (HTTP 503)
└── StorageDamaged     a file or row is not what its checksum says
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.web.problem import Failure, Problem

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SQLITE_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
_SQLITE_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


_KEPT = (
    "Nothing of this request was kept, and nothing kept before is lost. Try again later.",
    "Inget av begäran har sparats, och inget som sparats tidigare är förlorat. Försök igen senare.",
)


class StorageError(Failure):
    """The state cannot be used as asked; the folder's path, in the message, is for the log alone."""

    slug = "storage-unavailable"

    def problem(self) -> Problem:
        """503, or 507 when there is no space."""
        return Problem(self.slug, *_KEPT, headers={"Retry-After": "60"})


class StorageFull(StorageError):  # noqa: N818 - named for what happened, like the server's other problems
    """There is no space left."""

    slug = "insufficient-storage"


class StorageUnavailable(StorageError):  # noqa: N818
    """The state cannot be read or written now."""


class StorageDamaged(StorageError):  # noqa: N818
    """What is stored is not what was stored."""

    def problem(self) -> Problem:
        """500: nothing that the client can do mends it."""
        return Failure.problem(self)


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turn what the operating system and SQLite raise into the tree above."""
    try:
        yield
    except OSError as error:
        raise _from_os(error, folder) from error
    except sqlite3.DatabaseError as error:
        raise _from_sqlite(error, folder) from error


def _from_os(error: OSError, folder: Path) -> StorageError:
    if error.errno in _FULL:
        return StorageFull(f"There is no space left for {folder}. Nothing was stored; free some space and try again.")
    return StorageUnavailable(f"{folder} cannot be used: {error.strerror or error}.")


def _from_sqlite(error: sqlite3.DatabaseError, folder: Path) -> Exception:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code in _SQLITE_FULL:
        return StorageFull(f"There is no space left for {folder}. Nothing was stored; free some space and try again.")
    if code & 0xFF in _SQLITE_DAMAGED:
        return StorageDamaged(f"The database in {folder} is damaged ({error}). Restore a backup.")
    if isinstance(error, sqlite3.OperationalError):
        return StorageUnavailable(f"{folder} cannot be used: {error}.")
    return error
