"""/releases, /releases/OLD/diff/NEW and /changes: what was published, and what a copy needs to follow."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from server.pages.frame import page
from server.pages.links import to
from server.pages.releases.kept import Kept, compared, kept, lines, version_of
from server.pages.words.wording import gettext as _
from server.pages.words.wording import ngettext, spoken
from server.service import BASE, Service, current_service
from server.web.addresses import host
from server.web.media import Format
from server.web.negotiation import choose
from server.web.problem import Problem

blueprint = Blueprint("releases", __name__)
_JSON = Format("json", "application/json", (), "json", "")
_HTML = Format("html", "text/html", ("application/xhtml+xml",), "html", "")
_OFFERS = (_JSON, _HTML)
_FILES = ("added.nq", "removed.nq")
_N_QUADS = "application/n-quads; charset=utf-8"


@blueprint.get("/releases")
def every() -> Response:
    """The releases, the newest first."""
    site = current_service()
    found = kept(site)
    if _wants_json():
        return jsonify({"releases": [_told(site, one) for one in found]})
    pairs = list(zip(found, [*found[1:], None], strict=True))
    title = ngettext("One release is kept here", "%(num)s releases are kept here", len(found))
    return page(
        site, "releases.html", pairs=pairs, title=title, crumbs=[(_("About"), to("/about")), (_("Releases"), "")]
    )


@blueprint.get("/releases/<old>/diff/<new>")
def diff(old: str, new: str) -> Response:
    """What goes, changes and comes, record by record in words."""
    site = current_service()
    old, new = version_of(site, old), version_of(site, new)
    found = compared(site, old, new)
    if _wants_json():
        told = {name: value for name, value in found.items() if name != "things"}
        return jsonify({"from": old, "to": new, **told, "files": _files(site, old, new)})
    place = 0 if spoken() == "sv" else 1
    return page(
        site,
        "difference.html",
        old=old,
        new=new,
        found=found,
        language=("sv", "en")[place],
        title=_title(found["counts"]),
        crumbs=[(_("Releases"), to("/releases")), (f"{old} → {new}", "")],
    )


@blueprint.get("/releases/<old>/diff/<new>/<any('added.nq', 'removed.nq'):file>")
def statements(old: str, new: str, file: str) -> Response:
    """The statements that came, or went, as N-Quads."""
    site = current_service()
    body = lines(site, version_of(site, old), version_of(site, new), file.partition(".")[0])
    return Response(body, content_type=_N_QUADS)


@blueprint.get("/changes")
def changes() -> Response:
    """What a copy that has the release `since` needs to become the current one, deletions first."""
    site = current_service()
    since, now = request.args.get("since", ""), site.engine.release
    if not since:
        raise Problem(
            "bad-request",
            "Say which release you have: /changes?since=VERSION; /releases lists them.",
            "Säg vilken utgåva du har: /changes?since=VERSION; /releases räknar upp dem.",
        )
    old = version_of(site, since)
    found = compared(site, old, now)
    things = {change: [f"{BASE}id/{path}" for path in paths] for change, paths in found["things"].items()}
    return jsonify(
        {
            "from": old,
            "to": now,
            "deleted": things["removed"],
            "changed": things["changed"],
            "new": things["new"],
            "files": _files(site, old, now),
        }
    )


def _wants_json() -> bool:
    return choose(request.headers.get("Accept", ""), _OFFERS, wanted=request.args.get("format", "")) is _JSON


def _told(site: Service, one: Kept) -> dict[str, Any]:
    return {"version": one.version, "published": one.published.isoformat(timespec="seconds"), "current": one.current}


def _files(site: Service, old: str, new: str) -> dict[str, str]:
    base = f"{host(site)}/releases/{old}/diff/{new}"
    return {name.partition(".")[0]: f"{base}/{name}" for name in _FILES}


def _title(counts: dict[str, int]) -> str:
    if not any(counts.values()):
        return _("The two releases say the same of everything")
    gone, changed, new = counts["removed"], counts["changed"], counts["new"]
    told = (
        ngettext("one thing goes", "%(num)s things go", gone) if gone else "",
        ngettext("one changes", "%(num)s change", changed) if changed else "",
        ngettext("one is new", "%(num)s are new", new) if new else "",
    )
    title = ", ".join(part for part in told if part)
    return title[:1].upper() + title[1:]
