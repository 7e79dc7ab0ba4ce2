"""A client's connection: HTTP as the library reads it, bounded in size and time; hot requests known by their bytes.

What uvicorn's class does well it does here: parsing, pipelining, keep-alive, flow control. Its own refusals are
replaced, for they are plain text without CORS headers; so is its keep-alive timer, which would not see hot requests.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from server.settings import Settings
from server.web.access_log import AccessLog, Entry
from server.web.cache import REQUEST_BYTES, HotCache, Key, Stored
from server.web.problem import Problem
from server.web.unchunked import Unchunked
from server.web.unheard import busy, late, malformed, response_bytes, too_large

WIRING = "registergraf.wiring"  # in the lifespan's state: what connections need

FIELDS_BYTES = 65_536
_MOST_FIELDS = 100
_MOST_PATH = 65_535
_MOST_WAITING = 32
_LONGEST_HOT = 8192
_JOINED_BODY = 16_384
_LINGER = 2.0  # seconds in which a refused client can read why, before what it still sends resets the connection
# With one of these, the same bytes need not mean the same answer, or not only an answer.
_PECULIAR = frozenset({b"if-none-match", b"expect", b"upgrade", b"content-length", b"transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a connection needs of the service."""

    cache: HotCache
    log: AccessLog
    settings: Settings


class Connection(HttpToolsProtocol):
    """Serves hot requests by their bytes, gives all else to the library, and closes what takes too long."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """As uvicorn makes it for a connection that comes in."""
        super().__init__(config, server_state, app_state, _loop)
        wiring: Wiring = app_state[WIRING]
        self._cache, self._log, self._settings = wiring.cache, wiring.log, wiring.settings
        self._most_target = self._settings.body_bytes + FIELDS_BYTES
        self._in_message = self._in_head = self._answered = False
        self._begun = 0  # messages begun in the bytes that are being read
        self._target: list[bytes] = []
        self._target_bytes = self._field_bytes = self._head_bytes = 0
        self._dates: list[tuple[bytes, bytes]] = []
        self._opening = STATUS_LINE[200]
        self._moment = time.perf_counter()  # when the connection, the head or the pause began
        self._stuck = (0, self._moment)  # bytes that wait to be taken, and since when they are as many
        self._watch: asyncio.TimerHandle | None = None
        self._refusal: Problem | None = None
        self._running: RequestResponseCycle | None = None  # uvicorn's `cycle` is the last one that came
        self._told = False

    # --- the connection ---

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection in, or refuse it when there are too many; when even the refused ones are, cut it."""
        super().connection_made(transport)
        most = self._settings.connections
        if len(self.connections) > 2 * most:
            transport.abort()
        elif len(self.connections) > most:
            self._refuse(busy("The server has as many connections as it can take.", "Servern har alla anslutningar."))
        else:
            self._look_in(self._settings.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the request that is being answered, which need not be the last one; let go of the timers."""
        super().connection_lost(exc)
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()
        self._unset_keepalive_if_required()
        if self._watch is not None:
            self._watch.cancel()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app if cycle.scope["http_version"] > "1.0" else Unchunked(cycle, app))

    def data_received(self, data: bytes) -> None:
        """Answer a request that is known by its bytes, or have the bytes read."""
        if len(data) <= _LONGEST_HOT and self._is_idle() and data.startswith(b"GET "):
            begun = time.perf_counter()
            found = self._cache.by_head(data)
            if found is not None:
                self._answer(*found, begun)
                return
        if self._refusal is None:
            self._read(data)
        elif not self._told:
            self.transport.pause_reading()  # Until it is, when the rest is read to no purpose but to see the end.

    def _is_idle(self) -> bool:
        """Whether the next bytes are the beginning of a request, and nothing is to be sent before its answer."""
        return not (
            self._in_message
            or (self.cycle is not None and not self.cycle.response_complete)
            or self.flow.write_paused
            or self._refusal is not None
            or self.transport.is_closing()
        )

    def _answer(self, key: Key, stored: Stored, begun: float) -> None:
        """Send a kept answer as the library would."""
        self.server_state.total_requests += 1
        self._moment, self._answered = begun, True
        if self._dates is not self.server_state.default_headers:  # made anew each second
            self._dates = self.server_state.default_headers
            self._opening = b"".join((STATUS_LINE[200], *(b"%b: %b\r\n" % item for item in self._dates)))
        head = self._opening + stored.block
        if len(stored.body) <= _JOINED_BODY:
            self.transport.write(head + stored.body)
        else:
            self.transport.writelines((head, stored.body))
        scope = {"client": self.client, "method": "GET", "path": key[1]}
        self._log.write(Entry(scope, 200, len(stored.body), begun, stored.query_hash, "hit"))

    # --- reading ---

    def _read(self, data: bytes) -> None:
        """Have the parser read on; a request that came whole and alone takes its bytes with it."""
        at_start, self._begun = not self._in_message, 0
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            self._begun = 0  # No other protocol is offered; the request is answered as it is (RFC 9110, section 7.8).
            if offer.args[0] < len(data):  # What came behind it has not been read, so that answer is the last.
                self.cycle.keep_alive = False
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._refuse(cause if isinstance(cause, Problem) else malformed())
            return
        if self._in_head:
            self._await_head(len(data))
        elif at_start and self._begun == 1 and self._is_plain(data):
            self.scope[REQUEST_BYTES] = data  # type: ignore[literal-required]

    def _await_head(self, received: int) -> None:
        """Bound a head that is not yet all there; what came in one packet with its beginning is not counted."""
        if self._begun:
            self._head_bytes, self._moment = 0, time.perf_counter()
            self._look_in(self._settings.head_seconds)
        else:
            self._head_bytes += received
        if self._head_bytes > min(self._target_bytes, self._most_target) + FIELDS_BYTES:
            self._refuse(too_large())

    def _is_plain(self, data: bytes) -> bool:
        """Whether the request is one whose bytes alone tell its answer."""
        return (
            len(data) <= _LONGEST_HOT
            and data.startswith(b"GET ")
            and self.scope["http_version"] == "1.1"
            and all(
                value.lower() == b"keep-alive" if name == b"connection" else name not in _PECULIAR
                for name, value in self.headers
            )
        )

    def on_message_begin(self) -> None:
        """A request begins; only so many may wait for the answers before them."""
        if len(self.pipeline) >= _MOST_WAITING:
            raise busy("Too many requests wait on this connection.", "För många anrop väntar på anslutningen.")
        self._begun += 1
        self._in_message = self._in_head = True
        self._target = []
        self._target_bytes = self._field_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of the request's target; put together at the end, for a target in many parts must not cost more."""
        self._target.append(url)
        self._target_bytes += len(url)
        if self._target_bytes > self._most_target:
            raise too_large()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head; those behind a body in chunks are left out."""
        if not self._in_head:
            return
        self._field_bytes += len(name) + len(value) + 4
        if len(self.headers) >= _MOST_FIELDS or self._field_bytes > FIELDS_BYTES:
            raise too_large()
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there; the library's reader of addresses, which takes only so much, sees no query string."""
        self._in_head = False
        target = b"".join(self._target).partition(b"#")[0]
        self.url, _, query = target.partition(b"?")
        if len(self.url) > _MOST_PATH:
            raise too_large()
        super().on_headers_complete()
        self.scope["query_string"] = query

    def on_message_complete(self) -> None:
        """All of a request is there."""
        self._in_message = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """An answer has been sent; a refusal that had to wait for it follows."""
        self._moment, self._answered = time.perf_counter(), True
        super().on_response_complete()
        if self._refusal is not None and self.cycle.response_complete and not self.transport.is_closing():
            self._send_refusal(self._refusal)

    # --- refusing ---

    def _refuse(self, problem: Problem) -> None:
        """Read nothing more, and say why after the answers that are on their way."""
        self._refusal = problem
        if self.cycle is not None and not self.cycle.response_complete:
            if not self._in_message or self._in_head or self.cycle.response_started:
                return
            # The body of a request that is being read is broken: nobody can answer that request.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if self.pipeline:
                self.transport.abort()
                return
        self._send_refusal(problem)

    def _send_refusal(self, problem: Problem) -> None:
        head, body = response_bytes(problem, self.server_state.default_headers)
        self.transport.write(STATUS_LINE[problem.status] + head + body)
        self._told = True
        self.transport.resume_reading()
        self.transport.write_eof()
        if self._watch is not None:
            self._watch.cancel()
        self._watch = self.loop.call_later(_LINGER, self.transport.abort)
        scope = {"client": self.client, "method": "", "path": ""}
        self._log.write(Entry(scope, problem.status, len(body), self._moment, "", ""))

    # --- waiting ---

    def timeout_keep_alive_handler(self) -> None:
        """The library's timer does not see hot requests; the watch does."""

    def _look_in(self, seconds: float) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch = self.loop.call_later(seconds, self._look)

    def _look(self) -> None:
        """See whether the connection has been as it is for too long."""
        now = time.perf_counter()
        waiting = self.transport.get_write_buffer_size()
        if waiting != self._stuck[0]:
            self._stuck = (waiting, now)
        left = self._patience(now)
        if left > 0:
            self._look_in(left)
        elif waiting or self.transport.is_closing():
            self.transport.abort()
        elif self._in_head:
            self._refuse(late())
        else:
            self.transport.close()

    def _patience(self, now: float) -> float:
        """The seconds for which the connection may stay as it is."""
        idle, most = self._settings.idle_seconds, self._settings.head_seconds
        if self._stuck[0]:
            return self._stuck[1] + idle - now
        if self.cycle is not None and not self.cycle.response_complete:
            return idle
        if self._answered and not self._in_head:
            most = idle
        return self._moment + most - now
