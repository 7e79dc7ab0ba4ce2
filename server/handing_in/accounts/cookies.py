"""The cookies of a signed-in browser: never read by scripts, never sent with another site's forms, secret under TLS."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

from flask import Response, request

from server.settings import Settings
from server.web.addresses import is_secure

SESSION, FORM = "registergraf-session", "registergraf-form"


def cookie_name(name: str, *, secure: bool) -> str:
    """The name as it is sent: under TLS with the prefix that binds it to this host and to TLS (RFC 6265bis, 4.1.3)."""
    return f"__Host-{name}" if secure else name


def keep(response: Response, name: str, value: str, settings: Settings, seconds: int) -> None:
    """Have the browser keep a cookie for so many seconds."""
    secure = is_secure(settings)
    sent = cookie_name(name, secure=secure)
    response.set_cookie(sent, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="Lax")


def forget(response: Response, name: str, settings: Settings) -> None:
    """Have the browser drop a cookie."""
    keep(response, name, "", settings, 0)


def kept(name: str, settings: Settings) -> str:
    """What the browser keeps; empty when it keeps nothing."""
    return request.cookies.get(cookie_name(name, secure=is_secure(settings)), "")


def in_head(headers: Mapping[str, str]) -> str:
    """The session's name in a request's head, before its body has been read; under TLS or not."""
    try:
        found = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    names = (cookie_name(SESSION, secure=True), SESSION)
    return next((found[name].value for name in names if name in found), "")
