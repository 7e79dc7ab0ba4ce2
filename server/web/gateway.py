"""The ASGI application in front of the Flask one: hot answers from memory, plain queries on the event loop, all else on
threads.

Why ASGI: an exception in mid-stream leaves the transfer visibly incomplete
(docs/decisions/0203-uvicorn-and-hot-bytes.md). A slow reader holds no thread, for each chunk is fetched only when the
last one was taken, and a reader who leaves frees the query's worker at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from server.engine.caller import Caller
from server.service import Site
from server.web.access_log import AccessLog, Entry
from server.web.cache import REQUEST_BYTES, HotCache, Key, Stored, matches
from server.web.express import Arrival, Express
from server.web.headers import raw_headers
from server.web.incoming import (
    CALLER,
    FAILED,
    LATE,
    PATH,
    QUERY_HASH,
    Gone,
    Receive,
    Scope,
    announces_body,
    hot_key,
    joined_headers,
    make_environ,
    read_body,
)
from server.web.outgoing import Reply, Send, nothing, send_reply

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Gateway:
    """Serves a WSGI application over ASGI; `body_bytes` tells for a path the most of a request's body that is read."""

    def __init__(
        self, wsgi: Wsgi, site: Site, log: AccessLog, *, threads: int, body_bytes: Callable[[str], int]
    ) -> None:
        """Start `threads` threads at most, when they are needed."""
        self._wsgi = wsgi
        self._cache: HotCache = site.cache
        self._log = log
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._express = Express(site, self._pool)
        self._body_bytes = body_bytes
        self._body_seconds = site.settings.body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        begun = time.perf_counter()
        headers = joined_headers(scope)
        key = hot_key(scope, headers)
        stored = self._cache.get(key) if key else None
        if key is not None and stored is not None:
            await self._hot(key, stored, scope, send, begun)
            return
        body: bytes | None = b""
        if announces_body(headers):
            try:
                body = await read_body(receive, self._body_bytes(scope["path"]), self._body_seconds)
            except Gone:
                return
        arrival = Arrival(scope, headers, key, body, Caller())
        gone = asyncio.get_running_loop().create_task(_disconnected(receive, arrival.caller))
        try:
            await self._send(await self._answer(arrival), scope, send, gone, begun)
        finally:
            gone.cancel()

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

    async def _answer(self, arrival: Arrival) -> Reply:
        """The express lane's response, else the application's, who also tells what failed in the lane."""
        failed: Exception | None = None
        try:
            if (reply := await self._express.answer(arrival)) is not None:
                return reply
        except Exception as error:  # The query's fault or a bug: the application knows which, and logs the bug.
            failed = error
        own = {PATH: arrival.scope["path"], CALLER: arrival.caller, LATE: arrival.body is None, FAILED: failed}
        environ = make_environ(arrival.scope, arrival.body or b"") | own
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._begin, environ)

    async def _send(self, reply: Reply, scope: Scope, send: Send, gone: asyncio.Task[None], begun: float) -> None:
        """Send the response, write it down, and let go of what made it, whatever happens."""
        sent = 0
        try:
            sent = await send_reply(reply, send, gone, bodiless=scope["method"] == "HEAD")
        finally:
            self._log.write(
                Entry(scope, reply.status, sent, begun, reply.query_hash, "miss" if reply.query_hash else "")
            )
            reply.finish()

    def _begin(self, environ: dict[str, Any]) -> Reply:
        """Run the application as far as its first chunk, on a thread; a body of known length is taken whole."""
        answer: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            answer["status"], answer["headers"] = int(status[:3]), raw_headers(headers)

        result = self._wsgi(environ, start_response)
        close = getattr(result, "close", nothing)
        body = iter(result)
        try:
            first = next(body, b"")
            whole = any(name == b"content-length" for name, _ in answer["headers"])
            first += b"".join(body) if whole else b""
        except BaseException:
            close()
            raise
        name = environ.get(QUERY_HASH, "")
        if whole:
            close()
            return Reply(answer["status"], answer["headers"], first, None, nothing, name)
        return Reply(
            answer["status"], answer["headers"], first, self._rest(body), lambda: self._pool.submit(close), name
        )

    async def _rest(self, body: Iterator[bytes]) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        while part := await loop.run_in_executor(self._pool, next, body, b""):
            yield part


async def _disconnected(receive: Receive, caller: Caller) -> None:
    """Return when the client has left, and have what runs for him stopped."""
    while (await receive())["type"] != "http.disconnect":
        pass
    caller.leave()
