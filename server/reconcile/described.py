"""The reconciliation service in the OpenAPI description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from server.web.media import HTML, Format

_JSON = (Format("json", "application/json", (), "json", ""),)
_FORM = "application/x-www-form-urlencoded"


def paths(operation: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """The paths of the service; `operation` describes one, as the description does for all others."""

    def part(name: str, summary: str, *parameters: str, html: bool = False) -> dict[str, Any]:
        given = [{"name": one, "in": "query", "schema": {"type": "string"}} for one in parameters]
        return {"get": operation(name, summary, (HTML,) if html else _JSON, (404, 413, 503), parameters=given)}

    get = part("reconcile", "The manifest, or the results of a batch.", "queries", "extend")
    post = operation("reconcileByForm", "The results of a batch of queries or of an extension.", _JSON, (413, 503))
    form = {"type": "object", "properties": {"queries": {"type": "string"}, "extend": {"type": "string"}}}
    post["requestBody"] = {"required": True, "content": {_FORM: {"schema": form}}}
    flyout = part("reconcileFlyout", "A few lines of HTML on an entity, a type or a property.", "id")
    what = {"name": "what", "in": "path", "required": True, "schema": {"enum": ["entity", "type", "property"]}}
    flyout["get"]["parameters"].append(what)
    return {
        "/reconcile": {**get, "post": post},
        "/reconcile/properties": part("proposeProperties", "Properties to extend tables with.", "type", "limit"),
        "/reconcile/suggest/entity": part("suggestEntity", "Entities for what is typed.", "prefix", "type", "cursor"),
        "/reconcile/suggest/type": part("suggestType", "Types for what is typed.", "prefix", "cursor"),
        "/reconcile/suggest/property": part(
            "suggestProperty", "Properties for what is typed.", "prefix", "type", "cursor"
        ),
        "/reconcile/flyout/{what}": flyout,
        "/reconcile/preview": part("reconcilePreview", "A small page on an entity, to be framed.", "id", html=True),
    }
