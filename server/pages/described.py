"""The pages in the OpenAPI description: their parameters, and the formats that they can be had in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from server.pages.choice import FURTHER, KINDS
from server.pages.lists.kinds import ADDRESSES
from server.pages.plans.asked import FIELDS
from server.pages.tables import XLSX
from server.web.media import CSV, GRAPH, HTML, Format

Describe = Callable[..., dict[str, Any]]
_JSON = Format("json", "application/json", (), "json", "")
_CONTEXT = Format("jsonld", "application/ld+json", (), "jsonld", "")
_WORKBOOK = Format("xlsx", XLSX, (), "xlsx", "")
_ATOM = Format("atom", "application/atom+xml", (), "atom", "")
_TABLES = (HTML, Format("csv", "text/csv", (), "csv", ""), _WORKBOOK, _JSON)
_PLANS = (*_TABLES, Format("text", "text/plain", (), "text", ""))
_PICTURES = (*_TABLES, Format("svg", "image/svg+xml", (), "svg", ""), Format("png", "image/png", (), "png", ""))


def paths(operation: Describe) -> dict[str, Any]:
    """The paths of the pages; `operation` describes one, as the description does for all others."""
    errors = (404, 406, 503)
    choice = [_key(name) for name in KINDS] + [_any("format"), _any("sort"), _any("page"), _any("lang")]
    thing = [_path("key"), _any("lang"), _any("format")]

    def page(name: str, summary: str, formats: tuple[Format, ...], *parameters: dict[str, Any]) -> dict[str, Any]:
        made = operation(name, summary, formats, errors, parameters=[*parameters])
        if name in ("compare", "request"):  # their forms gather several boxes into one parameter
            made["responses"]["303"] = {"description": "The same page at its lasting address."}
        return {"get": made}

    lists = {
        f"/{address}": page(address.replace("-", ""), f"The list of {address.replace('-', ' ')}.", _TABLES, *choice)
        for address in ADDRESSES
    }
    return {
        "/answers": page("answers", "The answer sheet of a group, an area and a municipality.", _TABLES, *choice),
        "/explore": page("explore", "All lists.", (HTML,), _any("lang")),
        **lists,
        "/compare": page("compare", "Registers, groups, areas and concepts against each other.", _TABLES, *choice),
        "/figures": page("figures", "The figures.", _PICTURES, _any("lang"), _any("format")),
        "/request": page("request", "Variables and indicators gathered for a request.", _TABLES, *choice),
        "/plan": page(
            "plan", "What a linkage takes: keys, service, what is sent.", _PLANS, *map(_key, FIELDS), _any("lang")
        ),
        "/query": page("query", "A query with its answer.", _TABLES, _any("query"), _any("example"), _any("lang")),
        "/changes.atom": page(
            *("changes", "What has changed, as a feed.", (_ATOM,)),
            *(_any("register"), _any("example"), _any("query"), _any("lang")),
        ),
        "/guides": page("guides", "The guides.", (HTML,), _any("lang")),
        "/guides/{reader}": page("guide", "One guide.", (HTML,), _path("reader"), _any("lang")),
        "/api": page("api", "Every address of the interface.", (HTML,), _any("lang")),
        "/query/words": page("words", "What the query editor completes.", (_JSON,), _any("lang")),
        "/search": page("search", "What a text finds.", (HTML,), _any("q"), _any("kind"), _any("lang")),
        "/search/suggest": page(
            "suggest", "At most eight things for what is typed.", (_JSON,), _any("q"), _any("lang")
        ),
        "/limits": page("limits", "What is known and what is not.", _TABLES, _any("lang"), _any("format")),
        "/exports": page("exports", "The catalogue exports.", (HTML,), _any("lang")),
        "/exports/gaps": page("gaps", "What the profiles ask for and no source states.", _TABLES, _any("lang")),
        "/check": page(
            "check", "The form that checks a file; it answers a post with what it found.", (HTML,), _any("lang")
        ),
        "/check/template": page(
            "template",
            "The template as a workbook, filled with what is known of a register.",
            (_WORKBOOK,),
            _key("register"),
            _any("lang"),
        ),
        "/ns/{part}": page("part", "One part of the vocabulary.", (HTML,), _path("part"), _any("lang")),
        "/accessibility": page("accessibility", "The accessibility statement.", (HTML,), _any("lang")),
        "/about": page("about", "What the service is.", (HTML,), _any("lang")),
        "/shapes": page("shapes", "Every shape.", (*GRAPH, HTML), _any("lang"), _any("format")),
        "/releases": page("releases", "The releases that are kept.", (HTML, _JSON), _any("lang"), _any("format")),
        "/releases/{old}/diff/{new}": page(
            "difference",
            "What goes, changes and comes from one release to another, record by record.",
            (HTML, _JSON),
            *(_path("old"), _path("new"), _any("lang"), _any("format")),
        ),
        "/changes": page("since", "What a copy needs to become the current release.", (_JSON,), _any("since")),
        "/context.jsonld": page("context", "The JSON-LD context of the release.", (_CONTEXT,)),
        "/id/scheme/{key}": page("scheme", "A concept scheme, whole.", (*GRAPH, CSV, HTML), *thing),
        "/rule/{key}": page("rule", "A rule.", (*GRAPH, HTML), *thing),
        "/question/{key}": page("question", "A question.", (*GRAPH, HTML), *thing),
        "/.well-known/genid/{key}": page("genid", "A node without a name of its own.", (*GRAPH, HTML), *thing),
    }


def _any(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}}


def _key(name: str) -> dict[str, Any]:
    return {**_any(name), "description": f"A key as in the IRIs of id/{({**KINDS, **FURTHER})[name]}/."}


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
