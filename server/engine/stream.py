"""The stream of one answer from one worker."""

from __future__ import annotations

import threading
import time
from typing import NoReturn

from server.engine import frame
from server.engine.brood import Brood
from server.engine.frame import Frame, Kind
from server.engine.hand import Death, Hand
from server.engine.interface import (
    Broken,
    Crashed,
    EngineError,
    OutOfMemory,
    QueryFailed,
    QueryRequest,
    QuerySyntax,
    TimedOut,
)

SLACK = 0.5  # seconds after which we no longer rely on the kernel to have ended a worker at its deadline


class UnusedWorkerDied(Exception):  # noqa: N818 - not an error: the query has not run and may be given to another.
    """The worker was dead before it began the query."""


class Stream:
    """Iterates over an answer's bytes; the worker is given back at the last one, and killed when closed before."""

    def __init__(self, brood: Brood, hand: Hand, deadline: float) -> None:
        """`hand` is checked out from `brood`; `deadline` is a time.monotonic()."""
        self._brood, self._hand, self._deadline = brood, hand, deadline
        self._first: bytes | bytearray | None = None
        self._begun = self._done = self._given_up = False
        self._using = threading.Lock()  # the connection: close() may come from another thread

    def begin(self, request: QueryRequest) -> None:
        """Send the query and wait for the first bytes; raises what became of it otherwise."""
        try:
            with self._using:
                frame.send_json(self._hand.connection, Kind.QUERY, self._message(request))
        except OSError:
            self._fail_dead()
        self._first = self._next_payload()
        self._begun = True

    def _message(self, request: QueryRequest) -> dict[str, object]:
        return {
            "text": request.text,
            "media_type": request.media_type,
            "seconds": self._deadline - time.monotonic(),
            "default_graphs": request.default_graphs,
            "named_graphs": request.named_graphs,
        }

    def __iter__(self) -> Stream:
        """Itself."""
        return self

    def __next__(self) -> bytes:
        """The next bytes, never empty ones; Broken when there should be more and there are not."""
        payload, self._first = self._first, None
        if not payload and not self._done:
            payload = self._next_payload()
        if payload:
            return bytes(payload)
        if self._given_up:  # No end that could be taken for the answer's own.
            raise Broken("The answer was given up before its end.")
        raise StopIteration

    def close(self) -> None:
        """Give the rest up; the worker is killed if it has not sent its last bytes."""
        if self._first:
            self._given_up, self._first = True, None
        if not self._done:
            self._give_up()

    def _give_up(self) -> None:
        """Wake a thread that reads, and close the connection when it has let go of it."""
        self._done = self._given_up = True
        self._brood.discard(self._hand)
        with self._using:
            self._hand.connection.close()

    def __del__(self) -> None:
        """An answer that nobody closed."""
        self.close()

    def _next_payload(self) -> bytes | bytearray:
        received = self._receive()
        if received is None:
            self._fail_dead()
        if received.kind is Kind.DATA:
            return received.payload
        self._done = True
        self._brood.give_back(self._hand, leaving=received.kind is Kind.LEAVING)
        if received.kind in (Kind.LAST, Kind.LEAVING):
            return received.payload
        self._fail(received)

    def _receive(self) -> Frame | None:
        """The next frame; None when the worker is dead, or had to be killed."""
        connection = self._hand.connection
        try:
            with self._using:
                connection.settimeout(max(self._deadline - time.monotonic(), 0) + SLACK)
                return frame.receive(connection)
        except TimeoutError:
            self._give_up()
            self._raise(TimedOut("The query did not end at its deadline and was stopped."))
        except OSError:  # Closed by another thread.
            return None

    def _fail(self, received: Frame) -> NoReturn:
        if received.kind is Kind.SYNTAX:
            said = received.json()
            raise QuerySyntax(said["message"], said["line"], said["column"])
        self._raise(QueryFailed(received.payload.decode()))

    def _fail_dead(self) -> NoReturn:
        was_closed, self._done = self._done, True
        death = Death("closed") if was_closed else self._hand.autopsy()
        self._brood.give_back(self._hand, leaving=True)
        if not self._begun and not death.busy and death.reason in ("crash", "retired"):
            raise UnusedWorkerDied
        self._raise(_error_of(death))

    def _raise(self, error: EngineError) -> NoReturn:
        """An error as it is before the first byte, Broken after it."""
        if self._begun:
            raise Broken(f"The answer was cut off. {error}") from error
        raise error


def _error_of(death: Death) -> EngineError:
    if death.reason == "deadline":
        return TimedOut("The query did not end before its deadline.")
    if death.reason == "memory":
        return OutOfMemory("The query needed more memory than one query may have.")
    if death.reason == "closed":
        return Crashed("The query was stopped.")
    return Crashed(f"The query worker ended unexpectedly: {death.detail or death.reason}. It was replaced.")
