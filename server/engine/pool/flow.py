"""The flow of one answer from one worker, read on the event loop: no thread stands between the worker and the client.

Only for a worker that is free now; to wait in line for one is a thread's work (Brood.check_out).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import NoReturn

from server.engine.interface import Left, QueryRequest
from server.engine.pool import frames as frame
from server.engine.pool.exchange import Exchange
from server.engine.pool.frames import Frame, Incoming, Kind
from server.engine.pool.pool import Brood
from server.engine.pool.worker_handle import Death, Hand


class Flow(Exchange):
    """Iterates over an answer's bytes as server.engine.stream.Stream does; every method is the event loop's.

    It is to be closed, or holds its worker until the deadline.

    The query is sent at once, and what became of it is raised where its first bytes are awaited: until then there is
    time for other work.
    """

    def __init__(self, brood: Brood, hand: Hand, request: QueryRequest) -> None:
        """`hand` is checked out from `brood`.

        The query must be so short that the socket takes it at once: its worker is free and its buffer empty.
        """
        super().__init__(brood, hand, time.monotonic() + request.timeout)
        self._caller = request.caller
        self._incoming = Incoming(hand.connection)
        self._reading = self._late = False
        self._timer = asyncio.get_running_loop().call_later(self._patience(), self._expire)
        self._caller.on_leaving(self.close)
        with contextlib.suppress(OSError):  # Whoever reads sees that the worker is dead.
            hand.connection.setblocking(False)
            frame.send_json(hand.connection, Kind.QUERY, self._message(request))

    def __aiter__(self) -> Flow:
        """Itself."""
        return self

    async def __anext__(self) -> bytes:
        """The next bytes, never empty ones; Broken when there should be more and there are not.

        The first ones may raise any EngineError instead.
        """
        payload = None if self._done else await self._next_payload()
        if payload:
            return bytes(payload)
        self._end()
        raise StopAsyncIteration

    def close(self) -> None:
        """Give the rest up; the worker is killed if it has not sent its last bytes."""
        self._timer.cancel()
        if not self._done:
            self._done = self._given_up = True
            self._brood.discard(self._hand)
            self._let_go()

    async def _next_payload(self) -> bytes | bytearray:
        received = await self._receive()
        if received is None:
            await self._fail_dead()
        payload = self._accept(received)
        self._begun = True
        if self._done:
            self._timer.cancel()
        return payload

    async def _receive(self) -> Frame | None:
        """The next frame; None when the worker is dead, or had to be killed."""
        self._reading = True
        try:
            return await self._incoming.receive()
        finally:
            self._reading = False
            self._let_go()

    def _expire(self) -> None:
        self._late = True
        self.close()

    def _let_go(self) -> None:
        """Close the connection of an answer that was given up, once nothing reads from it."""
        if self._given_up and not self._reading:
            self._hand.connection.close()

    async def _fail_dead(self) -> NoReturn:
        self._timer.cancel()
        if self._late:
            self._too_late()
        if self._caller.left and not self._begun:
            raise Left("The client left before the answer began.")
        self._bury(Death("closed") if self._done else await asyncio.to_thread(self._hand.autopsy))
