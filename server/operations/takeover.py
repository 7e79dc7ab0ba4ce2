"""The serving process that SIGHUP replaces is told to stop when the next one serves, however long that takes to start.

granian waits a fixed time between the two. On a machine that is busy the next one is not there by then, and connections
would be refused; so the supervising process, whose main thread is the one that waits, is held in a signal handler.
"""

from __future__ import annotations

import asyncio
import atexit
import multiprocessing
import os
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from server.operations.grace import GRACE

FOLDER = "REGISTERGRAF_SERVING"  # in the environment: a folder with a file for each process that has come to serve
INTERVAL = 2.0  # seconds that granian waits
_LOOK = 0.5  # seconds from the start of the next one to the look at it, within the interval
_MOST = 120.0  # seconds after which the old one is stopped whatever the next one does
_LISTENS = 0.3  # seconds from the end of starting up until the HTTP server surely listens


async def tell_supervisor() -> None:
    """From the serving process: it serves now; does nothing without a supervisor."""
    await asyncio.sleep(_LISTENS)
    folder = os.environ.get(FOLDER)
    if folder:
        with suppress(OSError):  # A disk that takes nothing: the old one is stopped after _MOST seconds.
            (Path(folder) / str(os.getpid())).touch()


def tell_grace(children: set[int]) -> None:
    """Have serving processes end their answers, for they will be stopped."""
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, GRACE)


def children() -> set[int]:
    """The serving processes."""
    return {child.pid for child in multiprocessing.active_children() if child.pid is not None}


class TakeOver:
    """What the supervising process knows of a replacement; used on its main thread alone."""

    def __init__(self) -> None:
        """Nobody is replaced."""
        self._old: set[int] = set()
        self._given_up = False
        self._folder = Path(tempfile.mkdtemp(prefix="registergraf-"))

    def install(self) -> None:
        """Listen to the serving processes from now on."""
        os.environ[FOLDER] = str(self._folder)
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        signal.signal(signal.SIGALRM, self._hold)

    def begin(self) -> None:
        """Another serving process is about to be started."""
        self._old = children()
        for file in self._folder.iterdir():
            file.unlink()
        signal.setitimer(signal.ITIMER_REAL, _LOOK)

    def give_up(self) -> None:
        """All are to stop, so nobody waits for the next one."""
        self._given_up = True

    def _hold(self, number: int, frame: Any) -> None:
        """Return when the next one serves, or never will."""
        deadline = time.monotonic() + _MOST
        while self._awaits() and time.monotonic() < deadline:
            time.sleep(0.05)
        tell_grace(self._old)

    def _awaits(self) -> bool:
        """Whether a process is there that does not serve yet."""
        starting = (child for child in children() - self._old if not (self._folder / str(child)).exists())
        return not self._given_up and any(starting)
