"""Answers to HTTP/1.0, which knows no chunks: a body of unknown length ends with its connection (RFC 9112, 6.3)."""

from __future__ import annotations

import socket
import struct

from uvicorn._types import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time


class Unchunked:
    """An application for the one request of a cycle: no chunks, and the connection is reset if the answer breaks off.

    The reset is what tells the client: an end like any other would pass for the end of the answer.
    """

    def __init__(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """The connection ends with this answer."""
        self._cycle, self._app = cycle, app
        self._measured = False  # whether the answer's length is in its head
        cycle.keep_alive = False

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, _send: ASGISendCallable) -> None:
        """Answer the request."""
        cycle = self._cycle
        try:
            await self._app(scope, receive, self._send)
        finally:
            if cycle.response_started and not cycle.response_complete and not cycle.disconnected:
                sock = cycle.transport.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                cycle.transport.abort()

    async def _send(self, message: ASGISendEvent) -> None:
        """Have the library, which knows chunks or a length, take each part for all that there is."""
        if message["type"] == "http.response.start":
            self._measured = any(name.lower() == b"content-length" for name, _ in message.get("headers", ()))
            self._cycle.chunked_encoding = None if self._measured else False
        elif message["type"] == "http.response.body" and not self._measured:
            self._cycle.expected_content_length = len(message.get("body", b""))
        await self._cycle.send(message)
