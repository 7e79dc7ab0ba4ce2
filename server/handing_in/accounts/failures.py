"""How often a client may fail to show a usable token before it has to wait."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from server.web.admission import RateLimit, client_key

_MOST = 10_000


class FailureLimit:
    """Counts failures by client; whoever fails more often than `per_minute` is told to wait before showing another."""

    def __init__(self, per_minute: int) -> None:
        """Nobody has failed yet; 0 turns the limit off."""
        self._limit = RateLimit(per_minute / 60, per_minute, _MOST) if per_minute else None
        self._until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str, moment: float | None = None) -> int:
        """The whole seconds for which the client must not try; 0 when it may."""
        with self._lock:
            left = self._until.get(client_key(address), 0.0) - (time.monotonic() if moment is None else moment)
        return max(0, int(left + 0.999))

    def failed(self, address: str, moment: float | None = None) -> None:
        """Count a failure."""
        if self._limit is None:
            return
        client, at = client_key(address), time.monotonic() if moment is None else moment
        wait = self._limit.take(client, at)
        if wait:
            with self._lock:
                self._until[client] = at + wait
                self._until.move_to_end(client)
                while len(self._until) > _MOST:
                    self._until.popitem(last=False)
