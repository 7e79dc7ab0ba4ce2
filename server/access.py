"""Who may call, and what every response carries: the per-client rate limit, CORS, and security headers."""

from __future__ import annotations

import ipaddress

from flask import Flask, Response, request

from server.answering import CALLER
from server.engine.caller import Caller
from server.headers import COMMON_HEADERS
from server.problem import Problem
from server.rate_limit import RateLimit
from server.settings import Settings
from server.site import current_site

_FREE = ("/health", "/ready", "/metrics", "/static/")
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_access(app: Flask, settings: Settings) -> None:
    """Limit each client's rate, and give every response, errors too, its common headers."""
    limit = RateLimit(settings.rate_per_minute / 60, settings.rate_burst, settings.rate_clients)

    def check() -> None:
        client = client_key(client_address(settings.trusted_proxies))
        _note_caller(client)
        if settings.rate_per_minute and not request.path.startswith(_FREE):
            _check_rate(limit, client)
        _check_form()

    app.before_request(check)
    app.after_request(_common_headers)


def client_address(trusted_proxies: int) -> str:
    """The client's address: the peer's, or what the outermost trusted proxy says it was."""
    forwarded = [item.strip() for item in request.headers.get("X-Forwarded-For", "").split(",") if item.strip()]
    if trusted_proxies and len(forwarded) >= trusted_proxies:
        return forwarded[-trusted_proxies]
    return request.remote_addr or ""


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


def _note_caller(client: str) -> None:
    """Tell the engine who asks; the gateway tells the caller when the client has gone."""
    caller = request.environ.get("registergraf.caller") or Caller()
    caller.key = client
    CALLER.set(caller)


def _check_form() -> None:
    """What no route wants: a request without a readable host, late, or in a coding that nobody undoes."""
    if not request.host or ("HTTP_HOST" not in request.environ and request.environ["SERVER_PROTOCOL"] == "HTTP/1.1"):
        raise Problem(
            "bad-request",
            "The header Host must name this server, once.",
            "Rubriken Host ska ange den här servern, en gång.",
        )
    if request.environ.get("registergraf.late"):
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


def _check_rate(limit: RateLimit, client: str) -> None:
    wait = limit.take(client)
    if wait:
        current_site().metrics.limited.inc()
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
