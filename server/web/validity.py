"""How long and for whom an answer holds: its validator, and the headers by which caches go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import pyoxigraph
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from server.web.served import Served


@dataclass(frozen=True, slots=True)
class Validity:
    """`etag` is quoted, for the identity coding, and empty when each answer is another.

    `vary` names the request headers that chose the answer; `text` is the query, for the log's hash.
    """

    etag: str
    vary: tuple[str, ...]
    text: str
    release: str

    @property
    def coded_etag(self) -> str:
        """The validator of the gzipped answer."""
        return self.etag[:-1] + '-gzip"' if self.etag else ""


def validity(
    service: Served, *parts: str, vary: Iterable[str] = (), text: str = "", repeatable: bool = True
) -> Validity:
    """A strong validator over the software, the release and everything else that changes the bytes."""
    release = service.engine.release
    digest = hashlib.sha256("\x1f".join((software(), release, *parts)).encode("utf-8", "surrogatepass")).hexdigest()
    tag = f'"{digest[:32]}"' if repeatable else ""
    return Validity(tag, ("Accept", "Accept-Encoding", *vary), text, release)


def caching_headers(service: Served, valid: Validity, *, coded: bool) -> list[tuple[str, str]]:
    """The caching headers; a release that was switched while the answer was made leaves it without a validator."""
    headers = [("Vary", ", ".join(valid.vary))]
    if coded:
        headers.append(("Content-Encoding", "gzip"))
    if not valid.etag or service.engine.release != valid.release:
        return [*headers, ("Cache-Control", "no-store")]
    etag = valid.coded_etag if coded else valid.etag
    return [*headers, ("ETag", etag), ("Cache-Control", f"public, max-age={service.settings.max_age}")]


@lru_cache(1)
def software() -> str:
    """What is running, as a digest of every file of the two packages: an upgrade changes what is rendered."""
    digest = hashlib.sha256(pyoxigraph.__version__.encode())
    for package in ("loader", "server"):
        root = Path(str(files(package)))
        for path in sorted(root.rglob("*.*")):
            if path.suffix in _RENDERING:
                digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


_RENDERING = frozenset({".py", ".html", ".css", ".js", ".svg", ".json"})
_LONGEST = 1024  # characters of Accept-Encoding; who sends more gets the identity coding


@lru_cache(64)
def takes_gzip(accept_encoding: str) -> bool:
    """Whether the client accepts gzip (RFC 9110, section 12.5.3).

    >>> takes_gzip("gzip;q=0, br"), takes_gzip("deflate, gzip"), takes_gzip("")
    (False, True, False)
    """
    return 0 < len(accept_encoding) <= _LONGEST and parse_accept_header(accept_encoding, Accept)["gzip"] > 0
