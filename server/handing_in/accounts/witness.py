"""The witness of the audit log: a text file with the number and the hash of every entry, one a line, only added to."""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from server.handing_in.accounts.audit import entries, head
from server.handing_in.state.errors import StorageError, storage_errors

NAME = "audit.witness"
_log = logging.getLogger("registergraf")


class Witness:
    """Writes down what the database has committed; a line that could not be written is written by the next entry."""

    def __init__(self, file: Path) -> None:
        """Nothing is opened yet."""
        self.file = file

    def follow(self, connection: sqlite3.Connection) -> None:
        """Bring the file up to the log. The log is what counts: a failure here is reported, not raised."""
        try:
            with storage_errors(self.file.parent):
                self._append(connection)
        except StorageError as error:
            _log.error("audit witness is behind: %s", error)

    def missing(self, connection: sqlite3.Connection) -> int:
        """How many entries at the end of the log the file does not have yet."""
        last = head(connection)
        return (last.seq if last else 0) - max((seq for seq, _ in self._lines()), default=0)

    def contradictions(self, connection: sqlite3.Connection) -> Iterator[str]:
        """Where the log is not what the file says that it was."""
        known = {entry.seq: entry.hash for entry in entries(connection)}
        for seq, digest in self._lines():
            if seq not in known:
                yield f"Entry {seq} was removed: {self.file} has it."
            elif known[seq] != digest:
                yield f"Entry {seq} was replaced: {self.file} has another hash."

    def _append(self, connection: sqlite3.Connection) -> None:
        handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            _drop_torn_line(handle)
            lines = "".join(f"{entry.seq} {entry.hash}\n" for entry in entries(connection, _last(handle)))
            if lines:
                os.write(handle, lines.encode())
                os.fsync(handle)
        finally:
            os.close(handle)

    def _lines(self) -> Iterator[tuple[int, str]]:
        if not self.file.is_file():
            return
        with self.file.open("rb") as file:
            for line in file:
                number, _, digest = line.decode("ascii", "replace").partition(" ")
                if line.endswith(b"\n") and number.isdecimal():
                    yield int(number), digest.strip()


def _drop_torn_line(handle: int) -> None:
    """Cut off what a killed process wrote of a line."""
    size, tail = os.fstat(handle).st_size, _tail(handle)
    kept = tail.rfind(b"\n") + 1
    if kept < len(tail):
        os.ftruncate(handle, size - len(tail) + kept)


def _last(handle: int) -> int:
    """The number on the last line; 0 when there is none."""
    lines = _tail(handle).splitlines()
    number = lines[-1].split(b" ")[0] if lines else b""
    return int(number) if number.isdigit() else 0


def _tail(handle: int) -> bytes:
    """The end of the file, longer than any two lines."""
    return os.pread(handle, 400, max(0, os.fstat(handle).st_size - 400))
