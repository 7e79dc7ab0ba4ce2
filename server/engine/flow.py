"""The flow of one answer from one worker, read on the event loop: no thread stands between the worker and the client.

Only for a worker that is free now; to wait in line for one is a thread's work (Brood.check_out).
"""

from __future__ import annotations

import asyncio
from typing import NoReturn

from server.engine import frame
from server.engine.brood import Brood
from server.engine.exchange import Exchange
from server.engine.frame import Frame, Incoming, Kind
from server.engine.hand import Death, Hand
from server.engine.interface import QueryRequest


class Flow(Exchange):
    """Iterates over an answer's bytes as server.engine.stream.Stream does; every method is the event loop's."""

    def __init__(self, brood: Brood, hand: Hand, deadline: float) -> None:
        """`hand` is checked out from `brood`; `deadline` is a time.monotonic()."""
        super().__init__(brood, hand, deadline)
        self._incoming = Incoming(hand.connection)
        self._reading = False

    async def begin(self, request: QueryRequest) -> None:
        """Send the query and wait for the first bytes; raises what became of it otherwise.

        The query must be so short that the socket takes it at once: its worker is free and its buffer empty.
        """
        try:
            self._hand.connection.setblocking(False)
            frame.send_json(self._hand.connection, Kind.QUERY, self._message(request))
        except OSError:
            await self._fail_dead()
        self._first = await self._next_payload()
        self._begun = True

    def __aiter__(self) -> Flow:
        """Itself."""
        return self

    async def __anext__(self) -> bytes:
        """The next bytes, never empty ones; Broken when there should be more and there are not."""
        payload = self._waiting()
        if not payload and not self._done:
            payload = await self._next_payload()
        if payload:
            return bytes(payload)
        self._end()
        raise StopAsyncIteration

    def close(self) -> None:
        """Give the rest up; the worker is killed if it has not sent its last bytes."""
        if self._waiting():
            self._given_up = True
        if not self._done:
            self._done = self._given_up = True
            self._brood.discard(self._hand)
            self._let_go()

    def __del__(self) -> None:
        """An answer that nobody closed."""
        self.close()

    async def _next_payload(self) -> bytes | bytearray:
        received = await self._receive()
        if received is None:
            await self._fail_dead()
        return self._accept(received)

    async def _receive(self) -> Frame | None:
        """The next frame; None when the worker is dead, or had to be killed."""
        self._reading = True
        try:
            async with asyncio.timeout(self._patience()):
                return await self._incoming.receive()
        except TimeoutError:
            self.close()
            self._too_late()
        finally:
            self._reading = False
            self._let_go()

    def _let_go(self) -> None:
        """Close the connection of an answer that was given up, once nothing reads from it."""
        if self._given_up and not self._reading:
            self._hand.connection.close()

    async def _fail_dead(self) -> NoReturn:
        self._bury(Death("closed") if self._done else await asyncio.to_thread(self._hand.autopsy))
