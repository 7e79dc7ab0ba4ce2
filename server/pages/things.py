"""Dereferenceable IRIs: /id/<type>/<key> and /ns describe what https://w3id.org/registergraf/… names, as RDF or as a
page.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from server.pages.frame import page
from server.query.graph_store import graph_response
from server.query.prefixes import short_name
from server.query.rows import Term, select
from server.service import BASE, Site, current_site
from server.web.language import language
from server.web.media import GRAPH, HTML
from server.web.negotiation import choose
from server.web.problem import Problem
from server.web.reply import not_modified
from server.web.validity import validity

blueprint = Blueprint("things", __name__)
_MOST = 300
_LABEL = "OPTIONAL { ?other <http://www.w3.org/2004/02/skos/core#prefLabel> ?label FILTER(lang(?label) = '%s') }"


@blueprint.get("/id/<path:name>")
def thing(name: str) -> Response:
    """A thing: what is said of it; the page also shows what refers to it."""
    return _describe(current_site(), f"{BASE}id/{name}", f"<{BASE}id/{name}> ?p ?o")


@blueprint.get("/ns")
def namespace() -> Response:
    """The vocabulary: everything said of the terms, which all live at this one address behind a `#`."""
    iri = BASE + "ns"
    pattern = f'?s ?p ?o FILTER(STRSTARTS(STR(?s), "{iri}#") || ?s = <{iri}> || ?s = <{iri}#>)'
    return _describe(current_site(), iri, pattern)


def _describe(site: Site, iri: str, pattern: str) -> Response:
    if set(iri) & set('<>"{}|^`\\ ') or min(iri) < "!":
        raise _unknown(iri)
    chosen = choose(request.headers.get("Accept", ""), (*GRAPH, HTML), wanted=request.args.get("format", ""))
    if not _exists(site, pattern):
        raise _unknown(iri)
    if chosen is not HTML:
        subject = "?s" if pattern.startswith("?s") else f"<{iri}>"
        return graph_response(site, f"CONSTRUCT {{ {subject} ?p ?o }} WHERE {{ {pattern} }}", "thing", iri)
    valid = validity(site, "thing", iri, "html", language(), request.full_path, vary=("Accept-Language",))
    parts = _said(site, iri, pattern)
    labels = {row[2].language: row[2].text for row in parts["said"] if row[1].text.endswith("#prefLabel")}
    heading = labels.get(language()) or labels.get("sv") or short_name(iri)
    return not_modified(valid) or page(site, "thing.html", iri=iri, heading=heading, many=False, **parts)


def _exists(site: Site, pattern: str) -> bool:
    return bool(_rows(site, f"SELECT ?p {{ {pattern} }} LIMIT 1"))


def _said(site: Site, iri: str, pattern: str) -> dict[str, list[list[Term]]]:
    """Rows (subject, property, value, label of the value) of what is said, and (subject, property, label) of what
    refers.
    """
    label = _LABEL % language()
    whole = pattern.startswith("?s")
    other = "?s" if whole else "?o"
    subject = "?s" if whole else "('' AS ?s)"
    said = f"SELECT {subject} ?p ?o ?label {{ {pattern} {label.replace('?other', other)} }} ORDER BY ?s ?p ?o"
    referring = f"SELECT ?s ?p ?label {{ ?s ?p <{iri}> {label.replace('?other', '?s')} }} ORDER BY ?p ?s"
    return {"said": _rows(site, said, _MOST * (10 if whole else 1)), "referring": _rows(site, referring)}


def _rows(site: Site, query: str, most: int = _MOST) -> list[list[Term]]:
    return select(site, query, limit=most).rows


def _unknown(iri: str) -> Problem:
    return Problem("not-found", f"The release says nothing of <{iri}>.", f"Versionen säger ingenting om <{iri}>.")
