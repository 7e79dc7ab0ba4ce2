"""The ASGI application in front of the Flask one: hot answers from memory, all else on threads.

Why ASGI: of granian's interfaces it is the one under which an exception in mid-stream leaves the transfer visibly
incomplete (docs/decisions/0201-production-server.md). A slow reader holds no thread, for each chunk is fetched only
when
the last one was taken, and a reader who leaves frees the query's worker at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from server.access_log import AccessLog, Entry
from server.cache import REQUEST_BYTES, HotCache, Key, RawHeaders, Stored, matches
from server.engine.caller import Caller
from server.incoming import Gone, Message, Receive, Scope, make_environ, read_body

Send = Callable[[Message], Awaitable[None]]
Leaving = asyncio.Task[None]
_KEY_HEADERS = (b"host", b"accept", b"accept-encoding", b"accept-language")
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True)
class Begun:
    """A WSGI response whose first chunk is there; `body` yields the rest and may be closed from another thread."""

    status: int
    headers: RawHeaders
    body: Iterator[bytes]
    first: bytes
    close: Callable[[], None]
    environ: dict[str, Any] = field(default_factory=dict)


class Gateway:
    """Serves a WSGI application over ASGI; `body_bytes` tells for a path the most of a request's body that is read."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        wsgi: Wsgi,
        cache: HotCache,
        log: AccessLog,
        *,
        threads: int,
        body_bytes: Callable[[str], int],
        body_seconds: float,
    ) -> None:
        """Start `threads` threads at most, when they are needed."""
        self._wsgi = wsgi
        self._cache = cache
        self._log = log
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._body_bytes = body_bytes
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        begun = time.perf_counter()
        key = hot_key(scope)
        stored = self._cache.get(key) if key else None
        if key is not None and stored is not None:
            await self._hot(key, stored, scope, send, begun)
        else:
            await self._cold(scope, receive, send, begun)

    def close(self) -> None:
        """Let no further request begin."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _hot(self, key: Key, stored: Stored, scope: Scope, send: Send, begun: float) -> None:
        condition = next((value for name, value in scope["headers"] if name == b"if-none-match"), None)
        fresh = condition is not None and matches(condition.decode("latin-1"), stored.etag)
        status, headers, body = (304, stored.headers_304, b"") if fresh else (200, stored.headers, stored.body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        self._log.write(Entry(scope, status, len(body), begun, stored.query_hash, "hit"))
        if REQUEST_BYTES in scope:  # From now on the connection answers it.
            self._cache.know(scope[REQUEST_BYTES], key)

    async def _cold(self, scope: Scope, receive: Receive, send: Send, begun: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            body = await read_body(receive, self._body_bytes(scope["path"]), self._body_seconds)
        except Gone:
            return
        caller = Caller()
        own = {"registergraf.path": scope["path"], "registergraf.caller": caller, "registergraf.late": body is None}
        environ = make_environ(scope, body or b"") | own
        gone = loop.create_task(_disconnected(receive, caller))
        try:
            response = await loop.run_in_executor(self._pool, self._begin, environ)
            await self._finish(response, scope, send, gone, begun)
        finally:
            gone.cancel()

    async def _finish(self, response: Begun, scope: Scope, send: Send, gone: Leaving, begun: float) -> None:
        """Send the response, write it down, and let go of what made it, whatever happens."""
        sent = 0
        try:
            sent = await self._send(response, scope, send, gone)
        finally:
            name = response.environ.get("registergraf.query_hash", "")
            self._log.write(Entry(scope, response.status, sent, begun, name, "miss" if name else ""))
            await asyncio.get_running_loop().run_in_executor(self._pool, response.close)

    def _begin(self, environ: dict[str, Any]) -> Begun:
        """Run the application as far as its first chunk, on a thread."""
        answer: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            answer["status"] = int(status[:3])
            answer["headers"] = tuple(
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            )

        result = self._wsgi(environ, start_response)
        close = getattr(result, "close", lambda: None)
        body = iter(result)
        try:
            first = next(body, b"")
        except BaseException:
            close()
            raise
        return Begun(answer["status"], answer["headers"], body, first, close, environ)

    async def _send(self, response: Begun, scope: Scope, send: Send, gone: Leaving) -> int:
        """Send the response; an exception from its body leaves the transfer incomplete, which the client sees."""
        await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return 0
        if any(name == b"content-length" for name, _ in response.headers):
            rest = b"".join(response.body)
            await send({"type": "http.response.body", "body": response.first + rest})
            return len(response.first) + len(rest)
        return await self._stream(response, send, gone)

    async def _stream(self, response: Begun, send: Send, gone: Leaving) -> int:
        loop = asyncio.get_running_loop()
        chunk, sent = response.first, 0
        try:
            while chunk and not gone.done():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                sent += len(chunk)
                chunk = await loop.run_in_executor(self._pool, next, response.body, b"")
        except Exception:
            if not gone.done():  # Who has left need not be shown that his answer is broken.
                raise
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
        return sent


async def _disconnected(receive: Receive, caller: Caller) -> None:
    """Return when the client has left, and have what runs for him stopped."""
    while (await receive())["type"] != "http.disconnect":
        pass
    caller.leave()


def hot_key(scope: Scope) -> Key | None:
    """The cache's key for a request, the same as server.reply.request_key makes of it."""
    if scope["method"] != "GET":
        return None
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in _KEY_HEADERS:
            text = value.decode("latin-1")
            found[name] = f"{found[name]}, {text}" if name in found else text
    host, accept, encoding, language = (found.get(name, "") for name in _KEY_HEADERS)
    return (host, scope["path"], scope["query_string"].decode("latin-1"), accept, encoding, language)


async def disconnected(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
