"""Ending a process at a named point of what it writes: nothing after that point runs, and nothing is cleaned up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from server.handing_in.state import blobs
from server.handing_in.state.database import Database

POINTS = ("before-file", "half-file", "unnamed-file", "statement", "before-commit", "after-commit")
"""Before the n-th kept file, in the midst of it, before it has its name; at the n-th statement; around the commit."""


class Killed(BaseException):
    """The process ended here."""


@contextmanager
def maybe_killed(at: tuple[str, int]) -> Iterator[None]:
    """Within, the process ends at the point `at`: its name (none when empty), and which time it is reached."""
    point, number = at
    with ExitStack() as patches:
        if point.endswith("file"):
            patches.enter_context(patch.object(blobs, "_write", _dying_file(point, number)))
        elif point:
            patches.enter_context(patch.object(Database, "writing", _dying_transaction(point, number)))
        yield


def _dying_file(point: str, number: int) -> Any:
    written, left = blobs._write, [number]

    def write(target: Path, data: bytes) -> None:
        left[0] -= 1
        if left[0]:
            written(target, data)
            return
        if point != "before-file":
            size = len(data) // 2 if point == "half-file" else len(data)
            (target.parent / f".unfinished-{number}").write_bytes(data[:size])
        raise Killed

    return write


class _Counting:
    """A connection that ends the process at one of its statements."""

    def __init__(self, connection: sqlite3.Connection, left: int) -> None:
        self._connection, self._left = connection, left

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        self._step()
        return self._connection.execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        self._step()
        return self._connection.executemany(*arguments)

    def _step(self) -> None:
        self._left -= 1
        if not self._left:
            raise Killed


def _dying_transaction(point: str, number: int) -> Any:
    @contextmanager
    def writing(self: Database) -> Iterator[Any]:
        with closing(self._open_to_write()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield _Counting(connection, number) if point == "statement" else connection
                if point == "before-commit":
                    raise Killed
            except BaseException:
                connection.execute("ROLLBACK")  # as the kernel leaves it: open cursors would hold the lock
                raise
            connection.execute("COMMIT")
            if point == "after-commit":  # neither the witness nor the sender hears of it
                raise Killed
            self._committed(connection)

    return writing
