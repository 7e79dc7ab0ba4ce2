"""Ask an endpoint on the internet over a connection to an address that was checked: no rebinding, no redirects,
bounded.

The name is resolved once, every address must be public, and the connection goes to one of those very addresses; so a
name that
changes its mind between check and use (DNS rebinding) gains nothing. A redirect is an error, wherever it leads.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

Guard = Callable[[str], bool]
_PIECE = 65_536


class FetchRefused(Exception):  # noqa: N818 - a refusal, not a fault
    """The endpoint may not be asked, or did not answer as it must; the message says why."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most seconds and bytes for one fetch, and the guard that an address must pass."""

    seconds: float
    most: int
    guard: Guard


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also when it is IPv4 inside IPv6."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return (mapped or found).is_global and found.is_global and not found.is_multicast


def fetch_results(url: str, query: str, bounds: Bounds) -> bytes:
    """POST a query, and return the JSON results; FetchRefused for everything else than a complete 200."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise FetchRefused(f"{url} is no plain http or https address")
    deadline = time.monotonic() + bounds.seconds
    connection = _connect(parts, _address(parts, bounds.guard), bounds.seconds)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, query.encode("utf-8"), _HEADERS)
        connected = connection.sock
        with connection.getresponse() as response:
            return _read(response, connected, bounds.most, deadline)
    except (OSError, http.client.HTTPException) as error:
        raise FetchRefused(f"{url} failed: {error}") from error
    finally:
        connection.close()


_HEADERS = {
    "Content-Type": "application/sparql-query",
    "Accept": "application/sparql-results+json",
    "Accept-Encoding": "identity",
    "User-Agent": "registergraf",
    "Connection": "close",
}


def _address(parts: SplitResult, guard: Guard) -> tuple[str, int]:
    """The address to connect to: the name's first, when all of the name's addresses pass the guard."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        infos = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise FetchRefused(f"{parts.hostname} cannot be resolved: {error}") from error
    addresses = [str(info[4][0]) for info in infos]
    private = [address for address in addresses if not guard(address)]
    if private or not addresses:
        raise FetchRefused(f"{parts.hostname} leads to {', '.join(private) or 'no address'}, which is not public")
    return addresses[0], port


def _connect(parts: SplitResult, address: tuple[str, int], seconds: float) -> http.client.HTTPConnection:
    """A connection to the address, that speaks to the name: Host header, SNI and certificate."""
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", address[1], timeout=seconds)
    try:
        connection.sock = socket.create_connection(address, timeout=seconds)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=parts.hostname)
    except OSError as error:
        connection.close()
        raise FetchRefused(f"{parts.hostname} failed: {error}") from error
    return connection


def _read(response: http.client.HTTPResponse, sock: socket.socket, most: int, deadline: float) -> bytes:
    if response.status != 200:
        what = "a redirect, which is not followed" if 300 <= response.status < 400 else f"status {response.status}"
        raise FetchRefused(f"the endpoint answered with {what}")
    parts: list[bytes] = []
    size = 0
    while piece := response.read1(_PIECE):
        size += len(piece)
        parts.append(piece)
        if size > most:
            raise FetchRefused(f"the endpoint's answer is over {most} bytes")
        left = deadline - time.monotonic()
        if left <= 0:
            raise FetchRefused("the endpoint took too long")
        sock.settimeout(left)
    return b"".join(parts)
