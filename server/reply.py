"""Responses that caches may keep: strong ETags, 304, Cache-Control, Vary, gzip, and the in-process cache."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import Flask, Request, Response, g, request

from server.cache import HotCache, Key, make_stored, matches
from server.query_log import query_hash
from server.site import Site, current_site
from server.stream import GZIP_FROM, Begun, Stream, gzipped


@dataclass(frozen=True, slots=True)
class Validity:
    """How long and for whom an answer holds: `etag` (quoted, for the identity coding), empty when each answer is
    another.

    `vary` names the request headers that chose it; `text` is the query, for the log's hash.
    """

    etag: str
    vary: tuple[str, ...]
    text: str
    release: str


def validity(site: Site, *parts: str, vary: Iterable[str] = (), text: str = "", repeatable: bool = True) -> Validity:
    """A strong validator over the release and everything that changes the bytes."""
    release = site.engine.release
    digest = hashlib.sha256("\x1f".join((release, *parts)).encode("utf-8", "surrogatepass")).hexdigest()
    tag = f'"{digest[:32]}"' if repeatable else ""
    return Validity(tag, ("Accept", "Accept-Encoding", *vary), text, release)


def not_modified(valid: Validity) -> Response | None:
    """304 when the client holds this very answer, in either coding."""
    header = request.headers.get("If-None-Match", "")
    for etag in (valid.etag, _coded(valid.etag)):
        if valid.etag and header and matches(header, etag):
            response = Response(status=304)
            _describe(response, replace(valid, etag=etag))
            return response
    return None


def whole(body: bytes, content_type: str, valid: Validity) -> Response:
    """A response with a known length, gzipped when it pays and the client takes it."""
    coded = len(body) >= GZIP_FROM and takes_gzip(request)
    response = Response(gzipped(body) if coded else body, content_type=content_type)
    _describe(response, _coding(response, valid) if coded else valid)
    _remember(response, valid)
    return response


def streamed(begun: Begun, content_type: str, valid: Validity, *, prefix: bytes = b"") -> Response:
    """The engine's answer as a response: whole when it is small, else streamed; `prefix` goes before its first byte."""
    if begun.complete:
        return whole(prefix + begun.head, content_type, valid)
    site, coded = current_site(), takes_gzip(request)
    key, generation, cache = request_key(request), g.generation, site.cache
    response = Response(content_type=content_type)
    _describe(response, _coding(response, valid) if coded else valid)
    keeper = _Keeper(response, key, cache, generation, valid)
    response.response = Stream(prefix + begun.head, begun.chunks, gzip=coded, keep=cache.entry_bytes, finished=keeper)
    _name(valid)
    return response


class _Keeper:
    """Puts a streamed body into the cache when it has been sent to its end."""

    def __init__(self, response: Response, key: Key | None, cache: HotCache, generation: int, valid: Validity) -> None:
        self._parts = (response, key, cache, generation, valid)

    def __call__(self, body: bytes) -> None:
        response, key, cache, generation, valid = self._parts
        if key and response.headers.get("ETag"):
            headers = (*response.headers.items(), ("Content-Length", str(len(body))))
            cache.put(key, make_stored(headers, body, query_hash(valid.text)), generation)


def request_key(req: Request) -> Key | None:
    """What makes two requests the same for the cache; None when the request is not one to keep an answer for."""
    if req.method != "GET":
        return None
    header = req.headers.get
    return (
        header("Host", ""),
        req.environ.get("registergraf.path", req.path),
        req.environ.get("QUERY_STRING", ""),
        header("Accept", ""),
        header("Accept-Encoding", ""),
        header("Accept-Language", ""),
    )


def takes_gzip(req: Request) -> bool:
    """Whether the client accepts gzip (RFC 9110, section 12.5.3)."""
    return bool(req.headers.get("Accept-Encoding")) and req.accept_encodings["gzip"] > 0


def _coded(etag: str) -> str:
    return etag[:-1] + '-gzip"' if etag else ""


def _coding(response: Response, valid: Validity) -> Validity:
    response.headers["Content-Encoding"] = "gzip"
    return replace(valid, etag=_coded(valid.etag))


def _describe(response: Response, valid: Validity) -> None:
    """The caching headers; a release that was switched while the answer was made leaves it without a validator."""
    response.headers["Vary"] = ", ".join(valid.vary)
    if valid.etag and current_site().engine.release == valid.release:
        response.headers["ETag"] = valid.etag
        response.headers["Cache-Control"] = f"public, max-age={current_site().settings.max_age}"
    else:
        response.headers["Cache-Control"] = "no-store"


def _name(valid: Validity) -> None:
    """Give the query's hash to the access log."""
    if valid.text:
        g.query_hash = request.environ["registergraf.query_hash"] = query_hash(valid.text)


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
    key: Key | None = g.get("stored_key")
    if g.get("store_whole") and key and response.status_code == 200:
        body = response.get_data()
        current_site().cache.put(
            key, make_stored(response.headers.items(), body, g.get("query_hash", "")), g.generation
        )
    return response
