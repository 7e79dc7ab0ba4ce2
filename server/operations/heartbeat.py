"""The serving process shows that it lives by a file, and the supervising one ends it when it has not for too long.

Beaten is on the event loop, so a process that is stopped, or whose loop is held by something that does not return, is
noticed; one that is only busy is not ended, nor one that is still starting, nor one whom too many connections reach.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

FILE = "REGISTERGRAF_HEARTBEAT"  # in the environment: the file's path
_EVERY = 1.0  # seconds
_log = logging.getLogger("registergraf")


async def beat() -> None:
    """Touch the file for as long as the process serves; does nothing without a supervisor."""
    name = os.environ.get(FILE)
    while name:
        try:
            Path(name).write_bytes(b"+")
        except OSError:  # A disk that takes nothing must not look like a process that hangs.
            return
        await asyncio.sleep(_EVERY)


class Watch:
    """Looks at the file on a thread; has `end` called when the last beat is more than `seconds` ago, twice in a row."""

    def __init__(self, file: Path, seconds: float, end: Callable[[], None]) -> None:
        """Nothing beats yet, and nobody looks."""
        self._file, self._seconds, self._end = file, seconds, end
        self._silent = 0

    def start(self) -> None:
        """Look from now on."""
        threading.Thread(target=self._run, name="heartbeat", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(min(self._seconds / 2, 5.0))
            self.look()

    def look(self) -> None:
        """One look; what is silent for the first time may be a machine that has slept."""
        try:
            found = self._file.stat()
        except OSError:
            return
        silent = found.st_size > 0 and time.time() - found.st_mtime > self._seconds
        self._silent = self._silent + 1 if silent else 0
        if self._silent > 1:
            self._silent = 0
            self._file.write_bytes(b"")
            _log.error("the serving process has not moved for %.0f s: it is ended and replaced", self._seconds)
            self._end()
