"""The pages of a signed-in browser in the OpenAPI description."""

from __future__ import annotations

from typing import Any

from server.handing_in.accounts.cookies import SESSION
from server.handing_in.submissions.kept.model import Action, Status
from server.handing_in.submissions.uploads import FIELDS, FORM
from server.web.media import HTML
from server.web.problem import MEDIA_TYPE, TITLES

SECURITY = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION,
        "description": "What /sign-in gives a browser; under TLS its name begins with __Host-.",
    }
}
_TEXT = {"type": "string"}
_KEY = {"name": "key", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
_LANG = {"name": "lang", "in": "query", "schema": {"type": "string", "enum": ["sv", "en"]}}
_PLACE = {"name": "place", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
_ALWAYS = (400, 401, 403, 408, 415, 429, 503)


def paths() -> dict[str, Any]:
    """Every path of the family."""
    status = {"name": "status", "in": "query", "schema": {"type": "string", "enum": list(Status)}}
    number = {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}}
    start = {"name": "start", "in": "query", "schema": {"type": "integer", "minimum": 0}}
    file = _page("handedInFile", "A file as it was handed in.", (404,), _KEY, _PLACE)
    file["responses"]["200"]["content"] = {"application/octet-stream": {"schema": {}}}
    return {
        "/sign-in": {
            "get": _page("signInForm", "The form for a token.", (), _LANG),
            "post": _form("signIn", "Begin a session: 303.", (), ("token", "next")),
        },
        "/sign-out": {"post": _form("signOut", "End the session: 303.", (), ())},
        "/hand-in": {
            "get": _page("handInForm", "What was handed in, and the form.", (), status, number, _LANG),
            "post": _form("handInByForm", "Hand in files: 303.", (404, 409, 413, 422, 507), FIELDS),
        },
        "/hand-in/{key}": {"get": _page("handedIn", "A submission, and what it changes.", (404,), _KEY, start, _LANG)},
        "/hand-in/{key}/files/{place}": {"get": file},
        **{
            f"/hand-in/{{key}}/{action}": {
                "post": _form(
                    f"{action}ByForm",
                    "Decide on a submission, or say something of it: 303.",
                    (404, 409, 413, 422, 507),
                    ("comment", "removals", "sure"),
                    _KEY,
                )
            }
            for action in (*Action, "comment")
        },
    }


def _page(name: str, summary: str, errors: tuple[int, ...], *parameters: dict[str, Any]) -> dict[str, Any]:
    problem = {
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}, HTML.media_type: {"schema": {}}}
    }
    every = sorted({*_ALWAYS, *errors})
    return {
        "operationId": name,
        "summary": summary,
        "security": [{"session": []}],
        "parameters": [*parameters],
        "responses": {
            "200": {"description": "The page.", "content": {HTML.media_type: {"schema": {}}}},
            "303": {"description": "The page to go on to."},
            **{str(status): {"description": _titles(status), **problem} for status in every},
        },
    }


def _form(
    name: str, summary: str, errors: tuple[int, ...], fields: tuple[str, ...], *parameters: dict[str, Any]
) -> dict[str, Any]:
    """A form of a page of ours; `proof` is the page's own."""
    made = _page(name, summary, errors, *parameters, _LANG)
    schema = {"type": "object", "required": ["proof"], "properties": dict.fromkeys(("proof", *fields), _TEXT)}
    made["requestBody"] = {"required": True, "content": {FORM: {"schema": schema}}}
    return made


def _titles(status: int) -> str:
    return " / ".join(sorted(title for code, title, _ in TITLES.values() if code == status))
