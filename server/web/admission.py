"""Who is let in: each client's rate, its requests in flight, and the bytes of bodies on their way, all bounded."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import Counter, OrderedDict
from functools import lru_cache


@lru_cache(1024)
def client_key(address: str) -> str:
    """What is counted as one client: an IPv4 address, or an IPv6 network of 64 bits, which is what one customer gets.

    >>> client_key("2001:db8:1:2:3::4")
    '2001:db8:1:2::'
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Address(int(found) >> 64 << 64))


def address_of(peer: str, forwarded: str, trusted_proxies: int) -> str:
    """A client's address: the peer's, or what the outermost trusted proxy says it was (X-Forwarded-For)."""
    items = [item.strip() for item in forwarded.split(",") if item.strip()] if trusted_proxies else []
    return items[-trusted_proxies] if items and len(items) >= trusted_proxies else peer


class RateLimit:
    """A token bucket per client: `rate` tokens per second, `burst` at most; the least recently seen of more than
    `clients` is forgotten.
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


class InFlight:
    """What clients hold at a time, counted in units such as requests or bytes; for one thread."""

    def __init__(self, most: int, share: int) -> None:
        """At most `most` in all and `share` for each client."""
        self._most, self._share = most, share
        self._held: Counter[str] = Counter()
        self._all = 0

    def take(self, client: str, units: int = 1) -> bool:
        """Whether so many more may be held; those who hold nothing get in as long as there is room at all."""
        if self._all + units > self._most or self._held[client] + units > self._share:
            if not self._held[client]:
                del self._held[client]
            return False
        self._held[client] += units
        self._all += units
        return True

    def give_back(self, client: str, units: int = 1) -> None:
        """They are held no longer."""
        self._all -= units
        self._held[client] -= units
        if self._held[client] <= 0:
            del self._held[client]
