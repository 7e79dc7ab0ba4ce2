"""A reply as plain data, made without I/O, and its way into Flask.

The functions that end in `_reply` need no framework; `whole` and `not_modified` are the same for a page, within a
request that Flask handles.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import Response, request

from server.engine.interface import Broken, Chunks, cause_of
from server.web.cache import matches
from server.web.problem import MEDIA_TYPE, Problem, problem_text
from server.web.served import Served, served
from server.web.validity import Validity, caching_headers, takes_gzip

PEEK = 65_536
GZIP_FROM = 1_024
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Begun:
    """The beginning of an answer: `head` has at least PEEK bytes unless it is `complete`; `chunks` holds the rest."""

    head: bytes
    complete: bool
    chunks: Chunks


def begin(chunks: Chunks) -> Begun:
    """Read the beginning of an answer. What the engine raises up to here can still become an error response."""
    parts: list[bytes] = []
    size = 0
    try:
        while size < PEEK:
            part = next(chunks, None)
            if part is None:
                chunks.close()
                return Begun(b"".join(parts), True, chunks)
            parts.append(part)
            size += len(part)
    except Broken as error:
        raise cause_of(error) from error
    return Begun(b"".join(parts), False, chunks)


class Stream(Iterator[bytes]):
    """A begun body, coded: `head`, then the rest of `chunks`; a failure of the engine must break the transfer.

    No generator: close() may come from another thread while the next chunk is awaited.
    """

    def __init__(self, head: bytes, chunks: Chunks, *, gzip: bool) -> None:
        """Start with bytes already read from the engine."""
        self._head: bytes | None = head
        self._chunks = chunks
        self._gzip = zlib.compressobj(5, wbits=31) if gzip else None
        self._ended = False

    def __next__(self) -> bytes:
        while not self._ended:
            part = self._coded(self._read())
            if part:
                return part
        raise StopIteration

    def close(self) -> None:
        """Give up: the engine's worker is freed."""
        self._chunks.close()

    def _coded(self, data: bytes | None) -> bytes:
        """The bytes to send for a part, of which there may be none yet; None is the end."""
        self._ended = data is None
        if self._gzip is None:
            return data or b""
        return self._gzip.flush() if data is None else self._gzip.compress(data)

    def _read(self) -> bytes | None:
        if self._head is not None:
            head, self._head = self._head, None
            return head
        return next(self._chunks, None)


def gzipped(body: bytes) -> bytes:
    """The body in one gzip member without a time stamp, so that same bytes give same bytes."""
    coder = zlib.compressobj(6, wbits=31)
    return coder.compress(body) + coder.flush()


QUERY = "registergraf.query"  # in the WSGI environment: the query that is answered, which the access log names


@dataclass(frozen=True, slots=True)
class Reply:
    """`body` is whole, or a Stream that must be closed; `query` is the query that it answers, if any."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes | Stream = b""
    query: str = ""

    def response(self) -> Response:
        """The same for Flask."""
        if self.query:
            request.environ[QUERY] = self.query
        response = Response(status=self.status)
        response.headers.clear()
        if isinstance(self.body, bytes):
            response.data = self.body
        else:
            response.response = self.body
        response.headers.extend(self.headers)
        return response


def unmodified_reply(service: Served, valid: Validity, if_none_match: str) -> Reply | None:
    """304 when the client holds this very answer, in either coding (RFC 9110, section 13.1.2)."""
    if not valid.etag or not if_none_match:
        return None
    for etag in (valid.etag, valid.coded_etag):
        if matches(if_none_match, etag):
            return Reply(304, caching_headers(service, replace(valid, etag=etag), coded=False))
    return None


def whole_reply(service: Served, body: bytes, content_type: str, valid: Validity, accept_encoding: str) -> Reply:
    """200 with a body of known length, gzipped when it pays and the client takes it."""
    coded = len(body) >= GZIP_FROM and takes_gzip(accept_encoding)
    headers = [("Content-Type", content_type), *caching_headers(service, valid, coded=coded)]
    return Reply(200, headers, gzipped(body) if coded else body, valid.text)


def begun_reply(service: Served, begun: Begun, content_type: str, valid: Validity, accept_encoding: str) -> Reply:
    """200 with the engine's answer: whole when it is small, else streamed."""
    if begun.complete:
        return whole_reply(service, begun.head, content_type, valid, accept_encoding)
    coded = takes_gzip(accept_encoding)
    headers = [("Content-Type", content_type), *caching_headers(service, valid, coded=coded)]
    return Reply(200, headers, Stream(begun.head, begun.chunks, gzip=coded), valid.text)


def problem_reply(problem: Problem) -> Reply:
    """The problem as problem+json that no cache keeps."""
    body = problem_text(problem).encode("utf-8")
    return Reply(
        problem.status, [("Content-Type", MEDIA_TYPE), ("Cache-Control", "no-store"), *problem.headers.items()], body
    )


def not_modified(valid: Validity) -> Response | None:
    """304 when the client holds this very page, in either coding."""
    reply = unmodified_reply(served(), valid, request.headers.get("If-None-Match", ""))
    return reply.response() if reply is not None else None


def whole(body: bytes, content_type: str, valid: Validity) -> Response:
    """A page of known length, gzipped when it pays and the client takes it."""
    coding = request.headers.get("Accept-Encoding", "")
    return whole_reply(served(), body, content_type, valid, coding).response()
