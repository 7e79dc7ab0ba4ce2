"""Room for new clients: when connections run out, the idle ones of whoever has most are closed.

The HTTP server bounds how many connections are open, not how many one client holds. Which ones are idle is known here:
those on which no request is being answered, such as kept ones and those whose head does not come.
"""

from __future__ import annotations

import heapq
import logging
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from server.web.admission import client_key
from server.web.asgi.environ import Receive, Scope, Send

Peer = tuple[str, int]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
_EVERY = 0.2  # seconds between two looks
_FULL, _ROOM = 0.75, 0.5  # shares of all connections: from where some are closed, and how many are left then
_log = logging.getLogger("registergraf")


class Connections:
    """Passes requests on to an ASGI application, and closes idle connections to this server's `port` when there are
    more than three quarters of `most`, until half of `most` are left.
    """

    def __init__(self, application: Asgi, port: int, most: int, closed: Callable[[], object]) -> None:
        """`closed` is called for each that is closed; nothing is looked at before start()."""
        self._application, self._port, self._most, self._closed = application, port, most, closed
        self._asking: set[Peer] = set()
        self._stopped = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered, and its connection left alone meanwhile."""
        peer = tuple(scope.get("client") or ("", 0))
        self._asking.add(peer)
        try:
            await self._application(scope, receive, send)
        finally:
            self._asking.discard(peer)

    def start(self) -> None:
        """Look again and again on a thread, until stop()."""
        threading.Thread(target=self._run, name="connections", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def look(self) -> int:
        """Close idle connections if there are too many; how many were closed."""
        if len(os.listdir("/proc/self/fd")) <= self._most * _FULL:  # each connection is one
            return 0
        held = self._held()
        surplus = sum(map(len, held.values())) - int(self._most * _ROOM)
        return sum(self._close(*one) for one in _of_those_with_most(held, surplus))

    def _held(self) -> dict[str, list[tuple[int, Peer]]]:
        """The idle connections of each client: descriptor and peer, each once though it has a second descriptor."""
        found = {_peer(int(name), self._port): int(name) for name in os.listdir("/proc/self/fd")}
        held: dict[str, list[tuple[int, Peer]]] = {}
        for peer, descriptor in found.items():
            if peer is not None and peer not in self._asking:
                held.setdefault(client_key(peer[0]), []).append((descriptor, peer))
        return held

    def _close(self, descriptor: int, peer: Peer) -> bool:
        """Shut a connection, if the descriptor is still its; the HTTP server then ends it as if the client had left."""
        with suppress(OSError), _shared(descriptor) as own:
            if own.getpeername()[:2] == peer and peer not in self._asking:
                own.shutdown(socket.SHUT_RDWR)
                self._closed()
                return True
        return False

    def _run(self) -> None:
        try:
            while not self._stopped.wait(_EVERY):
                if closed := self.look():
                    _log.warning("%d idle connections were closed to make room for others", closed)
        except OSError as error:  # no /proc: as many are open as the HTTP server lets in
            _log.warning("idle connections are not closed early: %s", error)


def _peer(descriptor: int, port: int) -> Peer | None:
    """Who is at the other end of a connection to a port of ours; None when the descriptor is none."""
    with suppress(OSError), _shared(descriptor) as own:
        here, there = own.getsockname(), own.getpeername()
        if isinstance(there, tuple) and here[1] == port:
            return there[:2]
    return None


@contextmanager
def _shared(descriptor: int) -> Iterator[socket.socket]:
    """A socket by another descriptor, which is closed in the end; OSError when there is no socket."""
    number = os.dup(descriptor)
    try:
        own = socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=number)
    except OSError:
        os.close(number)
        raise
    with own:
        yield own


def _of_those_with_most(held: dict[str, list[tuple[int, Peer]]], number: int) -> Iterator[tuple[int, Peer]]:
    """So many, each of the client who has most by then."""
    heap = [(-len(own), client) for client, own in held.items()]
    heapq.heapify(heap)
    while number > 0 and heap and heap[0][0]:
        has, client = heap[0]
        yield held[client].pop()
        heapq.heapreplace(heap, (has + 1, client))
        number -= 1
