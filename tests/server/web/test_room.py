"""Idle connections of one client make room for others; what is asking is left alone, and no descriptor is lost."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from server.web.asgi.connections import Connections
from server.web.asgi.environ import Receive, Scope, Send

MOST = 80


@dataclass
class Place:
    """A listening socket and both ends of what has connected to it, by the client's address."""

    listener: socket.socket
    stack: ExitStack
    clients: dict[str, list[socket.socket]] = field(default_factory=dict)
    accepted: list[socket.socket] = field(default_factory=list)

    def connect(self, address: str, number: int) -> None:
        for _ in range(number):
            client = socket.create_connection(self.listener.getsockname(), source_address=(address, 0))
            self.clients.setdefault(address, []).append(self.stack.enter_context(client))
            self.accepted.append(self.stack.enter_context(self.listener.accept()[0]))

    def open(self, address: str) -> int:
        return sum(is_open(client) for client in self.clients[address])


def is_open(client: socket.socket) -> bool:
    try:
        return client.recv(1, socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that says nothing."""


@pytest.fixture
def place() -> Iterator[Place]:
    with ExitStack() as stack:
        yield Place(stack.enter_context(socket.create_server(("127.0.0.1", 0))), stack)


def test_the_idle_ones_of_whoever_has_most_are_closed(place: Place) -> None:
    place.connect("127.0.0.2", 60)
    place.connect("127.0.0.3", 3)
    closed: list[int] = []
    connections = Connections(nothing, place.listener.getsockname()[1], MOST, lambda: closed.append(1))
    before = len(os.listdir("/proc/self/fd"))
    assert connections.look() == 63 - MOST // 2 == len(closed)
    assert place.open("127.0.0.2") == MOST // 2 - 3
    assert place.open("127.0.0.3") == 3
    assert len(os.listdir("/proc/self/fd")) == before


def test_who_asks_is_left_alone(place: Place) -> None:
    place.connect("127.0.0.2", 60)
    peer = place.clients["127.0.0.2"][-1].getsockname()
    place.stack.enter_context(place.accepted[0].dup())  # as another look has one, while it looks
    left = []

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        left.append(connections.look())

    connections = Connections(answer, place.listener.getsockname()[1], 2, lambda: None)
    asyncio.run(connections({"client": peer}, None, None))  # type: ignore[arg-type]  # neither is called
    assert left == [58]
    assert is_open(place.clients["127.0.0.2"][-1])
    connections.look()
    assert not is_open(place.clients["127.0.0.2"][-1])


def test_as_long_as_there_is_room_nobody_is_closed(place: Place) -> None:
    place.connect("127.0.0.2", 60)
    assert Connections(nothing, place.listener.getsockname()[1], 4096, lambda: None).look() == 0
    assert place.open("127.0.0.2") == 60


def test_connections_to_others_are_not_ours_to_close(place: Place) -> None:
    place.connect("127.0.0.2", 60)
    assert Connections(nothing, 1, 2, lambda: None).look() == 0
    assert place.open("127.0.0.2") == 60
