"""The access log: one JSON line per request, with the query's hash but never its text, and no client address.

A client appears as eight hex digits keyed by a secret that lives as long as the process: requests of one client can
be seen
together, but not traced to an address afterwards.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import sys
import threading
import time
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, NamedTuple

_FLUSH_SECONDS = 0.5
_log = logging.getLogger("registergraf")
_LONG = 256  # characters of a path that is not remembered
_remembered = lru_cache(1024)(json.dumps)


def query_hash(text: str) -> str:
    """16 hex digits that name a query in the logs without telling it; nothing for no query."""
    return text and hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Entry(NamedTuple):
    """One finished request, named `request`: `begun` by time.perf_counter, `cache` is hit, miss or empty when the cache
    has no part in it.
    """

    scope: dict[str, Any]
    request: str
    status: int
    sent: int
    begun: float
    query_hash: str
    cache: str


class AccessLog:
    """Writes entries to a file, to standard output (`-`), or nowhere (empty); flushes twice a second."""

    def __init__(self, target: str) -> None:
        """Open the file for appending."""
        self._out: IO[str] | None = None
        if target:
            self._out = sys.stdout if target == "-" else Path(target).open("a", encoding="utf-8")  # noqa: SIM115 - closed by close()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._flusher = threading.Thread(target=self._flush, name="access-log", daemon=True)
        if self._out is not None:
            self._flusher.start()
        key = secrets.token_bytes(16)
        self._client = lru_cache(4096)(
            lambda address: hashlib.blake2b(address.encode(), key=key, digest_size=4).hexdigest()
        )

    def write(self, entry: Entry) -> None:
        """Append one line."""
        if self._out is None:
            return
        line = self._line(entry)
        try:
            with self._lock:
                self._out.write(line)
        except OSError as error:
            _report(error)

    def _line(self, entry: Entry) -> str:
        scope = entry.scope
        client = self._client((scope.get("client") or ("",))[0])
        milliseconds = (time.perf_counter() - entry.begun) * 1000
        return (
            f'{{"time":{time.time():.3f},"request":"{entry.request}","client":"{client}","method":{_quoted(scope["method"])},"path":{_quoted(scope["path"])},'
            f'"status":{entry.status},"bytes":{entry.sent},"ms":{milliseconds:.2f},"query":"{entry.query_hash}","cache":"{entry.cache}"}}\n'
        )

    def _flush(self) -> None:
        """Flush the gathered lines twice a second, on a thread, so that no request waits for the disk."""
        while self._out is not None and not self._closed.wait(_FLUSH_SECONDS):
            try:
                with self._lock:
                    self._out.flush()
            except OSError as error:
                _report(error)

    def close(self) -> None:
        """Write what is left, and close the file, if it is one."""
        self._closed.set()
        if self._out is None:
            return
        self._flusher.join()
        self._out.flush()
        if self._out is not sys.stdout:
            self._out.close()


def _report(error: OSError) -> None:
    """Report to the program's own log that the access log cannot be written (a full disk); the answers go on."""
    _log.error("access log: %s", error)


def _quoted(text: str) -> str:
    return _remembered(text) if len(text) <= _LONG else json.dumps(text)
