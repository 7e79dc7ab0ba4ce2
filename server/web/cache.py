"""Whole answers kept for identical requests: bounded in bytes, least recently used out first, emptied by a new
release.
"""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from server.web.headers import RawHeaders, raw_headers

Key = tuple[str, str, str, str, str, str]
REQUEST_BYTES = "registergraf.bytes"  # in a request's scope: what it came as, when it may be known by that again
# Of the index by the requests' own bytes: what a client invents must not fill the memory.
_MOST_HEADS = 4096
_LONGEST_KEY = 32_768
_MOST_HEAD_BYTES = 4_194_304


@dataclass(frozen=True, slots=True)
class Stored:
    """One 200 answer as it goes to the socket; `query_hash` names its query in the access log, `size` is what it
    costs to keep.

    `headers` are those of the 200, `headers_304` those of a 304, both with names in lower case; `etag` is quoted.
    `block` is `headers` as they go to the socket, with the empty line after them.
    """

    headers: RawHeaders
    headers_304: RawHeaders
    block: bytes
    body: bytes
    etag: str
    query_hash: str
    size: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A body as sent, the hash of its query, and the cache's generation before the query was run."""

    body: bytes
    query_hash: str
    generation: int


def make_stored(headers: Iterable[tuple[str, str]], body: bytes, query_hash: str) -> Stored:
    """An entry from the final headers of an answer, among them its ETag."""
    raw = raw_headers(headers)
    block = b"".join(name + b": " + value + b"\r\n" for name, value in raw) + b"\r\n"
    size = len(body) + 3 * len(block) + 1024
    short = tuple(item for item in raw if item[0] not in (b"content-length", b"content-type", b"content-encoding"))
    return Stored(raw, short, block, body, dict(raw)[b"etag"].decode("latin-1"), query_hash, size)


class HotCache:
    """Answers by (host, path, query string, Accept, Accept-Encoding, Accept-Language); safe for threads.

    An entry is only taken when the release it came from still answers: `generation` is read before the query is run
    and given back with the answer. An entry that has been served can be found by the bytes of a request for it, too.
    """

    def __init__(self, most_bytes: int, entry_bytes: int) -> None:
        """Hold at most `most_bytes`; an answer over `entry_bytes` is not kept."""
        self.most_bytes = most_bytes
        self.entry_bytes = min(entry_bytes, most_bytes)
        self.generation = 0
        self._entries: OrderedDict[Key, Stored] = OrderedDict()
        self._bytes = 0
        self._heads: dict[bytes, Key] = {}
        self._head_bytes = 0
        self._hits = 0
        self._misses = 0
        self._lock = threading.Lock()

    def get(self, key: Key) -> Stored | None:
        """The answer kept for a request, now the most recently used one."""
        with self._lock:
            stored = self._entries.get(key)
            if stored is None:
                self._misses += 1
                return None
            self._hits += 1
            self._entries.move_to_end(key)
            return stored

    def by_head(self, head: bytes) -> tuple[Key, Stored] | None:
        """The answer to a request of exactly these bytes, if they are known; a miss is not counted."""
        with self._lock:
            key = self._heads.get(head)
            if key is None:
                return None
            stored = self._entries.get(key)
            if stored is None:
                self._forget(head)
                return None
            self._hits += 1
            self._entries.move_to_end(key)
            return key, stored

    def know(self, head: bytes, key: Key) -> None:
        """From now on these bytes are a request for `key`, as long as its entry is kept; the oldest are forgotten."""
        with self._lock:
            if key not in self._entries or head in self._heads:
                return
            self._heads[head] = key
            self._head_bytes += len(head)
            while len(self._heads) > _MOST_HEADS or self._head_bytes > _MOST_HEAD_BYTES:
                self._forget(next(iter(self._heads)))

    def _forget(self, head: bytes) -> None:
        del self._heads[head]
        self._head_bytes -= len(head)

    def put(self, key: Key, stored: Stored, generation: int) -> None:
        """Keep an answer, unless it is too large or the release has changed meanwhile."""
        if len(stored.body) > self.entry_bytes or _key_bytes(key) > _LONGEST_KEY:
            return
        with self._lock:
            if generation != self.generation:
                return
            old = self._entries.pop(key, None)
            self._bytes += _cost(key, stored) - (_cost(key, old) if old else 0)
            self._entries[key] = stored
            while self._bytes > self.most_bytes:
                self._bytes -= _cost(*self._entries.popitem(last=False))

    def clear(self) -> None:
        """Forget everything: another release answers now."""
        with self._lock:
            self.generation += 1
            self._entries.clear()
            self._heads.clear()
            self._bytes = self._head_bytes = 0

    def figures(self) -> tuple[int, int, int, int]:
        """Hits, misses, entries, bytes."""
        with self._lock:
            return self._hits, self._misses, len(self._entries), self._bytes


def keep(cache: HotCache, key: Key | None, headers: Iterable[tuple[str, str]], answer: Answered) -> None:
    """Keep a finished 200 answer with its final headers, if the request has a key and the answer a validator."""
    headers = list(headers)
    if key and len(answer.body) <= cache.entry_bytes and any(name.lower() == "etag" for name, _ in headers):
        cache.put(key, make_stored(headers, answer.body, answer.query_hash), answer.generation)


def _cost(key: Key, stored: Stored) -> int:
    """The bytes that an entry takes, about."""
    return stored.size + _key_bytes(key)


def _key_bytes(key: Key) -> int:
    return sum(map(sys.getsizeof, key))


def matches(if_none_match: str, etag: str) -> bool:
    """Whether an If-None-Match header names this ETag (weak comparison, RFC 9110 section 13.1.2); `*` is not taken
    for a match.

    >>> matches('"a", W/"b"', '"b"')
    True
    """
    return any(part.strip().removeprefix("W/") == etag for part in if_none_match.split(","))
