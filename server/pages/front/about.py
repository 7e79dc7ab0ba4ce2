"""/about: what this is, its release, sources and licence, and how programs use it; /accessibility: the statement that
lag (2018:1937) om tillgänglighet till digital offentlig service asks for, with what was tested and what is lacking.
"""

from __future__ import annotations

from flask import Blueprint, Response

from server.pages.frame import page
from server.pages.links import to
from server.pages.words.wording import gettext as _
from server.service import current_service

blueprint = Blueprint("about", __name__)
ASSESSED = "2026-11-28"  # when the statement was last gone through, sentence by sentence


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


@blueprint.get("/accessibility")
def accessibility() -> Response:
    """The accessibility statement."""
    site = current_service()
    return page(
        site,
        "accessibility.html",
        assessed=ASSESSED,
        operator=site.settings.operator_name,
        email=site.settings.operator_email,
        crumbs=[(_("About"), to("/about")), (_("Accessibility"), "")],
    )
