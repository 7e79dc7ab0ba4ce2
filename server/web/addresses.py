"""The addresses of this server, and the IRIs that it serves under its own host."""

from __future__ import annotations

from flask import request

from server.settings import Settings
from server.web.served import Served


def host(service: Served) -> str:
    """Scheme and authority of this server as clients see it, without a final slash."""
    seen = f"{'https' if is_secure(service.settings) else 'http'}://{request.host}"
    return service.settings.public_url.rstrip("/") or seen


def is_secure(settings: Settings) -> bool:
    """Whether the client speaks TLS: with us, with a proxy that is trusted, or by the address that we are told."""
    forwarded = request.headers.get("X-Forwarded-Proto", "") if settings.trusted_proxies else ""
    return request.scheme == "https" or forwarded == "https" or settings.public_url.startswith("https:")
