"""The ASGI application in front of the Flask one: kept answers from memory, all else on threads.

Why ASGI: an exception in mid-stream leaves the transfer visibly incomplete, a slow reader holds no thread, and a client
who leaves is noticed at once (docs/decisions/0205-granian-by-its-public-interface.md).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

from server.engine.caller import Caller
from server.engine.interface import EngineError
from server.web.access_log import AccessLog, Entry, query_hash
from server.web.admission import InFlight, address_of, client_key
from server.web.asgi.environ import (
    CALLER,
    LATE,
    REQUEST_ID,
    Receive,
    Scope,
    Send,
    joined_headers,
    make_environ,
    request_key,
)
from server.web.asgi.refusals import UNTRUSTED, busy, drop, stopping, too_large
from server.web.asgi.sending import AppResponse, Sending, gathered, nothing, raw_headers, refused
from server.web.cache import Key, Stored, make_stored, matches
from server.web.problem import Problem
from server.web.reply import QUERY
from server.web.served import Served

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Judge = Callable[[Scope, dict[str, str], str], Problem | None]
_log = logging.getLogger("registergraf")
_IN_MEMORY = 262_144  # bytes of a body above which it goes to a file as it comes
_UNCHUNKED = ("1.0", "1")
_BODIES = 16  # of the largest size that may be on their way at a time
_BODIES_OF_ONE = 4
_LONG_TEXT = 32_768  # bytes of a form or query from which its reading keeps the processor busy for milliseconds
_TEXTS_OF_ONE = 2


class Gone(Exception):  # noqa: N818 - not an error of ours
    """The client left before its request was complete, so nobody waits for an answer."""


@dataclass(frozen=True, slots=True)
class _Request:
    """One request on its way: `key` is the cache's, `generation` the cache's when it came, `id` names it in logs."""

    scope: Scope
    headers: dict[str, str]
    key: Key | None
    generation: int
    begun: float
    id: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a request may bring. `body_bytes` gives, for a path, the largest body that is read. `judge` is asked on a
    thread, before a body is read, for the Problem of the request's head (scope, headers, client), None to let it in.
    """

    body_bytes: Callable[[str], int]
    judge: Judge


class Gateway:
    """Serves a WSGI application over ASGI."""

    def __init__(self, wsgi: Wsgi, service: Served, log: AccessLog, *, threads: int, bounds: Bounds) -> None:
        """Start `threads` threads at most, when they are needed."""
        self._wsgi, self._cache, self._log = wsgi, service.cache, log
        self._settings = service.settings
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._requests = InFlight(threads * 4, max(threads * service.settings.client_share // 100, 1))
        most = service.settings.upload_bytes
        self._bodies = InFlight(most * _BODIES, most * _BODIES_OF_ONE)
        self._texts = InFlight(threads, _TEXTS_OF_ONE)
        self._bounds = bounds
        self._callers: set[Caller] = set()
        self._ended: set[Caller] = set()
        self._warned = False
        self._refused = service.metrics.refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = time.perf_counter()
        headers = joined_headers(scope)
        key = request_key(scope, headers)
        stored = self._cache.get(key) if key else None
        asked = _Request(scope, headers, key, self._cache.generation, begun, secrets.token_hex(8))
        if stored is not None:
            await self._hot(stored, asked, send)
            return
        client = self._client(asked)
        if not self._requests.take(client):
            await self._refuse(busy("requests"), asked, send)
            return
        try:
            await self._admitted(asked, client, receive, send)
        except Gone:
            return
        except (EngineError, TimeoutError):  # The answer has broken off, which only the transfer can tell now.
            raise
        except Exception:  # A fault of ours: told with its name, and shown to the client by a broken transfer.
            _log.exception("%s %s failed (request %s)", scope["method"], scope["path"], asked.id)
            raise
        finally:
            self._requests.give_back(client)

    def _client(self, asked: _Request) -> str:
        forwarded = asked.headers.get("x-forwarded-for", "")
        if forwarded and not self._settings.trusted_proxies and not self._warned:
            self._warned = True
            _log.warning(UNTRUSTED)
        peer = (asked.scope.get("client") or ("",))[0]
        return client_key(address_of(peer, forwarded, self._settings.trusted_proxies))

    def end_running(self) -> None:
        """Stop what is being answered now, from any thread: what has not begun to arrive becomes 503."""
        running = set(self._callers)
        self._ended |= running
        for caller in running:
            caller.leave()

    def close(self) -> None:
        """Let no further request begin."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _hot(self, stored: Stored, asked: _Request, send: Send) -> None:
        fresh = matches(asked.headers.get("if-none-match", ""), stored.etag)
        status, fields, body = (304, stored.headers_304, b"") if fresh else (200, stored.headers, stored.body)
        await send({"type": "http.response.start", "status": status, "headers": (*fields, _id_header(asked))})
        await send({"type": "http.response.body", "body": body})
        self._log.write(Entry(asked.scope, asked.id, status, len(body), asked.begun, stored.query_hash, "hit"))

    async def _refuse(self, problem: Problem, asked: _Request, send: Send) -> None:
        """Send the problem without reading the body, and end the connection."""
        if problem.limit:
            self._refused.labels(problem.limit).inc()
        problem.members["request"] = asked.id
        await self._send(refused(problem), asked, send, Caller())

    async def _admitted(self, asked: _Request, client: str, receive: Receive, send: Send) -> None:
        """Judge the request by its head, then read the body within its bounds and have it answered."""
        most = self._bounds.body_bytes(asked.scope["path"])
        length = _announced(asked.headers, most)
        problem = await self._judged(asked, client, length, most)
        if problem is not None:
            await self._refuse(problem, asked, send)
            await drop(receive)
            return
        try:
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
                size = await self._read(receive, body, most) if length else 0
                environ = make_environ(asked.scope, body, max(size, 0)) | {LATE: size < 0}
                is_long = _LONG_TEXT < size <= self._settings.body_bytes
                if is_long and not self._texts.take(client):
                    await self._refuse(busy("texts"), asked, send)
                    return
                try:
                    await self._answer(asked, environ, Caller(client), receive, send)
                finally:
                    if is_long:
                        self._texts.give_back(client)
        finally:
            self._bodies.give_back(client, length)

    async def _judged(self, asked: _Request, client: str, length: int, most: int) -> Problem | None:
        """Why the request is refused before its body is read; None when it is let in, with room for its body."""
        if length > most:
            return too_large(length, most)
        if length:
            loop = asyncio.get_running_loop()
            problem = await loop.run_in_executor(self._pool, self._bounds.judge, asked.scope, asked.headers, client)
            if problem is not None:
                return problem
        return None if self._bodies.take(client, length) else busy("bodies")

    async def _answer(
        self, asked: _Request, environ: dict[str, Any], caller: Caller, receive: Receive, send: Send
    ) -> None:
        """Have the application answer on a thread, and stop it when the client leaves."""
        loop = asyncio.get_running_loop()
        gone = loop.create_task(_disconnected(receive, caller))
        self._callers.add(caller)
        try:
            found = await loop.run_in_executor(
                self._pool, self._begin, environ | {CALLER: caller, REQUEST_ID: asked.id}
            )
            if caller in self._ended and found.status >= 500:
                found = refused(stopping())
            await self._send(found, asked, send, caller)
        finally:
            gone.cancel()
            self._callers.discard(caller)
            self._ended.discard(caller)

    async def _read(self, receive: Receive, body: IO[bytes], most: int) -> int:
        """Read the body into a file, at most one byte more than `most`. Returns its size, -1 when it came too late."""
        size = 0
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                while size <= most:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Gone
                    size += body.write(message.get("body", b"")[: most + 1 - size])
                    if not message.get("more_body"):
                        break
        except TimeoutError:
            return -1
        body.seek(0)
        return size

    def _begin(self, environ: dict[str, Any]) -> AppResponse:
        """Run the application up to its first chunk, or to the end when it says its length; on a thread."""
        if environ[CALLER].left:
            raise Gone
        answer: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            answer["status"], answer["headers"] = int(status[:3]), raw_headers(headers)

        result = self._wsgi(environ, start_response)
        close: Callable[[], object] = getattr(result, "close", nothing)
        body = iter(result)
        try:
            first = next(body, b"")
            whole = any(name == b"content-length" for name, _ in answer["headers"])
            first += b"".join(body) if whole else b""
        except BaseException:
            close()
            raise
        rest = None if whole else self._rest(body)
        if whole:
            close()
        return AppResponse(answer["status"], answer["headers"], first, rest, close, query_hash(environ.get(QUERY, "")))

    async def _rest(self, body: Iterator[bytes]) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        while part := await loop.run_in_executor(self._pool, next, body, b""):
            yield part

    async def _send(self, found: AppResponse, asked: _Request, send: Send, caller: Caller) -> None:
        """Send the response, log it, close what made it, and put it into the cache when it may be kept."""
        sending = Sending(send, self._settings.idle_seconds, self._cache.entry_bytes, (_id_header(asked),))
        try:
            if found.rest is not None and asked.scope["http_version"] in _UNCHUNKED:
                found = await gathered(found)
            await sending.all(found, caller, bodiless=asked.scope["method"] == "HEAD")
        finally:
            known = "miss" if found.query_hash else ""
            self._log.write(
                Entry(asked.scope, asked.id, found.status, sending.sent, asked.begun, found.query_hash, known)
            )
            if found.rest is not None:
                self._pool.submit(found.close)
        if asked.key and sending.kept is not None and _may_be_kept(found):
            self._keep(asked.key, found, b"".join(sending.kept), asked.generation)

    def _keep(self, key: Key, found: AppResponse, body: bytes, generation: int) -> None:
        length = [(b"content-length", str(len(body)).encode())] if found.rest is not None else []
        self._cache.put(key, make_stored([*found.headers, *length], body, found.query_hash), generation)


async def _disconnected(receive: Receive, caller: Caller) -> None:
    """Wait until the client has left, and then stop what runs for it."""
    while (await receive())["type"] != "http.disconnect":
        pass
    caller.leave()


def _may_be_kept(found: AppResponse) -> bool:
    """Whether it is a 200 with a validator that any cache may keep."""
    headers = dict(found.headers)
    return found.status == 200 and b"etag" in headers and headers.get(b"cache-control", b"").startswith(b"public")


def _announced(headers: dict[str, str], most: int) -> int:
    """The bytes of body that a head announces; `most` when it does not say how many."""
    if "transfer-encoding" in headers:
        return most
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() else 0


def _id_header(asked: _Request) -> tuple[bytes, bytes]:
    return (b"x-request-id", asked.id.encode("ascii"))
