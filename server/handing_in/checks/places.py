"""The places in which checks run, and the queue before them: holders before strangers, each client within a share."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_RUNNING_OF_ONE = 1  # checks of one stranger that run at a time
_WAITING_OF_ONE = 2  # requests of one client that wait
_WAITING = 16  # requests that wait in all, of holders and of strangers each


class NoPlace(Exception):  # noqa: N818 - named for what happened
    """No place came free, or too many wait already; `seconds` is when one is expected."""

    def __init__(self, seconds: int) -> None:
        """Say when a place is expected."""
        super().__init__(f"All places for checks are taken; one is expected in {seconds} s.")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Asker:
    """Who has something checked: the key of the client or account, and whether it is one that holds a register."""

    key: str = ""
    holder: bool = False


@dataclass(slots=True, eq=False)
class _Turn:
    """One request that waits."""

    asker: Asker
    called: threading.Event = field(default_factory=threading.Event)


class Places:
    """So many checks `at_once`; all but one of the places, if there are several, may be strangers'.

    Whoever finds no place waits at most `patience` seconds. From any thread.
    """

    def __init__(self, at_once: int, patience: float) -> None:
        """All places are free."""
        self._at_once, self._patience = max(at_once, 1), patience
        self._for_strangers = max(self._at_once - 1, 1)
        self._waiting: list[_Turn] = []
        self._running: dict[_Turn, float] = {}
        self._usual = 1.0  # seconds that a check takes, smoothed
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, asker: Asker) -> Iterator[None]:
        """A place for as long as the context lasts; NoPlace when there is none in time."""
        turn = _Turn(asker)
        with self._lock:
            self._queue(turn)
            self._call()
        try:
            if not turn.called.wait(self._patience):
                raise NoPlace(self.expected(asker))
            yield
        finally:
            with self._lock:
                self._leave(turn)
                self._call()

    def expected(self, asker: Asker) -> int:
        """The whole seconds until a place for this one is expected: those before it, at the usual pace of checks."""
        before = sum(1 for turn in self._waiting if turn.asker.holder >= asker.holder)
        places = self._at_once if asker.holder else self._for_strangers
        return max(1, math.ceil(self._usual * (before + 1) / places))

    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    def _queue(self, turn: _Turn) -> None:
        own = sum(1 for other in self._waiting if other.asker == turn.asker)
        alike = sum(1 for other in self._waiting if other.asker.holder == turn.asker.holder)
        if own >= _WAITING_OF_ONE or alike >= _WAITING:
            raise NoPlace(self.expected(turn.asker))
        self._waiting.append(turn)

    def _call(self) -> None:
        """Call those who may run now: holders first, then in the order in which they came."""
        for turn in sorted(self._waiting, key=lambda turn: not turn.asker.holder):
            if self._may_run(turn.asker):
                self._waiting.remove(turn)
                self._running[turn] = time.monotonic()
                turn.called.set()

    def _may_run(self, asker: Asker) -> bool:
        if len(self._running) >= self._at_once:
            return False
        strangers = Counter(turn.asker.key for turn in self._running if not turn.asker.holder)
        return asker.holder or (strangers.total() < self._for_strangers and strangers[asker.key] < _RUNNING_OF_ONE)

    def _leave(self, turn: _Turn) -> None:
        begun = self._running.pop(turn, None)
        if begun is None:
            self._waiting.remove(turn)
        else:
            self._usual += (time.monotonic() - begun - self._usual) / 4
