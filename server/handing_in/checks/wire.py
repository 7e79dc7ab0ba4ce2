"""What the web process asks of a check, and what comes back: a JSON header and bytes, each with its length in front."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

_LENGTH = struct.Struct("!Q")
_CHUNK = 1 << 20


def send(connection: socket.socket, header: dict[str, Any], parts: Sequence[bytes] = ()) -> None:
    """One message."""
    head = json.dumps({**header, "parts": [len(part) for part in parts]}).encode()
    connection.sendall(_LENGTH.pack(len(head)) + head)
    for part in parts:
        connection.sendall(part)


def receive(connection: socket.socket, most: int) -> tuple[dict[str, Any], list[bytes]] | None:
    """One message; None when the other end closes first. ValueError when it is larger than `most` bytes."""
    raw = _exactly(connection, _LENGTH.size)
    if raw is None:
        return None
    (length,) = _LENGTH.unpack(raw)
    if length > most:
        raise ValueError("The message is too large.")
    head = _exactly(connection, length)
    if head is None:
        return None
    header = json.loads(head)
    if sum(header["parts"]) > most:
        raise ValueError("The message is too large.")
    parts = [_exactly(connection, size) for size in header["parts"]]
    whole = [part for part in parts if part is not None]
    return (header, whole) if len(whole) == len(parts) else None


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        chunk = connection.recv(min(size - len(data), _CHUNK))
        if not chunk:
            return None
        data += chunk
    return bytes(data)
