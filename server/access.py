"""Who may call, and what every response carries: the per-client rate limit, CORS, and security headers."""

from __future__ import annotations

from flask import Flask, Response, request

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
        if settings.rate_per_minute and not request.path.startswith(_FREE):
            _check_rate(limit, client_address(settings.trusted_proxies))

    app.before_request(check)
    app.after_request(_common_headers)


def client_address(trusted_proxies: int) -> str:
    """The client's address: the peer's, or what the outermost trusted proxy says it was."""
    forwarded = [item.strip() for item in request.headers.get("X-Forwarded-For", "").split(",") if item.strip()]
    if trusted_proxies and len(forwarded) >= trusted_proxies:
        return forwarded[-trusted_proxies]
    return request.remote_addr or ""


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
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After, Registergraf-Explanation"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    if response.mimetype == "text/html":
        headers["Content-Security-Policy"] = CSP
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match"
        headers["Access-Control-Max-Age"] = "86400"
    return response
