"""Who may call, and what every response carries: the per-client rate limit, CORS, and security headers."""

from __future__ import annotations

from flask import Flask, Response, request

from server.engine.caller import CALLER, Caller
from server.web.admission import RateLimit, address_of, client_key
from server.web.asgi.environ import CALLER as CALLER_KEY
from server.web.asgi.environ import LATE
from server.web.problem import Problem
from server.web.served import Served

COMMON_HEADERS: tuple[tuple[str, str], ...] = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Link, Retry-After, X-Request-Id, Registergraf-Explanation"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)
_FREE = ("/health", "/ready", "/metrics")
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_access(app: Flask, service: Served) -> None:
    """Limit each client's rate, and give every response, errors too, its common headers."""

    def check() -> None:
        caller = request.environ.get(CALLER_KEY) or Caller(client_key(client_address(service.settings.trusted_proxies)))
        CALLER.set(caller)
        if request.path not in _FREE and not request.path.startswith("/static/"):
            _check_rate(service.limit, caller.key)
        _check_form()

    app.before_request(check)
    app.after_request(_common_headers)


def client_address(trusted_proxies: int) -> str:
    """The address of the client that sends this request."""
    return address_of(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""), trusted_proxies)


def _check_form() -> None:
    """Refuse what no route can answer: no readable host, a late body, a compressed one. Raises Problem."""
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


def _check_rate(limit: RateLimit, client: str) -> None:
    wait = limit.take(client)
    if wait:
        raise Problem(
            "rate-limited",
            f"This address sends too many requests; wait {wait} s.",
            f"Den här adressen skickar för många anrop; vänta {wait} s.",
            headers={"Retry-After": str(wait)},
            members={"limit": "rate"},
        )


def _common_headers(response: Response) -> Response:
    headers = response.headers
    for name, value in COMMON_HEADERS:
        headers[name] = value
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", CSP)
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match"
        headers["Access-Control-Max-Age"] = "86400"
    return response
