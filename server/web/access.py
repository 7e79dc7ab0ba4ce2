"""Who may call, and what every response carries: the per-client rate limit, CORS, and security headers."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from flask import Flask, Response, request

from server.engine.caller import Caller
from server.query.answering import CALLER
from server.service import current_site
from server.settings import Settings
from server.web.headers import COMMON_HEADERS
from server.web.incoming import CALLER as CALLER_KEY
from server.web.incoming import LATE
from server.web.problem import Problem

_FREE = ("/health", "/ready", "/metrics")
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_access(app: Flask, settings: Settings) -> None:
    """Limit each client's rate, and give every response, errors too, its common headers."""

    def check() -> None:
        caller = request.environ.get(CALLER_KEY) or Caller()
        CALLER.set(caller)
        if not caller.key:  # else the express lane has let him in
            caller.key = client_key(client_address(settings.trusted_proxies))
            if request.path not in _FREE and not request.path.startswith("/static/"):
                _check_rate(caller.key)
        _check_form()

    app.before_request(check)
    app.after_request(_common_headers)


def client_address(trusted_proxies: int) -> str:
    """The address of the client that sends this request."""
    return address_of(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""), trusted_proxies)


def address_of(peer: str, forwarded: str, trusted_proxies: int) -> str:
    """A client's address: the peer's, or what the outermost trusted proxy says it was (X-Forwarded-For)."""
    items = [item.strip() for item in forwarded.split(",") if item.strip()] if trusted_proxies else []
    return items[-trusted_proxies] if items and len(items) >= trusted_proxies else peer


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


def _check_form() -> None:
    """What no route wants: a request without a readable host, late, or in a coding that nobody undoes."""
    if not request.host or ("HTTP_HOST" not in request.environ and request.environ["SERVER_PROTOCOL"] == "HTTP/1.1"):
        raise Problem(
            "bad-request",
            "The header Host must name this server, once.",
            "Rubriken Host ska ange den här servern, en gång.",
        )
    if request.environ.get(LATE):
        raise Problem(
            "request-timeout",
            "The request's body did not come in time.",
            "Begärans innehåll kom inte fram i tid.",
            headers={"Connection": "close"},
        )
    if request.headers.get("Content-Encoding", "").strip().lower() not in ("", "identity"):
        raise Problem(
            "unsupported-media-type",
            "A body must not be compressed: Content-Encoding is not supported.",
            "Innehållet får inte vara komprimerat: Content-Encoding stöds inte.",
            headers={"Accept-Encoding": "identity"},
        )


def _check_rate(client: str) -> None:
    site = current_site()
    wait = site.limit.take(client)
    if wait:
        site.metrics.limited.inc()
        raise Problem(
            "rate-limited",
            f"This address sends too many requests; wait {wait} s.",
            f"Den här adressen skickar för många anrop; vänta {wait} s.",
            headers={"Retry-After": str(wait)},
        )


def _common_headers(response: Response) -> Response:
    headers = response.headers
    for name, value in COMMON_HEADERS:
        headers[name] = value
    if response.mimetype == "text/html":
        headers["Content-Security-Policy"] = CSP
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match"
        headers["Access-Control-Max-Age"] = "86400"
    return response
