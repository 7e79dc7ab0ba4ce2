"""Whole answers kept for identical requests: bounded in bytes, least recently used out first, emptied by a new
release.
"""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

Key = tuple[str, ...]
RawHeaders = tuple[tuple[bytes, bytes], ...]
_LONGEST_KEY = 32_768  # what a client invents must not fill the memory
_OF_THE_BODY = (b"content-length", b"content-type", b"content-encoding")


@dataclass(frozen=True, slots=True)
class Stored:
    """One 200 answer as it goes to the socket; `query_hash` names its query in the access log.

    `headers` are those of the 200, `headers_304` those of a 304, both with names in lower case; `etag` is quoted.
    """

    headers: RawHeaders
    headers_304: RawHeaders
    body: bytes
    etag: str
    query_hash: str


def make_stored(headers: Iterable[tuple[bytes, bytes]], body: bytes, query_hash: str) -> Stored:
    """An entry from the final headers of an answer, among them its ETag."""
    raw = tuple(headers)
    short = tuple(item for item in raw if item[0] not in _OF_THE_BODY)
    return Stored(raw, short, body, dict(raw)[b"etag"].decode("latin-1"), query_hash)


class AnswerCache:
    """Answers by request key; safe for threads.

    An entry is only taken when the release it came from still answers: `generation` is read before the query is run
    and given back with the answer.
    """

    def __init__(self, most_bytes: int, entry_bytes: int) -> None:
        """Hold at most `most_bytes`; an answer over `entry_bytes` is not kept."""
        self.entry_bytes = min(entry_bytes, most_bytes)
        self.generation = 0
        self._most_bytes = most_bytes
        self._entries: OrderedDict[Key, Stored] = OrderedDict()
        self._bytes = self._hits = self._misses = 0
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

    def peek(self, key: Key) -> Stored | None:
        """As `get`, but counts neither hit nor miss: for a request that was counted before."""
        with self._lock:
            stored = self._entries.get(key)
            if stored is not None:
                self._entries.move_to_end(key)
            return stored

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
            while self._bytes > self._most_bytes:
                self._bytes -= _cost(*self._entries.popitem(last=False))

    def clear(self) -> None:
        """Forget everything: another release answers now."""
        with self._lock:
            self.generation += 1
            self._entries.clear()
            self._bytes = 0

    def figures(self) -> tuple[int, int, int, int]:
        """Hits, misses, entries, bytes."""
        with self._lock:
            return self._hits, self._misses, len(self._entries), self._bytes


def matches(if_none_match: str, etag: str) -> bool:
    """Whether an If-None-Match header names this ETag (weak comparison, RFC 9110 section 13.1.2).

    >>> matches('"a", W/"b"', '"b"'), matches("*", '"b"'), matches('"a"', '"b"')
    (True, True, False)
    """
    parts = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return etag in parts or parts == ["*"]


def _cost(key: Key, stored: Stored) -> int:
    """The bytes that an entry takes, about."""
    heads = sum(len(name) + len(value) + 150 for name, value in stored.headers)
    return len(stored.body) + heads + 1024 + _key_bytes(key)


def _key_bytes(key: Key) -> int:
    return sum(map(sys.getsizeof, key))
