"""The headers that every response carries, whoever makes it: the application, the hot path or the HTTP library."""

from __future__ import annotations

from collections.abc import Iterable

RawHeaders = tuple[tuple[bytes, bytes], ...]

COMMON_HEADERS: tuple[tuple[str, str], ...] = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Link, Retry-After, Registergraf-Explanation"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)


def raw_headers(headers: Iterable[tuple[str, str]]) -> RawHeaders:
    """The headers as they go to the socket, with their names in lower case."""
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers)
