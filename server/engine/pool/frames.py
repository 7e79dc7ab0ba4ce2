"""Frames: the messages between the web process, the fork server and the workers, over stream sockets.

A frame is one byte that says its kind, four bytes of length (big-endian), and the payload.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from dataclasses import dataclass
from enum import Enum
from typing import Any

HEADER = struct.Struct("!cI")
LIMIT = 64 << 20


class Kind(Enum):
    """What a frame is about."""

    QUERY = b"Q"  # web → worker: JSON
    DATA = b"D"  # worker → web: bytes of the answer, more follow
    LAST = b"L"  # worker → web: the last bytes; the worker is free
    LEAVING = b"X"  # worker → web: the last bytes; the worker ends now
    SYNTAX = b"S"  # worker → web: JSON message, line, column; the worker is free
    FAILED = b"F"  # worker → web, or fork server → web: a message in UTF-8
    READY = b"R"  # fork server → web: JSON
    BORN = b"B"  # fork server → web: JSON, followed by one byte that carries the worker's socket
    DIED = b"E"  # fork server → web: JSON
    KILL = b"K"  # web → fork server: JSON
    LOOK = b"W"  # web → fork server: a worker begins to work after all have been idle


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    kind: Kind
    payload: bytes | bytearray

    def json(self) -> Any:
        """The payload, read as JSON."""
        return json.loads(self.payload)


def send(connection: socket.socket, kind: Kind, *parts: bytes) -> None:
    """Send one frame, its payload in a few parts; blocks until the peer has taken it, OSError when it has gone."""
    size = sum(map(len, parts))
    sent = connection.sendmsg([HEADER.pack(kind.value, size), *parts])
    if sent < HEADER.size + size:
        connection.sendall((HEADER.pack(kind.value, size) + b"".join(parts))[sent:])


def send_json(connection: socket.socket, kind: Kind, value: object) -> None:
    """Send one frame that carries JSON."""
    send(connection, kind, json.dumps(value).encode())


def receive(connection: socket.socket) -> Frame | None:
    """The next frame, or None when the peer has gone (also in mid-frame); TimeoutError as the socket is set to."""
    try:
        header = _exactly(connection, HEADER.size)
        if header is None:
            return None
        kind, length = HEADER.unpack(header)
        payload = _exactly(connection, length) if length <= LIMIT else None
    except ConnectionError:
        return None
    return None if payload is None else Frame(Kind(kind), payload)


def _exactly(connection: socket.socket, length: int) -> bytearray | None:
    """`length` bytes, or None at the end of the stream."""
    data = bytearray(length)
    view = memoryview(data)
    while view:
        count = connection.recv_into(view)
        if not count:
            return None
        view = view[count:]
    return data


def send_socket(connection: socket.socket, passed: socket.socket) -> None:
    """Hand a socket over to the peer process."""
    socket.send_fds(connection, [b"\0"], [passed.fileno()])


def receive_socket(connection: socket.socket) -> socket.socket | None:
    """Take the socket that the peer hands over, or None when the peer has gone (with what it had not read, too)."""
    try:
        data, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
    except ConnectionError:
        return None
    if not data or not descriptors:
        return None
    os.set_inheritable(descriptors[0], False)
    return socket.socket(fileno=descriptors[0])
