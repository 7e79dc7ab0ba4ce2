"""Flask's responses that caches may keep: strong ETags, 304, Cache-Control, Vary, gzip, and the in-process cache."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, Request, Response, g, request

from server.query.slow_log import query_hash
from server.service import current_site
from server.web.cache import Answered, HotCache, Key, keep, matches
from server.web.incoming import PATH, QUERY_HASH
from server.web.stream import GZIP_FROM, Begun, Encoder, Stream, gzipped
from server.web.validity import Validity, caching_headers, takes_gzip


def not_modified(valid: Validity) -> Response | None:
    """304 when the client holds this very answer, in either coding."""
    header = request.headers.get("If-None-Match", "")
    for etag in (valid.etag, valid.coded_etag):
        if valid.etag and header and matches(header, etag):
            response = Response(status=304)
            _describe(response, replace(valid, etag=etag), coded=False)
            return response
    return None


def whole(body: bytes, content_type: str, valid: Validity) -> Response:
    """A response with a known length, gzipped when it pays and the client takes it."""
    coded = len(body) >= GZIP_FROM and _takes_gzip()
    response = Response(gzipped(body) if coded else body, content_type=content_type)
    _describe(response, valid, coded=coded)
    _remember(response, valid)
    return response


def streamed(begun: Begun, content_type: str, valid: Validity, *, prefix: bytes = b"") -> Response:
    """The engine's answer as a response: whole when it is small, else streamed; `prefix` goes before its first byte."""
    if begun.complete:
        return whole(prefix + begun.head, content_type, valid)
    cache, coded = current_site().cache, _takes_gzip()
    response = Response(content_type=content_type)
    _describe(response, valid, coded=coded)
    keeper = _Keeper(response, request_key(request), cache, g.generation, valid)
    encoder = Encoder(gzip=coded, keep=cache.entry_bytes, finished=keeper)
    response.response = Stream(prefix + begun.head, begun.chunks, encoder)
    _name(valid)
    return response


class _Keeper:
    """Puts a streamed body into the cache when it has been sent to its end."""

    def __init__(self, response: Response, key: Key | None, cache: HotCache, generation: int, valid: Validity) -> None:
        self._parts = (response, key, cache, generation, valid)

    def __call__(self, body: bytes) -> None:
        response, key, cache, generation, valid = self._parts
        headers = (*response.headers.items(), ("Content-Length", str(len(body))))
        keep(cache, key, headers, Answered(body, query_hash(valid.text), generation))


def request_key(req: Request) -> Key | None:
    """What makes two requests the same for the cache; None when the request is not one to keep an answer for."""
    if req.method != "GET" or not req.headers.get("Host") or "Content-Encoding" in req.headers:
        return None
    header = req.headers.get
    return (
        header("Host", ""),
        req.environ.get(PATH, req.path),
        req.environ.get("QUERY_STRING", ""),
        header("Accept", ""),
        header("Accept-Encoding", ""),
        header("Accept-Language", ""),
    )


def _takes_gzip() -> bool:
    return takes_gzip(request.headers.get("Accept-Encoding", ""))


def _describe(response: Response, valid: Validity, *, coded: bool) -> None:
    """The caching headers."""
    for name, value in caching_headers(current_site(), valid, coded=coded):
        response.headers[name] = value


def _name(valid: Validity) -> None:
    """Give the query's hash to the access log."""
    if valid.text:
        g.query_hash = request.environ[QUERY_HASH] = query_hash(valid.text)


def _remember(response: Response, valid: Validity) -> None:
    """Have the finished response kept; its headers are only final after every after_request."""
    _name(valid)
    if "ETag" in response.headers:
        g.stored_key = request_key(request)
        g.store_whole = True


def init_cache(app: Flask) -> None:
    """Note the release's generation before each request, and keep finished answers after it."""
    app.before_request(_note_generation)
    app.after_request(_keep_whole)


def _note_generation() -> None:
    g.generation = current_site().cache.generation


def _keep_whole(response: Response) -> Response:
    """Put a finished whole response into the cache; registered first and so called last, when the headers are final."""
    if g.get("store_whole") and response.status_code == 200:
        answered = Answered(response.get_data(), g.get("query_hash", ""), g.generation)
        keep(current_site().cache, g.stored_key, response.headers.items(), answered)
    return response
