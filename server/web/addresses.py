"""The addresses of this server, and the IRIs that it serves under its own host."""

from __future__ import annotations

from flask import request

from server.web.served import Served


def host(service: Served) -> str:
    """Scheme and authority of this server as clients see it, without a final slash."""
    return service.settings.public_url.rstrip("/") or request.url_root.rstrip("/")
