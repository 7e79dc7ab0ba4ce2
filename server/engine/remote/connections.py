"""HTTP connections to one SPARQL endpoint: kept alive between queries, one query on each at a time."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from server.engine.caller import Caller
from server.engine.interface import Busy

KEPT = 16
# What a server does to a connection that it has closed while it was kept.
STALE = (ConnectionResetError, BrokenPipeError, http.client.RemoteDisconnected)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an endpoint is. `credentials` is the value of an Authorization header, and is never shown."""

    scheme: str
    host: str
    port: int | None
    target: str
    credentials: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """The endpoint's URL without credentials."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{f':{self.port}' if self.port else ''}{self.target}"


def parse_endpoint(url: str) -> Endpoint:
    """Read an http(s) URL, which may hold a user and password; ValueError when it is none.

    >>> str(parse_endpoint("http://user:secret@localhost:7878/query"))
    'http://localhost:7878/query'
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
        raise ValueError("An engine's URL must be http://HOST[:PORT]/PATH or https://HOST[:PORT]/PATH.")
    credentials = None
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        credentials = "Basic " + base64.b64encode(pair.encode()).decode()
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(parts.scheme, parts.hostname, parts.port, target, credentials)


class Connections:
    """At most `limit` connections at once, `share` of them for one client; the rest is refused as Busy."""

    def __init__(self, endpoint: Endpoint, limit: int, share: int) -> None:
        """Connects when first asked."""
        self.endpoint, self.limit, self._share = endpoint, limit, share
        self._idle: list[http.client.HTTPConnection] = []
        self._taken: dict[http.client.HTTPConnection, Caller] = {}
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """Queries that run now."""
        return len(self._taken)

    def post(
        self, body: bytes, headers: dict[str, str], deadline: float, caller: Caller
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """Send a query and wait for the head of its answer; whoever gets the connection releases it.

        Raises what http.client does. A kept connection may have been closed by the server meanwhile: the query is
        then sent once more on a new one. When the caller leaves, the connection is shut.
        """
        connection = self._take(caller)
        kept = connection.sock is not None
        caller.on_leaving(lambda: self._shut(connection, caller))
        try:
            try:
                return connection, self._exchange(connection, body, headers, deadline)
            except STALE:
                connection.close()
                if not kept or caller.left:
                    raise
            return connection, self._exchange(connection, body, headers, deadline)
        except BaseException:
            self.release(connection, reusable=False)
            raise

    def release(self, connection: http.client.HTTPConnection, *, reusable: bool) -> None:
        """The query on this connection has ended; reusable when its answer was read to the end."""
        with self._lock:
            del self._taken[connection]
            if reusable and len(self._idle) < KEPT:
                self._idle.append(connection)
                return
        connection.close()

    def _shut(self, connection: http.client.HTTPConnection, caller: Caller) -> None:
        """Wake who reads from it; not when it has become another caller's."""
        with self._lock:
            sock = connection.sock
            if self._taken.get(connection) is caller and sock is not None:
                with contextlib.suppress(OSError):  # The endpoint was faster.
                    sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close what is kept."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self, caller: Caller) -> http.client.HTTPConnection:
        with self._lock:
            if len(self._taken) >= self.limit:
                raise Busy(f"{self.limit} queries are running on the endpoint already.")
            if caller.key and sum(one.key == caller.key for one in self._taken.values()) >= self._share:
                raise Busy(f"{self._share} queries of this client are running on the endpoint already.")
            connection = self._idle.pop() if self._idle else self._connect()
            self._taken[connection] = caller
            return connection

    def _connect(self) -> http.client.HTTPConnection:
        secure = self.endpoint.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        return kind(self.endpoint.host, self.endpoint.port)

    def _exchange(
        self, connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str], deadline: float
    ) -> http.client.HTTPResponse:
        connection.timeout = max(deadline - time.monotonic(), 0.001)
        if connection.sock is not None:
            connection.sock.settimeout(connection.timeout)
        if self.endpoint.credentials:
            headers = headers | {"Authorization": self.endpoint.credentials}
        connection.request("POST", self.endpoint.target, body, headers)
        if connection.sock is not None:
            connection.sock.settimeout(max(deadline - time.monotonic(), 0.001))
        return connection.getresponse()
