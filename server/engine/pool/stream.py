"""The stream of one answer from one worker: what is sent, and what each frame that comes back means."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import NoReturn

from server.engine.interface import (
    Broken,
    Crashed,
    EngineError,
    NotBegun,
    OutOfMemory,
    QueryFailed,
    QuerySyntax,
    TimedOut,
)
from server.engine.pool import frames as frame
from server.engine.pool.frames import Frame, Kind
from server.engine.pool.pool import WorkerPool
from server.engine.pool.worker_handle import Death, WorkerHandle

SLACK = 0.5  # seconds after which we no longer rely on the kernel to have ended a worker at its deadline


class Stream:
    """Iterates over an answer's bytes; the worker is given back at the last one, and killed when closed before."""

    def __init__(self, pool: WorkerPool, handle: WorkerHandle, deadline: float) -> None:
        """`handle` is checked out from `pool`; `deadline` is a time.monotonic()."""
        self._pool, self._handle, self._deadline = pool, handle, deadline
        self._begun = self._done = self._given_up = False
        self._first: bytes | bytearray | None = None
        self._using = threading.Lock()  # the connection: close() may come from another thread

    def begin(self, message: Mapping[str, object]) -> None:
        """Send what is to be done, and wait for the first bytes; raises what became of it otherwise."""
        try:
            with self._using:
                self._handle.connection.settimeout(None)
                frame.send_json(self._handle.connection, Kind.QUERY, {**message, "seconds": self._left()})
        except OSError:
            self._fail_dead()
        self._first = self._next_payload()
        self._begun = True

    def _waiting(self) -> bytes | bytearray | None:
        """The bytes that came with the beginning, once."""
        payload, self._first = self._first, None
        return payload

    def __iter__(self) -> Stream:
        """Itself."""
        return self

    def __next__(self) -> bytes:
        """The next bytes, never empty ones; Broken when there should be more and there are not."""
        payload = self._waiting()
        if not payload and not self._done:
            payload = self._next_payload()
        if payload:
            return bytes(payload)
        self._end()
        raise StopIteration

    def close(self) -> None:
        """Give the rest up; the worker is killed if it has not sent its last bytes."""
        if self._waiting():
            self._given_up = True
        if not self._done:
            self._give_up()

    def _give_up(self) -> None:
        """Wake a thread that reads, and close the connection when it has let go of it."""
        self._done = self._given_up = True
        self._pool.discard(self._handle)
        with self._using:
            self._handle.connection.close()

    def __del__(self) -> None:
        """An answer that nobody closed."""
        self.close()

    def _next_payload(self) -> bytes | bytearray:
        received = self._receive()
        if received is None:
            self._fail_dead()
        return self._accept(received)

    def _receive(self) -> Frame | None:
        """The next frame; None when the worker is dead, or had to be killed."""
        connection = self._handle.connection
        try:
            with self._using:
                connection.settimeout(self._left() + SLACK)
                return frame.receive(connection)
        except TimeoutError:
            self._give_up()
            self._too_late()
        except OSError:  # Closed by another thread.
            return None

    def _fail_dead(self) -> NoReturn:
        self._bury(Death("closed") if self._done else self._handle.cause_of_death())

    def _left(self) -> float:
        return max(self._deadline - time.monotonic(), 0)

    def _accept(self, received: Frame) -> bytes | bytearray:
        """The bytes of a frame; the worker is given back with the last one, and when there will be none."""
        if received.kind is Kind.DATA:
            return received.payload
        self._done = True
        self._pool.give_back(self._handle, leaving=received.kind is Kind.LEAVING)
        if received.kind in (Kind.LAST, Kind.LEAVING):
            return received.payload
        self._fail(received)

    def _end(self) -> None:
        """Raise Broken when the answer was given up, so that the end of the bytes is not taken for the answer's own."""
        if self._given_up:
            raise Broken("The answer was given up before its end.")

    def _fail(self, received: Frame) -> NoReturn:
        if received.kind is Kind.SYNTAX:
            said = received.json()
            raise QuerySyntax(said["message"], said["line"], said["column"])
        self._raise(QueryFailed(received.payload.decode()))

    def _bury(self, death: Death) -> NoReturn:
        """Raise the error that the worker's death is for the query."""
        self._done = True
        self._pool.give_back(self._handle, leaving=True)
        if not self._begun and not death.busy and death.reason in ("crash", "retired"):
            raise NotBegun("The worker was dead before it began the query.")
        self._raise(_error_of(death))

    def _too_late(self) -> NoReturn:
        self._raise(TimedOut("The query did not end at its deadline and was stopped."))

    def _raise(self, error: EngineError) -> NoReturn:
        """Raise the error before the first byte was read, Broken after it."""
        if self._begun:
            raise Broken(f"The answer was cut off. {error}") from error
        raise error


def _error_of(death: Death) -> EngineError:
    if death.reason == "deadline":
        return TimedOut("The query did not end before its deadline.")
    if death.reason == "memory":
        return OutOfMemory("The query needed more memory than the queries of one client may have together.")
    if death.reason == "closed":
        return Crashed("The query was stopped.")
    return Crashed(f"The query worker ended unexpectedly: {death.detail or death.reason}. It was replaced.")
