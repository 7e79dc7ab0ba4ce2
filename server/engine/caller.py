"""Who asks a query: a key by which shares are kept fair, and whether he still waits for the answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import ContextVar


class Caller:
    """One request's client; `key` names him (empty: the server itself, which is held to no share)."""

    def __init__(self, key: str = "") -> None:
        """He waits."""
        self.key = key
        self._left = False
        self._stop: Callable[[], None] = _nothing
        self._lock = threading.Lock()

    @property
    def left(self) -> bool:
        """Whether he has gone."""
        return self._left

    def leave(self) -> None:
        """He goes: what runs for him is stopped. From any thread, any number of times."""
        with self._lock:
            self._left = True
            stop, self._stop = self._stop, _nothing
        stop()

    def on_leaving(self, stop: Callable[[], None]) -> None:
        """Have `stop` called when he goes, at once when he has gone; it takes the place of the one before."""
        with self._lock:
            left = self._left
            self._stop = _nothing if left else stop
        if left:
            stop()


def _nothing() -> None:
    """Nothing runs for him."""


# Who asks, in the request that a thread handles; what the server asks by itself is nobody's.
CALLER: ContextVar[Caller] = ContextVar("caller", default=Caller())  # noqa: B039 - nobody changes the default one
