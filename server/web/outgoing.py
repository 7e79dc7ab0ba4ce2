"""A response on its way out: made by the express lane or by the application, sent by the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from server.web.headers import RawHeaders
from server.web.incoming import Message

Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reply:
    """`first` is the whole body, or its beginning when there is a `rest`.

    `finish` is called once, when the response has been sent or given up.
    `headers` have their names in lower case; `query_hash` names the query in the access log, if there is one.
    """

    status: int
    headers: RawHeaders
    first: bytes
    rest: AsyncIterator[bytes] | None
    finish: Callable[[], object]
    query_hash: str


def nothing() -> None:
    """Nothing is left to do."""


async def send_reply(reply: Reply, send: Send, gone: asyncio.Task[None], *, bodiless: bool) -> int:
    """Send a response and return the bytes of its body that were sent; `gone` is done when the client has left.

    An exception from the body leaves the transfer incomplete, which the client sees. `bodiless` for a HEAD request.
    """
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    if reply.rest is None or bodiless:
        body = b"" if bodiless else reply.first
        await send({"type": "http.response.body", "body": body})
        return len(body)
    return await _stream(reply.first, reply.rest, send, gone)


async def _stream(first: bytes, rest: AsyncIterator[bytes], send: Send, gone: asyncio.Task[None]) -> int:
    sent = 0
    try:
        if first:
            await send({"type": "http.response.body", "body": first, "more_body": True})
            sent = len(first)
        async for part in rest:
            if gone.done():
                return sent
            if part:
                await send({"type": "http.response.body", "body": part, "more_body": True})
                sent += len(part)
    except Exception:
        if not gone.done():  # Who has left need not be shown that his answer is broken.
            raise
        return sent
    await send({"type": "http.response.body", "body": b""})
    return sent
