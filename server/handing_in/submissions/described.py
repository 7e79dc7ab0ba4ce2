"""The routes of submissions in the OpenAPI description."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.handing_in.submissions.kept.model import Action, Status
from server.handing_in.submissions.kept.shown import PATH
from server.handing_in.submissions.uploads import FIELDS, FORM
from server.handing_in.validation import OFFERS
from server.web.problem import MEDIA_TYPE, TITLES

SECURITY = {"token": {"type": "http", "scheme": "bearer", "description": "A token of `registergraf account create`."}}
_TEXT = {"type": "string"}
_KEY = {"name": "key", "in": "path", "required": True, "schema": _TEXT}
_JSON, _PLAIN, _BYTES = "application/json", "text/plain", "application/octet-stream"
_REPORTS = tuple(offer.media_type for offer in OFFERS)
_FORMAT = {"name": "format", "in": "query", "schema": {"type": "string", "enum": [offer.name for offer in OFFERS]}}
_ALWAYS = (400, 401, 403, 429, 503)


def paths() -> dict[str, Any]:
    """Every path below /submissions, and /audit."""
    found = {
        "/submissions": {"get": _listed(), "post": _hand_in()},
        f"{PATH}{{key}}": {"get": _operation("submission", "Where a submission stands.", (_JSON,), (404,), [_KEY])},
        f"{PATH}{{key}}/report": {
            "get": _operation("report", "What the check found.", _REPORTS, (404, 406), [_KEY, _FORMAT])
        },
        f"{PATH}{{key}}/preview": {"get": _preview()},
        f"{PATH}{{key}}/files/{{place}}": {"get": _file()},
        f"{PATH}{{key}}/comment": {"post": _comment()},
        "/audit": {"get": _operation("audit", "How the audit log stands.", (_JSON,), (), [])},
    }
    return {**found, **{f"{PATH}{{key}}/{action}": {"post": _act(action)} for action in Action}}


def _listed() -> dict[str, Any]:
    status = {"name": "status", "in": "query", "schema": {"type": "string", "enum": list(Status)}}
    return _operation("submissions", "Submissions by key.", (_JSON,), (), [status, _query("register"), _query("after")])


def _hand_in() -> dict[str, Any]:
    fields = [_query(name) for name in (*FIELDS, "name")]
    operation = _operation("handIn", "Hand in files.", (_JSON,), (404, 409, 413, 422, 507), fields)
    kept = {"Location": {"description": "The submission.", "schema": _TEXT}}
    operation["responses"]["201"] = {**operation["responses"]["200"], "description": "Stored.", "headers": kept}
    operation["responses"]["200"] = {**operation["responses"]["200"], "description": "Stored before.", "headers": kept}
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    form = {"type": "object", "properties": {"file": files, **dict.fromkeys(FIELDS, _TEXT)}}
    operation["requestBody"] = {"required": True, "content": {FORM: {"schema": form}, _BYTES: {"schema": {}}}}
    return operation


def _preview() -> dict[str, Any]:
    text = {"name": "format", "in": "query", "schema": {"type": "string", "enum": ["json", "text"]}}
    lang = {"name": "lang", "in": "query", "schema": {"type": "string", "enum": ["sv", "en"]}}
    start = {"name": "start", "in": "query", "schema": {"type": "integer", "minimum": 0}}
    summary = "What would change in the release, in words."
    return _operation("preview", summary, (_JSON, _PLAIN), (404,), [_KEY, text, lang, start])


def _file() -> dict[str, Any]:
    place = {"name": "place", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
    return _operation("file", "A file as it was handed in.", (_BYTES,), (404,), [_KEY, place])


def _act(action: Action) -> dict[str, Any]:
    operation = _operation(action, f"{action.capitalize()} a submission.", (_JSON,), (404, 409, 413, 507), [_KEY])
    comment = {"type": "object", "properties": {"comment": {"type": "string", "maxLength": 4000}}}
    operation["requestBody"] = {"content": {_JSON: {"schema": comment}, FORM: {"schema": comment}}}
    return operation


def _comment() -> dict[str, Any]:
    operation = _operation("comment", "Say something of a submission.", (_JSON,), (404, 413, 422, 507), [_KEY])
    said = {"type": "object", "required": ["comment"], "properties": {"comment": {"type": "string", "maxLength": 4000}}}
    operation["requestBody"] = {"required": True, "content": {_JSON: {"schema": said}, FORM: {"schema": said}}}
    return operation


def _query(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": _TEXT}


def _operation(
    name: str, summary: str, types: Iterable[str], errors: tuple[int, ...], parameters: list[dict[str, Any]]
) -> dict[str, Any]:
    """One operation, which needs a token."""
    problem = {
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}, "text/html": {"schema": {}}}
    }
    responses: dict[str, Any] = {
        "200": {"description": "Done.", "content": {item: {"schema": {}} for item in types}},
        **{str(status): {"description": _titles(status), **problem} for status in sorted({*_ALWAYS, *errors})},
    }
    return {
        "operationId": name,
        "summary": summary,
        "security": [{"token": []}],
        "parameters": parameters,
        "responses": responses,
    }


def _titles(status: int) -> str:
    return " / ".join(sorted(title for code, title, _ in TITLES.values() if code == status))
