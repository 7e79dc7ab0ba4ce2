"""/guides: how to do what one has come for, a page for each kind of reader; and /api: the interface for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from server.pages.frame import page
from server.pages.links import to
from server.pages.words.wording import gettext as _
from server.service import current_service
from server.web.addresses import host
from server.web.problem import Problem

blueprint = Blueprint("guides", __name__)
_METHODS = ("get", "post", "put", "delete")
_DATA = frozenset(
    {
        *("sparql", "rdf-graph-store", "graph", "id", "ns", "shapes", "rule", "question", ".well-known"),
        *("context.jsonld", "changes.atom", "exports"),
    }
)
_HAND_IN = frozenset(["validate", "check", "submissions", "hand-in", "sign-in", "sign-out"])
_SERVICE = frozenset(["health", "ready", "metrics", "audit", "openapi.json"])
_ASKS_MORE = ("/rdf-graph-store", "/changes", "/submissions", "/audit")
_SHORT = {
    "application/ld+json": "JSON-LD",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF/XML",
    "application/sparql-results+json": "SPARQL JSON",
    "application/sparql-results+xml": "SPARQL XML",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/atom+xml": "Atom",
    "application/json": "JSON",
    "image/svg+xml": "SVG",
    "image/png": "PNG",
    "text/csv": "CSV",
    "text/html": "HTML",
    "text/plain": "text",
    "text/tab-separated-values": "TSV",
    "text/turtle": "Turtle",
}


def readers() -> dict[str, tuple[str, str]]:
    """The guides: for whom, and what it helps with, in the language of the request."""
    return {
        "analyst": (
            _("For analysts"),
            _("Find what the registers can say of your municipality, and ask for the rest."),
        ),
        "holder": (_("For register holders"), _("See how your register is described, mend it, and hand it in.")),
        "linker": (_("For those who link and build"), _("Ask in SPARQL, take the data with you, and refer to it.")),
        "operator": (_("For operators"), _("Run the service, publish releases, and watch over it.")),
    }


@blueprint.get("/guides")
def guides() -> Response:
    """The guides by reader."""
    return page(
        current_service(), "guides.html", readers=readers(), crumbs=[(_("About"), to("/about")), (_("Guides"), "")]
    )


@blueprint.get("/guides/<reader>")
def guide(reader: str) -> Response:
    """One guide. Raises Problem (not-found), with those that there are."""
    known = readers()
    if reader not in known:
        there = ", ".join(known)
        raise Problem(
            "not-found",
            f"There is no guide {reader[:80]}. There is: {there}.",
            f"Det finns ingen handledning {reader[:80]}. Det som finns: {there}.",
        )
    crumbs = [(_("About"), to("/about")), (_("Guides"), to("/guides")), (known[reader][0], "")]
    return page(current_service(), f"guide-{reader}.html", title=known[reader], readers=known, crumbs=crumbs)


@dataclass(frozen=True, slots=True)
class Operation:
    """A method and a path of the interface, with what it does, its parameters, and the formats of its answers."""

    method: str
    path: str
    summary: str
    parameters: tuple[str, ...]
    formats: tuple[str, ...]

    @property
    def opens(self) -> bool:
        """Whether the bare address answers anybody: no key in the path, no token, no parameter that must be there."""
        plain = self.method == "GET" and "{" not in self.path
        return plain and self.path not in _ASKS_MORE and not self.path.startswith("/reconcile/")


@blueprint.get("/api")
def api() -> Response:
    """The interface, as /openapi.json describes it."""
    from server.pages.openapi import document

    site = current_service()
    told = document(site, host(site))
    groups: dict[str, list[Operation]] = {}
    for one in operations(told):
        groups.setdefault(_group(one.path), []).append(one)
    words = {
        "data": _("Data"),
        "pages": _("Pages and lists"),
        "hand-in": _("Check and hand in"),
        "service": _("The service"),
    }
    return page(
        site,
        "api.html",
        groups=[(key, words[key], groups[key]) for key in words if key in groups],
        count=sum(map(len, groups.values())),
        crumbs=[(_("About"), to("/about")), (_("API and SPARQL"), "")],
    )


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """What an OpenAPI description offers, in the order of its paths."""
    for path, methods in sorted(document["paths"].items()):
        for method in _METHODS:
            if told := methods.get(method):
                names = tuple(one["name"] for one in told.get("parameters", ()) if "name" in one)
                types = {kind for reply in told["responses"].values() for kind in reply.get("content", ())}
                shown = sorted({_SHORT.get(kind, kind) for kind in types - {"application/problem+json"}})
                yield Operation(method.upper(), path, told["summary"], names, tuple(shown))


def _group(path: str) -> str:
    first = path.strip("/").partition("/")[0]
    for key, firsts in (("data", _DATA), ("hand-in", _HAND_IN), ("service", _SERVICE)):
        if first in firsts:
            return key
    return "pages"
