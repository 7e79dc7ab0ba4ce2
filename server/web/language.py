"""The language of a page: `?lang=`, else the Accept-Language header, else Swedish."""

from __future__ import annotations

from flask import request

LANGUAGES = ("sv", "en")


def language() -> str:
    """`sv` or `en` for the current request."""
    wanted = request.args.get("lang", "") or request.form.get("lang", "")
    if wanted in LANGUAGES:
        return wanted
    accepted = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((tag for tag in accepted if tag in LANGUAGES), "sv")
