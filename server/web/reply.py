"""A reply as plain data, made without I/O, and its way into Flask.

The functions that end in `_reply` need no framework; `whole` and `not_modified` are the same for a page, within a
request that Flask handles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Response, request

from server.web.access_log import query_hash
from server.web.cache import matches
from server.web.problem import MEDIA_TYPE, Problem, problem_text
from server.web.served import Served, served
from server.web.stream import GZIP_FROM, Begun, Stream, gzipped
from server.web.validity import Validity, caching_headers, takes_gzip

QUERY_HASH = "registergraf.query_hash"  # in the WSGI environment: the query's name in the access log


@dataclass(frozen=True, slots=True)
class Reply:
    """`body` is whole, or a Stream that must be closed; `query_hash` names the query in the access log, if any."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes | Stream = b""
    query_hash: str = ""

    def response(self) -> Response:
        """The same for Flask."""
        if self.query_hash:
            request.environ[QUERY_HASH] = self.query_hash
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
    for etag in (valid.etag, valid.coded_etag):
        if valid.etag and if_none_match and matches(if_none_match, etag):
            return Reply(304, caching_headers(service, replace(valid, etag=etag), coded=False))
    return None


def whole_reply(service: Served, body: bytes, content_type: str, valid: Validity, accept_encoding: str) -> Reply:
    """200 with a body of known length, gzipped when it pays and the client takes it."""
    coded = len(body) >= GZIP_FROM and takes_gzip(accept_encoding)
    headers = [("Content-Type", content_type), *caching_headers(service, valid, coded=coded)]
    return Reply(200, headers, gzipped(body) if coded else body, _name(valid))


def begun_reply(service: Served, begun: Begun, content_type: str, valid: Validity, accept_encoding: str) -> Reply:
    """200 with the engine's answer: whole when it is small, else streamed."""
    if begun.complete:
        return whole_reply(service, begun.head, content_type, valid, accept_encoding)
    coded = takes_gzip(accept_encoding)
    headers = [("Content-Type", content_type), *caching_headers(service, valid, coded=coded)]
    return Reply(200, headers, Stream(begun.head, begun.chunks, gzip=coded), _name(valid))


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


def _name(valid: Validity) -> str:
    return query_hash(valid.text) if valid.text else ""
