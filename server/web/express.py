"""The express lane: a plain query is answered on the event loop, past the threads and the web framework.

Plain is a query to /sparql that can begin now and whose answer is rows, a truth value or a graph. Whatever else a
request may be (a page, a problem, an explanation, a wait), is the application's, which could answer this one as well:
both read, permit, negotiate and describe by the same functions, and a test holds their answers equal.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

from server.engine.caller import Caller
from server.engine.interface import Flowing, NotBegun
from server.query.inquiry import Inquiry, read_inquiry
from server.query.protocol import RawRequest
from server.query.service_policy import service_calls
from server.query.slow_log import query_hash
from server.service import Site
from server.web.access import address_of, client_key
from server.web.cache import Answered, Key, keep
from server.web.headers import COMMON_HEADERS, raw_headers
from server.web.incoming import Scope
from server.web.media import HTML
from server.web.outgoing import Reply
from server.web.problem import Problem
from server.web.stream import GZIP_FROM, Encoder, begin_flow, gzipped
from server.web.validity import caching_headers, takes_gzip

PATH = "/sparql"
LANE_BYTES = 16_384  # of query string and body; to read a longer, perhaps hostile, text would hold the loop up

_NEGOTIATION_BYTES = 1024  # of Accept and Accept-Encoding, for the same reason; browsers send 200
_HOST = re.compile(r"(?:[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_COMMON = raw_headers(COMMON_HEADERS)
_NOT_PLAIN = frozenset({"content-encoding", "if-none-match"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that has come in: `headers` are joined by name, `key` is the cache's, `body` is None when late."""

    scope: Scope
    headers: Mapping[str, str]
    key: Key | None
    body: bytes | None
    caller: Caller


class Express:
    """Answers what is plain over one site."""

    def __init__(self, site: Site, pool: Executor) -> None:
        """`pool` compresses, which would hold the event loop up."""
        self._site = site
        self._pool = pool

    async def answer(self, arrival: Arrival) -> Reply | None:
        """The response to a request; None when it is not plain or would wait: the application answers it.

        Raises the EngineError that the query met before its first byte: it has been counted, and only has to be told.
        A caller that was let in has its key from then on, and is not to be counted again.
        """
        generation = self._site.cache.generation
        if not _may_be_plain(arrival) or not self._lets_in(arrival):
            return None
        inquiry = self._plain(arrival)
        if inquiry is None:
            return None
        question = inquiry.question(inquiry.operation.query, inquiry.operation.timeout)
        chunks = self._site.answering.ask_now(question, arrival.caller)
        if chunks is None:
            return None
        making = _Making(self._site, self._pool, arrival, inquiry, generation)
        try:
            head, complete = await begin_flow(chunks)
        except NotBegun:
            return None
        except BaseException:
            chunks.close()
            raise
        return await making.whole(head) if complete else making.streamed(head, chunks)

    def _plain(self, arrival: Arrival) -> Inquiry | None:
        """What a request asks, when the engine's answer to it is the answer."""
        scope, headers = arrival.scope, arrival.headers
        try:
            query_string = scope["query_string"].decode("utf-8")
            raw = RawRequest(scope["method"], query_string, headers.get("content-type", ""), arrival.body or b"")
            inquiry = read_inquiry(self._site, raw, accept=headers.get("accept", ""), language=str)
        except (Problem, UnicodeDecodeError):
            return None
        if inquiry is None or inquiry.format is HTML or inquiry.operation.explain_empty:
            return None
        return None if service_calls(inquiry.operation.query) else inquiry

    def _lets_in(self, arrival: Arrival) -> bool:
        peer, forwarded = (arrival.scope.get("client") or ("",))[0], arrival.headers.get("x-forwarded-for", "")
        client = client_key(address_of(peer, forwarded, self._site.settings.trusted_proxies))
        if self._site.limit.take(client):
            return False
        arrival.caller.key = client
        return True


def _may_be_plain(arrival: Arrival) -> bool:
    """Whether the request is short, and its line and headers are such as need no other answer than the query's."""
    scope, headers = arrival.scope, arrival.headers
    if arrival.body is None or len(scope["query_string"]) + len(arrival.body) > LANE_BYTES:
        return False
    if len(headers.get("accept", "")) + len(headers.get("accept-encoding", "")) > _NEGOTIATION_BYTES:
        return False
    plain = scope["path"] == PATH and scope["method"] in ("GET", "POST") and not _NOT_PLAIN & headers.keys()
    return plain and _HOST.fullmatch(headers.get("host", "")) is not None


class _Making:
    """The response to one plain query: the same headers and bytes as server.reply makes with Flask."""

    def __init__(self, site: Site, pool: Executor, arrival: Arrival, inquiry: Inquiry, generation: int) -> None:
        self._site, self._pool, self._arrival, self._inquiry = site, pool, arrival, inquiry
        self._generation = generation
        self._gzip = takes_gzip(arrival.headers.get("accept-encoding", ""))
        self._hash = query_hash(inquiry.validity.text)

    async def whole(self, head: bytes) -> Reply:
        """A response with a known length."""
        body = self._inquiry.prefix + head
        coded = self._gzip and len(body) >= GZIP_FROM
        if coded:
            body = await asyncio.get_running_loop().run_in_executor(self._pool, gzipped, body)
        headers = [*self._headers(coded=coded), ("Content-Length", str(len(body)))]
        return Reply(200, (*raw_headers(headers), *_COMMON), body, None, lambda: self._keep(headers, body), self._hash)

    def streamed(self, head: bytes, chunks: Flowing) -> Reply:
        """A response whose end is not there yet."""
        headers = self._headers(coded=self._gzip)
        body = self._body(self._inquiry.prefix + head, chunks, headers)
        return Reply(200, (*raw_headers(headers), *_COMMON), b"", body, chunks.close, self._hash)

    async def _body(self, first: bytes, chunks: Flowing, headers: list[tuple[str, str]]) -> AsyncIterator[bytes]:
        def kept(body: bytes) -> None:
            self._keep([*headers, ("Content-Length", str(len(body)))], body)

        encoder = Encoder(gzip=self._gzip, keep=self._site.cache.entry_bytes, finished=kept)
        yield await self._coded(encoder.part, first)
        async for data in chunks:
            yield await self._coded(encoder.part, data)
        yield encoder.end()

    async def _coded(self, code: Callable[[bytes], bytes], data: bytes) -> bytes:
        if not self._gzip:
            return code(data)
        return await asyncio.get_running_loop().run_in_executor(self._pool, code, data)

    def _headers(self, *, coded: bool) -> list[tuple[str, str]]:
        caching = caching_headers(self._site, self._inquiry.validity, coded=coded)
        return [("Content-Type", self._inquiry.format.content_type), *caching]

    def _keep(self, headers: list[tuple[str, str]], body: bytes) -> None:
        answered = Answered(body, self._hash, self._generation)
        keep(self._site.cache, self._arrival.key, [*headers, *COMMON_HEADERS], answered)
