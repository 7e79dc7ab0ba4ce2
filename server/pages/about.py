"""/about: what this is, its release, sources and licence, how accessible it is, and how programs use it."""

from __future__ import annotations

from flask import Blueprint, Response

from server.pages.frame import page
from server.pages.wording import gettext as _
from server.service import current_service

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
def about() -> Response:
    """The page about the service."""
    site = current_service()
    manifest = site.release.manifest
    return page(
        site,
        "about.html",
        graphs=sorted(site.graphs.items()),
        sources=manifest.get("sources", {}),
        statements=sum(site.graphs.values()),
        crumbs=[(_("About"), "")],
    )
