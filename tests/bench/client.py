"""A keep-alive HTTP client that takes times: first byte, whole answer.

It reads answers by a parser in C: http.client takes some 15 µs for each header, which would count against whoever sends
more of them.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import httptools

JSON = "application/sparql-results+json"
PIECE = 1 << 18


class NoAnswer(Exception):  # noqa: N818 - says what happened
    """The server gave an error, or cut its answer; `status` is 0 when the connection broke."""

    def __init__(self, status: int, text: str) -> None:
        """Keep the status beside the text."""
        super().__init__(f"{status}: {text[:200]}")
        self.status = status
        self.text = text


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds from the request's first byte to the answer's first and last byte of body; its bytes."""

    first: float
    whole: float
    body: bytes


@dataclass(slots=True)
class _Reading:
    """What the parser tells of one answer."""

    parts: list[bytes] = field(default_factory=list)
    first: float = 0.0
    done: bool = False

    def on_body(self, part: bytes) -> None:
        self.first = self.first or time.perf_counter()
        self.parts.append(part)

    def on_message_complete(self) -> None:
        self.done = True


class Client:
    """One connection to one SPARQL endpoint, opened anew when the server closes it."""

    def __init__(self, endpoint: str, timeout: float = 120.0) -> None:
        """`endpoint` is the URL to which `?query=` is added; `timeout` is in seconds without a byte."""
        parts = urlsplit(endpoint)
        self._path = parts.path
        self._place = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._timeout = timeout
        self._socket: socket.socket | None = None

    def ask(self, query: str, *, accept: str = JSON, extra: str = "") -> Taken:
        """Send a query and read its answer; NoAnswer when it is not 200 or is cut off."""
        lines = (
            f"GET {self._path}?query={quote(query)}{extra} HTTP/1.1",
            "Host: {}:{}".format(*self._place),
            f"Accept: {accept}",
        )
        request = "".join(f"{line}\r\n" for line in (*lines, "")).encode()
        began = time.perf_counter()
        try:
            status, reading = self._exchange(request)
        except (OSError, httptools.HttpParserError) as error:
            self.close()
            raise NoAnswer(0, f"{type(error).__name__} {error}") from error
        whole = time.perf_counter() - began
        body = b"".join(reading.parts)
        if status != 200:
            raise NoAnswer(status, body.decode("utf-8", "replace"))
        return Taken((reading.first or began + whole) - began, whole, body)

    def _exchange(self, request: bytes) -> tuple[int, _Reading]:
        if self._socket is None:
            self._socket = socket.create_connection(self._place, self._timeout)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reading = _Reading()
        parser = httptools.HttpResponseParser(reading)
        self._socket.sendall(request)
        while not reading.done:
            data = self._socket.recv(PIECE)
            if not data:
                raise ConnectionError("The answer was cut off.")
            parser.feed_data(data)
        if not parser.should_keep_alive():
            self.close()
        return parser.get_status_code(), reading

    def close(self) -> None:
        """Close the connection; the next question opens it again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
