"""/reconcile and what belongs to it: the manifest, batches, suggestions, flyouts, previews and extension."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, render_template, request

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Thing
from server.pages.words.wording import spoken
from server.reconcile.candidates import candidates
from server.reconcile.extension import extended
from server.reconcile.kinds import (
    TYPES,
    about,
    key_of,
    kind_named,
    name_of,
    notable,
    properties,
    thing_of,
    type_of,
)
from server.reconcile.manifest import HEIGHT, WIDTH, manifest
from server.reconcile.reading import TEXT, read_extension, read_queries
from server.search.release import index
from server.search.words import folded
from server.service import Service, current_service
from server.web.problem import Problem
from server.web.reply import not_modified, whole
from server.web.validity import validity

blueprint = Blueprint("reconcile", __name__)
_SUGGESTED, _MOST = 10, 100
# A preview is shown in the frame of another site; nothing in it can be clicked but a link out of the frame.
_FRAMED = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


@blueprint.route("/reconcile", methods=["GET", "POST"])
@blueprint.route("/reconcile/", methods=["GET", "POST"])
def reconcile() -> Response:
    """The manifest; or the results of `queries=`, or of `extend=`, from the address or a form."""
    site = current_service()
    if queries := _given("queries"):
        batch = read_queries(queries)
        return _json({name: {"result": candidates(site, query)} for name, query in batch.items()})
    if extension := _given("extend"):
        return _json(extended(site, read_extension(extension)))
    if request.method == "POST":
        raise Problem(
            "bad-request", "The form has neither queries nor extend.", "Formuläret har varken queries eller extend."
        )
    return _json(manifest(site))


def _given(name: str) -> str:
    return request.form.get(name, "") or request.args.get(name, "")


@blueprint.get("/reconcile/properties")
def propose() -> Response:
    """Properties that tables can be extended with: those of a type, the most frequent first."""
    kind = _kind(request.args.get("type", ""))
    limit = _number("limit", _MOST)
    made: dict[str, Any] = {"properties": properties(current_service(), kind)[:limit], "limit": limit}
    return _json(made | ({"type": request.args["type"]} if kind else {}))


@blueprint.get("/reconcile/suggest/entity")
def suggest_entity() -> Response:
    """Entities for what has been typed, from a cursor on."""
    site, prefix, cursor = current_service(), _prefix(), _number("cursor", 0)
    kind = _kind(request.args.get("type", ""))
    kinds = (kind,) if kind else tuple(TYPES.values())
    hits = index(site).search(prefix, kinds=kinds, most=cursor + _SUGGESTED)[cursor:]
    things = catalogue(site).all(hit.iri for hit in hits)
    return _json({"result": [_entity(site, thing) for thing in things]})


def _entity(site: Service, thing: Thing) -> dict[str, Any]:
    made = {"id": key_of(thing), "name": name_of(thing), "notable": notable(site, thing)}
    return {**made, **({"description": text} if (text := about(site, thing)) else {})}


@blueprint.get("/reconcile/suggest/type")
def suggest_type() -> Response:
    """Types whose name or identifier holds what has been typed."""
    return _json({"result": _holding([type_of(current_service(), kind) for kind in TYPES.values()])})


@blueprint.get("/reconcile/suggest/property")
def suggest_property() -> Response:
    """Properties whose name or identifier holds what has been typed."""
    kind = _kind(request.args.get("type", ""))
    return _json({"result": _holding(properties(current_service(), kind))})


def _holding(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    prefix, cursor = folded(_prefix()), _number("cursor", 0)
    found = [row for row in rows if prefix in folded(row["name"]) or prefix in folded(row["id"])]
    return found[cursor : cursor + _MOST]


@blueprint.get("/reconcile/flyout/<what>")
def flyout(what: str) -> Response:
    """A few lines of HTML on an entity, a type or a property."""
    site, key = current_service(), request.args.get("id", "")[:TEXT]
    if what == "entity":
        return _json({"id": key, "html": render_template("reconcile/about.html", **_shown(site, key))})
    rows = {"type": [type_of(site, kind) for kind in TYPES.values()], "property": properties(site)}.get(what, [])
    row = next((row for row in rows if row["id"] == key), None)
    if row is None:
        raise _unknown(key)
    return _json({"id": key, "html": render_template("reconcile/about.html", title=row["name"], text=key, kind="")})


@blueprint.get("/reconcile/preview")
def preview() -> Response:
    """A small page on an entity, for the frame of another site."""
    site = current_service()
    valid = validity(site, "preview", request.full_path, spoken(), vary=("Accept-Language",))
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    shown = _shown(site, request.args.get("id", "")[:TEXT])
    page = render_template("reconcile/preview.html", language=spoken(), width=WIDTH, height=HEIGHT, **shown)
    response = whole(page.encode("utf-8"), "text/html; charset=utf-8", valid)
    response.headers["Content-Security-Policy"] = _FRAMED
    return response


def _shown(site: Service, key: str) -> dict[str, str]:
    thing = thing_of(site, key)
    if thing is None:
        raise _unknown(key)
    kind = type_of(site, thing.kind)["name"]
    return {"title": name_of(thing), "kind": kind, "text": about(site, thing), "address": f"/id/{key_of(thing)}"}


def _unknown(key: str) -> Problem:
    return Problem("not-found", f"There is no “{key[:80]}” here.", f"Här finns inget «{key[:80]}».")


def _kind(name: str) -> str:
    kind = kind_named(name) if name else ""
    if name and not kind:
        known = ", ".join(TYPES)
        raise Problem(
            "bad-request", f"type is not known. There is: {known}.", f"type är okänd. Det som finns: {known}."
        )
    return kind


def _prefix() -> str:
    return request.args.get("prefix", "")[:TEXT]


def _number(name: str, usual: int) -> int:
    text = request.args.get(name, "") or str(usual)
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise Problem("bad-request", f"{name} is no number.", f"{name} är inget tal.", members={"parameter": name})
    return min(int(text), 1_000)


def _json(data: Any) -> Response:
    return Response(json.dumps(data, ensure_ascii=False), content_type="application/json")
