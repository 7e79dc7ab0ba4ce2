"""The slow-query log: the only place that holds query texts, off unless a file is named."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

from server.web.access_log import query_hash

_log = logging.getLogger("registergraf")


class SlowLog:
    """Appends one JSON line per query that took at least `seconds`; without a file it does nothing."""

    def __init__(self, file: str, seconds: float) -> None:
        """Nothing is opened until there is something to write."""
        self._file = Path(file) if file else None
        self._seconds = seconds
        self._lock = threading.Lock()

    def note(self, text: str, seconds: float, outcome: str) -> None:
        """Write the query down when it was slow."""
        if self._file is None or seconds < self._seconds:
            return
        line = json.dumps(
            {"query_hash": query_hash(text), "seconds": round(seconds, 3), "outcome": outcome, "query": text}
        )
        try:
            with self._lock, self._file.open("a", encoding="utf-8") as out:
                out.write(line + "\n")
        except OSError as error:  # A log that cannot be written never touches an answer.
            _log.error("slow log: %s", error)
