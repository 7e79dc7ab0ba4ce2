"""The stream of one answer from one worker, read by a thread."""

from __future__ import annotations

import threading
from typing import NoReturn

from server.engine.interface import QueryRequest
from server.engine.pool import frames as frame
from server.engine.pool.exchange import Exchange
from server.engine.pool.frames import Frame, Kind
from server.engine.pool.pool import Brood
from server.engine.pool.worker_handle import Death, Hand


class Stream(Exchange):
    """Iterates over an answer's bytes; the worker is given back at the last one, and killed when closed before."""

    def __init__(self, brood: Brood, hand: Hand, deadline: float) -> None:
        """`hand` is checked out from `brood`; `deadline` is a time.monotonic()."""
        super().__init__(brood, hand, deadline)
        self._first: bytes | bytearray | None = None
        self._using = threading.Lock()  # the connection: close() may come from another thread

    def begin(self, request: QueryRequest) -> None:
        """Send the query and wait for the first bytes; raises what became of it otherwise."""
        try:
            with self._using:
                self._hand.connection.settimeout(None)
                frame.send_json(self._hand.connection, Kind.QUERY, self._message(request))
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
        return self._accept(received)

    def _receive(self) -> Frame | None:
        """The next frame; None when the worker is dead, or had to be killed."""
        connection = self._hand.connection
        try:
            with self._using:
                connection.settimeout(self._patience())
                return frame.receive(connection)
        except TimeoutError:
            self._give_up()
            self._too_late()
        except OSError:  # Closed by another thread.
            return None

    def _fail_dead(self) -> NoReturn:
        self._bury(Death("closed") if self._done else self._hand.autopsy())
