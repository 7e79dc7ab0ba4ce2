"""The OpenAPI 3.1 description of the service, served at /openapi.json; fuzzed requests hold it to the truth."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from server.handing_in.submissions.described import SECURITY
from server.handing_in.submissions.described import paths as submission_paths
from server.handing_in.submissions.uploads import LISTS
from server.handing_in.validation import OFFERS
from server.pages.described import paths as pages
from server.pages.handing.described import SECURITY as SESSION
from server.pages.handing.described import paths as handing_paths
from server.query.protocol import FORM, QUERY, UPDATE
from server.reconcile.described import paths as reconcile_paths
from server.service import Service, current_service
from server.web.addresses import host
from server.web.media import GRAPH, HTML, ROWS, Format
from server.web.problem import MEDIA_TYPE, TITLES
from server.web.reply import not_modified
from server.web.validity import validity

blueprint = Blueprint("openapi", __name__)
_TEXT = {"type": "string"}
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description with this server's address and limits."""
    service = current_service()
    valid = validity(service, "openapi", host(service))
    return not_modified(valid) or jsonify(document(service, host(service)))


def document(service: Service, base: str) -> dict[str, Any]:
    """The description for the server at `base`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Registergraf", "version": "1", "description": _INTRODUCTION},
        "servers": [{"url": base}],
        "paths": {
            "/sparql": {"get": _query_get(service), "post": _query_post(service)},
            "/rdf-graph-store": {"get": _graph_indirect()},
            "/graph/{name}": {"get": _graph_direct()},
            "/id/{type}/{key}": {"get": _thing()},
            "/ns": {"get": _operation("vocabulary", "Every term of the vocabulary.", (*GRAPH, HTML), (404, 406, 503))},
            "/.well-known/void": {"get": _operation("void", "What the dataset holds.", GRAPH, (406, 503))},
            "/": {"get": _operation("start", "The start page.", (HTML,), (503,), parameters=[_LANG])},
            "/health": {"get": _operation("health", "Whether the web process lives.", _PLAIN_JSON, ())},
            "/ready": {"get": _operation("ready", "Whether queries are answered.", _PLAIN_JSON, (503,))},
            "/metrics": {"get": _operation("metrics", "Prometheus metrics.", _PLAIN_TEXT, ())},
            **pages(_operation),
            **_validation(),
            **submission_paths(),
            **reconcile_paths(_operation),
            **handing_paths(),
        },
        "components": {"schemas": {"Problem": _PROBLEM}, "securitySchemes": {**SECURITY, **SESSION}},
    }


_INTRODUCTION = (
    "Sweden's national quality registers for social services as a knowledge graph, read by SPARQL 1.1 queries. "
    "Every error is an RFC 9457 problem in English and Swedish."
)
_PLAIN_JSON = (Format("json", "application/json", (), "json", ""),)
_PLAIN_TEXT = (Format("text", "text/plain", (), "txt", ""),)
_LANG = {"name": "lang", "in": "query", "schema": {"type": "string", "enum": ["sv", "en"]}}
_FORMAT = {
    "name": "format",
    "in": "query",
    "description": "A format by short name or media type; wins over the Accept header.",
    "schema": _TEXT,
}
_LIST = {
    "name": "list",
    "in": "query",
    "description": "whole: the file is the whole list of its register, and what it lacks would go. A field of a form.",
    "schema": {"type": "string", "enum": list(LISTS)},
}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "title_sv", "detail_sv"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": _TEXT,
        "status": {"type": "integer", "enum": sorted({status for status, _, _ in TITLES.values()})},
        "detail": _TEXT,
        "title_sv": _TEXT,
        "detail_sv": _TEXT,
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1},
        "token": _TEXT,
        "hints": {"type": "array", "items": {"type": "object"}},
        "available": {"type": "object", "additionalProperties": _TEXT},
        "submit": _TEXT,
    },
}


def _operation(
    name: str,
    summary: str,
    formats: tuple[Format, ...],
    errors: tuple[int, ...],
    *,
    parameters: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """One operation with its answers; 400, 408, 415 (a compressed body) and 429 can happen to any request."""
    content: dict[str, Any] = {offer.media_type: {"schema": {}} for offer in formats}
    problem = {
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}, "text/html": {"schema": {}}}
    }
    responses: dict[str, Any] = {"200": {"description": "The answer.", "content": content}}
    responses["304"] = {"description": "The client's copy is still right."}
    for status in sorted({400, 408, 415, 429, *errors}):
        responses[str(status)] = {"description": _described(status), **problem}
    return {"operationId": name, "summary": summary, "parameters": [*(parameters or [])], "responses": responses}


def _validation() -> dict[str, Any]:
    """The check of files that are not handed in, its page, its schema and its rules."""
    asked = [_FORMAT, _LIST, _LANG]
    check = _operation("validate", "Check files; nothing is kept.", OFFERS, (406, 413, 422, 503), parameters=asked)
    check["requestBody"] = {"required": True, "content": {"application/octet-stream": {"schema": {}}}}
    unread = check["responses"]["422"]
    unread["content"] = {**unread["content"], **check["responses"]["200"]["content"]}
    schema = (Format("schema", "application/schema+json", (), "json", ""),)
    return {
        "/validate": {
            "post": check,
            "get": _operation("validateForm", "A page to choose files on.", (HTML,), (503,), parameters=[_LANG]),
        },
        "/validate/schema": {"get": _operation("validateSchema", "The JSON Schema of the report.", schema, ())},
        "/validate/rules": {"get": _operation("validateRules", "Every rule of the checks.", (HTML,), (503,))},
    }


def _described(status: int) -> str:
    return " / ".join(sorted(title for code, title, _ in TITLES.values() if code == status))


def _query_parameters(service: Service) -> list[dict[str, Any]]:
    cap = service.settings.timeout_cap
    boolean = {"type": "string", "enum": ["true", "false", "1", "0", ""]}
    return [
        {
            "name": "default-graph-uri",
            "in": "query",
            "schema": _IRIS,
            "description": "Graphs merged to the default graph.",
        },
        {"name": "named-graph-uri", "in": "query", "schema": _IRIS, "description": "Graphs that GRAPH may name."},
        _FORMAT,
        {"name": "timeout", "in": "query", "schema": {"type": "number", "exclusiveMinimum": 0, "maximum": cap}},
        {
            "name": "bom",
            "in": "query",
            "schema": boolean,
            "description": "Begin CSV with a byte order mark, for Excel.",
        },
        {"name": "explain-empty", "in": "query", "schema": boolean, "description": "Say why a SELECT has no row."},
        _LANG,
    ]


_QUERY_ERRORS = (403, 406, 413, 502, 503)
_ANSWERS = (*ROWS, *GRAPH, HTML)


def _query_get(service: Service) -> dict[str, Any]:
    query = {
        "name": "query",
        "in": "query",
        "schema": _TEXT,
        "description": "A SPARQL 1.1 query; without it the description.",
    }
    parameters = [query, *_query_parameters(service)]
    return _operation(
        "queryByGet", "Ask, or have the service described.", _ANSWERS, _QUERY_ERRORS, parameters=parameters
    )


def _query_post(service: Service) -> dict[str, Any]:
    operation = _operation(
        "queryByPost", "Ask.", _ANSWERS, (*_QUERY_ERRORS, 415), parameters=_query_parameters(service)
    )
    form = {"type": "object", "required": ["query"], "properties": {"query": _TEXT}}
    operation["requestBody"] = {
        "required": True,
        "content": {FORM: {"schema": form}, QUERY: {"schema": _TEXT}, UPDATE: {"schema": _TEXT}},
    }
    return operation


def _graph_direct() -> dict[str, Any]:
    name = {"name": "name", "in": "path", "required": True, "schema": _TEXT}
    return _operation("graph", "One named graph.", GRAPH, (404, 406, 503), parameters=[name, _FORMAT])


def _graph_indirect() -> dict[str, Any]:
    graph = {"name": "graph", "in": "query", "schema": {"type": "string", "format": "iri"}}
    default = {"name": "default", "in": "query", "schema": {"type": "string", "maxLength": 0}, "allowEmptyValue": True}
    return _operation(
        "graphByName", "A graph by its IRI.", GRAPH, (404, 406, 503), parameters=[graph, default, _FORMAT]
    )


def _thing() -> dict[str, Any]:
    parameters = [{"name": name, "in": "path", "required": True, "schema": _TEXT} for name in ("type", "key")]
    return _operation(
        "thing", "What is said of a thing.", (*GRAPH, HTML), (404, 406, 503), parameters=[*parameters, _FORMAT]
    )
