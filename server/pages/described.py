"""The pages in the OpenAPI description: their parameters, and the formats that they can be had in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from server.pages.choice import FURTHER, KINDS
from server.pages.lists.kinds import ADDRESSES
from server.pages.plans.asked import FIELDS
from server.pages.tables import XLSX
from server.web.media import CSV, GRAPH, HTML, JSONLD, RDFXML, TURTLE, Format

Describe = Callable[..., dict[str, Any]]
Parameter = dict[str, Any]
_JSON = Format("json", "application/json", (), "json", "")
_CONTEXT = Format("jsonld", "application/ld+json", (), "jsonld", "")
_WORKBOOK = Format("xlsx", XLSX, (), "xlsx", "")
_CSVM = Format("csvm", "application/csvm+json", (), "csvm", "")
_ATOM = Format("atom", "application/atom+xml", (), "atom", "")
_TABLES = (HTML, Format("csv", "text/csv", (), "csv", ""), _WORKBOOK, _JSON)
_PLANS = (*_TABLES, Format("text", "text/plain", (), "text", ""))
_FILES = (TURTLE, RDFXML, JSONLD)
_PICTURES = (*_TABLES, Format("svg", "image/svg+xml", (), "svg", ""), Format("png", "image/png", (), "png", ""))


def _any(name: str) -> Parameter:
    return {"name": name, "in": "query", "schema": {"type": "string"}}


def _key(name: str) -> Parameter:
    return {**_any(name), "description": f"A key as in the IRIs of id/{({**KINDS, **FURTHER})[name]}/."}


def _path(name: str) -> Parameter:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


class Page(NamedTuple):
    """A page: its address, the name of its operation, one sentence, its formats and its parameters."""

    address: str
    name: str
    summary: str
    formats: tuple[Format, ...]
    parameters: tuple[Parameter, ...] = ()


_LANG = (_any("lang"),)
_SHOWN = (_any("lang"), _any("format"))
_CHOICE = (*map(_key, KINDS), *map(_any, ("format", "sort", "page", "lang")))
_THING = (_path("key"), *_SHOWN)
_QUESTION = (_any("query"), _any("example"), *_LANG)
_FEED = tuple(map(_any, ("register", "example", "query", "lang")))
_TEMPLATE = "The template as a workbook, filled with what is known of a register."
_DIFFERENCE = "What goes, changes and comes from one release to another, record by record."
_EXPORTED: dict[str, tuple[str, tuple[Parameter, ...]]] = {
    "/catalog": ("catalogue", ()),
    "/catalog/se": ("swedishcatalogue", ()),
    "/dataset/registergraf": ("dataset", ()),
    "/dataset/registergraf/sparql": ("distribution", ()),
    "/service/sparql": ("dataservice", ()),
    "/id/not-stated/{name}": ("standin", (_path("name"),)),
}

PAGES = (
    Page("/answers", "answers", "The answer sheet of a group, an area and a municipality.", _TABLES, _CHOICE),
    Page("/explore", "explore", "All lists.", (HTML,), _LANG),
    *(
        Page(f"/{address}", address.replace("-", ""), f"The list of {address.replace('-', ' ')}.", _TABLES, _CHOICE)
        for address in ADDRESSES
    ),
    Page("/compare", "compare", "Registers, groups, areas and concepts against each other.", _TABLES, _CHOICE),
    Page("/figures", "figures", "The figures.", _PICTURES, _SHOWN),
    Page("/request", "request", "Variables and indicators gathered for a request.", _TABLES, _CHOICE),
    Page("/plan", "plan", "What a linkage takes: keys, service, what is sent.", _PLANS, (*map(_key, FIELDS), *_LANG)),
    Page("/query", "query", "A query with its answer.", _TABLES, _QUESTION),
    Page("/changes.atom", "changes", "What has changed, as a feed.", (_ATOM,), _FEED),
    Page("/guides", "guides", "The guides.", (HTML,), _LANG),
    Page("/guides/{reader}", "guide", "One guide.", (HTML,), (_path("reader"), *_LANG)),
    Page("/api", "api", "Every address of the interface.", (HTML,), _LANG),
    Page("/query/words", "words", "What the query editor completes.", (_JSON,), _LANG),
    Page("/search", "search", "What a text finds.", (HTML,), (_any("q"), _any("kind"), *_LANG)),
    Page("/search/suggest", "suggest", "At most eight things for what is typed.", (_JSON,), (_any("q"), *_LANG)),
    Page("/limits", "limits", "What is known and what is not.", _TABLES, _SHOWN),
    Page("/exports", "exports", "The catalogue exports.", (HTML,), _LANG),
    Page(
        "/exports/csvw/{key}", "csvw", "The known variables of a register, as a CSVW schema.", (_CSVM,), (_path("key"),)
    ),
    Page("/exports/{profile}", "profile", "The way to a profile's file.", _FILES, (_path("profile"), _any("format"))),
    Page("/exports/void", "voidexport", "The way to the description by VoID.", GRAPH, ()),
    *(
        Page(address, name, "The way from what only an export describes to the export.", _FILES, parameters)
        for address, (name, parameters) in _EXPORTED.items()
    ),
    Page("/exports/gaps", "gaps", "What the profiles ask for and no source states.", _TABLES, _LANG),
    Page("/check", "check", "The form that checks a file; it answers a post with what it found.", (HTML,), _LANG),
    Page("/check/template", "template", _TEMPLATE, (_WORKBOOK,), (_key("register"), *_LANG)),
    Page("/ns/{part}", "part", "One part of the vocabulary.", (HTML,), (_path("part"), *_LANG)),
    Page("/accessibility", "accessibility", "The accessibility statement.", (HTML,), _LANG),
    Page("/about", "about", "What the service is.", (HTML,), _LANG),
    Page("/shapes", "shapes", "Every shape.", (*GRAPH, HTML), _SHOWN),
    Page("/releases", "releases", "The releases that are kept.", (HTML, _JSON), _SHOWN),
    Page("/releases/{old}/diff/{new}", "difference", _DIFFERENCE, (HTML, _JSON), (_path("old"), _path("new"), *_SHOWN)),
    Page("/changes", "since", "What a copy needs to become the current release.", (_JSON,), (_any("since"),)),
    Page("/context.jsonld", "context", "The JSON-LD context of the release.", (_CONTEXT,)),
    Page("/id/scheme/{key}", "scheme", "A concept scheme, whole.", (*GRAPH, CSV, HTML), _THING),
    Page("/rule/{key}", "rule", "A rule.", (*GRAPH, HTML), _THING),
    Page("/question/{key}", "question", "A question.", (*GRAPH, HTML), _THING),
    Page("/.well-known/genid/{key}", "genid", "A node without a name of its own.", (*GRAPH, HTML), _THING),
)


def paths(operation: Describe) -> dict[str, Any]:
    """The paths of the pages; `operation` describes one, as the description does for all others."""
    return {page.address: {"get": _described(operation, page)} for page in PAGES}


def _described(operation: Describe, page: Page) -> dict[str, Any]:
    made = operation(page.name, page.summary, page.formats, (404, 406, 503), parameters=list(page.parameters))
    if (
        page.name in ("compare", "request", "profile", "voidexport") or page.address in _EXPORTED
    ):  # a lasting address is elsewhere
        made["responses"]["303"] = {"description": "The same page at its lasting address."}
    return made
