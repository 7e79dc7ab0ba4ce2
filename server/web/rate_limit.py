"""A token bucket per client, in a table of bounded size."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict


class RateLimit:
    """`rate` tokens per second and client, `burst` at most; the least recently seen of more than `clients` is
    forgotten.
    """

    def __init__(self, rate: float, burst: int, clients: int) -> None:
        """Nobody has called yet."""
        self._rate = rate
        self._burst = max(burst, 1)
        self._clients = max(clients, 1)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: str, now: float | None = None) -> int:
        """Take one token: 0 when there was one, else the whole seconds until there is; a rate of 0 limits nobody."""
        if not self._rate:
            return 0
        moment = time.monotonic() if now is None else now
        with self._lock:
            tokens, seen = self._buckets.pop(client, (float(self._burst), moment))
            tokens = min(self._burst, tokens + (moment - seen) * self._rate)
            allowed = tokens >= 1
            self._buckets[client] = (tokens - 1 if allowed else tokens, moment)
            if len(self._buckets) > self._clients:
                self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - tokens) / self._rate))
