"""A response on its way out over ASGI: sent part by part, cut off when nobody takes it, kept as long as it is small."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass

from server.engine.caller import Caller
from server.engine.interface import Broken, cause_of
from server.web.access import COMMON_HEADERS
from server.web.asgi.environ import Send
from server.web.cache import RawHeaders
from server.web.problem import Problem, as_problem
from server.web.reply import problem_reply

_WHOLE_TO_HTTP_1_0 = 8_388_608  # bytes; there a broken transfer looks like the end, so answers are sent whole


@dataclass(frozen=True, slots=True)
class AppResponse:
    """The application's response: `first` is the whole body, or its beginning when there is a `rest`."""

    status: int
    headers: RawHeaders
    first: bytes
    rest: AsyncIterator[bytes] | None
    close: Callable[[], object]
    query_hash: str = ""


class Sending:
    """Sends one response, with further `headers`. Afterwards `sent` is the bytes of its body, and `kept` its parts,
    or None when they were more than `keep` bytes or the transfer broke off.
    """

    def __init__(self, send: Send, patience: float, keep: int, headers: RawHeaders) -> None:
        self._send, self._patience, self._keep, self._headers = send, patience, keep, headers
        self.sent = 0
        self.kept: list[bytes] | None = None

    async def all(self, found: AppResponse, caller: Caller, *, bodiless: bool) -> None:
        """Send the head and the body; an exception from the body is raised, and leaves the transfer incomplete."""
        headers = (*found.headers, *self._headers)
        await self._send({"type": "http.response.start", "status": found.status, "headers": headers})
        if found.rest is None or bodiless:
            body = b"" if bodiless else found.first
            await self._send({"type": "http.response.body", "body": body})
            self.sent, self.kept = len(body), [body]
            return
        try:
            await self._stream(found.first, found.rest, caller)
        except Exception:  # What a server raises for a connection that is gone is not in the specification of ASGI.
            if not caller.left:  # Who has left need not be shown that his answer is broken.
                raise

    async def _stream(self, first: bytes, rest: AsyncIterator[bytes], caller: Caller) -> None:
        kept: list[bytes] = []
        await self._part(first, kept)
        async for part in rest:
            if caller.left:
                return
            await self._part(part, kept)
        await self._send({"type": "http.response.body", "body": b""})
        self.kept = kept if self.sent <= self._keep else None

    async def _part(self, part: bytes, kept: list[bytes]) -> None:
        """Send a part; TimeoutError when the client takes nothing for too long."""
        async with asyncio.timeout(self._patience):
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
        self.sent += len(part)
        if self.sent <= self._keep:
            kept.append(part)


async def gathered(found: AppResponse) -> AppResponse:
    """The response with its whole body, for a protocol in which a cut transfer cannot be told from a whole one."""
    parts, size = [found.first], len(found.first)
    try:
        async for part in found.rest or _no_parts():
            parts.append(part)
            size += len(part)
            if size > _WHOLE_TO_HTTP_1_0:
                return refused(_needs_http_1_1())
    except Broken as error:
        return refused(as_problem(cause_of(error)))
    finally:
        found.close()
    headers = (*found.headers, (b"content-length", str(size).encode()))
    return AppResponse(found.status, headers, b"".join(parts), None, nothing, found.query_hash)


async def _no_parts() -> AsyncIterator[bytes]:
    return
    yield b""


def raw_headers(headers: Iterable[tuple[str, str]]) -> RawHeaders:
    """The headers as they go to the socket, with their names in lower case."""
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers)


def refused(problem: Problem) -> AppResponse:
    """A refusal of the gateway's own, after which the connection ends."""
    reply = problem_reply(problem)
    body = reply.body if isinstance(reply.body, bytes) else b""
    own = [("Connection", "close"), ("Content-Length", str(len(body))), *COMMON_HEADERS]
    return AppResponse(reply.status, raw_headers([*reply.headers, *own]), body, None, nothing)


def _needs_http_1_1() -> Problem:
    return Problem(
        "version-not-supported",
        "This answer is too large for HTTP/1.0, in which its end could not be told from a cut. Use HTTP/1.1.",
        "Svaret är för stort för HTTP/1.0, där dess slut inte kan skiljas från ett avbrott. Använd HTTP/1.1.",
    )


def nothing() -> None:
    """Do nothing: the `close` of a response that holds nothing open."""
