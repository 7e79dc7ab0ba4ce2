"""The JSON-LD context of the release: short names for the terms that it uses, so that replies read as plain JSON.

A property whose values are things becomes `@type: @id`; a text in several languages keeps its tags.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response
from rdflib import Graph
from rdflib.namespace import RDF, XSD

from server.query.prefixes import PREFIXES
from server.query.rows import select
from server.service import BASE, Service, current_service
from server.web.addresses import host
from server.web.reply import not_modified, whole
from server.web.validity import validity

blueprint = Blueprint("context", __name__)
PATH = "/context.jsonld"
CONTENT_TYPE = "application/ld+json"
_MOST = 2_000
_USED = """SELECT ?p (SUM(IF(isIRI(?o), 1, 0)) AS ?things) (SUM(IF(isLiteral(?o), 1, 0)) AS ?texts)
  (COUNT(DISTINCT ?d) AS ?kinds) (SAMPLE(?d) AS ?kind)
{ ?s ?p ?o OPTIONAL { FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?d) } } GROUP BY ?p ORDER BY ?p"""
_PLAIN = frozenset({str(XSD.string), str(RDF.langString)})


@blueprint.get(PATH)
def context() -> Response:
    """The context as a document."""
    site = current_service()
    valid = validity(site, "context")
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    return whole((json.dumps(release_context(site), ensure_ascii=False, indent=1) + "\n").encode(), CONTENT_TYPE, valid)


def release_context(site: Service) -> dict[str, Any]:
    """The context, made once per release: prefixes, then a term for every property."""
    derived = site.derived
    found = derived.get("context")
    if not isinstance(found, dict):
        terms: dict[str, Any] = {"id": "@id", "type": "@type", **PREFIXES}
        for row in select(site, _USED, limit=_MOST, timeout=site.settings.timeout_cap).rows:
            _add(terms, [term.text for term in row])
        derived["context"] = found = {"@context": terms}
    return found


def _add(terms: dict[str, Any], row: list[str]) -> None:
    """A term for a property, by its local name; a name that is taken gets the prefix in front."""
    iri, things, texts, kinds, kind = row
    prefix, local = next(
        ((prefix, iri.removeprefix(space)) for prefix, space in PREFIXES.items() if iri.startswith(space)),
        ("", iri.replace("#", "/").rpartition("/")[2]),
    )
    if iri == str(RDF.type) or not local.replace("_", "").replace("-", "").isalnum():
        return
    term: dict[str, str] = {"@id": iri}
    if things != "0" and texts == "0":
        term["@type"] = "@id"
    elif things == "0" and kinds == "1" and kind not in _PLAIN:
        term["@type"] = kind
    name = local if local not in terms else f"{prefix}_{local}"
    terms.setdefault(name, term)


def compact(graph: Graph, site: Service, first: str) -> bytes:
    """A graph as JSON-LD with the short names, naming the context by its address; the thing `first` comes first."""
    full = release_context(site)
    text = graph.serialize(format="json-ld", context=full["@context"], auto_compact=True, ensure_ascii=False)
    told = json.loads(text)
    alone = {name: value for name, value in told.items() if name != "@context"}  # one node stands by itself
    nodes = told.get("@graph", [alone] if alone else [])
    nodes.sort(key=lambda node: (node["id"] != first, node["id"].startswith(BASE), node["id"]))
    made = {"@context": host(site) + PATH, "@graph": nodes}
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()
