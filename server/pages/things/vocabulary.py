"""/ns and /shapes: every term and every shape at one address each, with an anchor for each."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, Response, request

from server.pages.collation import swedish
from server.pages.frame import page
from server.pages.links import to
from server.pages.wording import gettext as _
from server.pages.wording import spoken
from server.query.graph_store import graph_response
from server.query.rows import select
from server.service import BASE, Service, current_service
from server.web.media import GRAPH, HTML
from server.web.negotiation import choose

blueprint = Blueprint("vocabulary", __name__)
NS, SHAPES = BASE + "ns", BASE + "shapes"
_TERMS = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?term ?p ?o {{
  ?term a ?kind ; ?p ?o FILTER(STRSTARTS(STR(?term), "{ns}#"))
  VALUES ?p {{
    skos:prefLabel skos:definition rdfs:domain rdfs:range rdfs:subClassOf rdfs:subPropertyOf rdfs:isDefinedBy
  }}
  FILTER(!isLiteral(?o) || lang(?o) IN ("{lang}", ""))
}}"""
_SHAPES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?term ?p ?o {{
  ?term ?p ?o FILTER(STRSTARTS(STR(?term), "{ns}#"))
  VALUES ?p {{ sh:name sh:message sh:severity sh:targetClass sh:path }}
  FILTER(!isLiteral(?o) || lang(?o) IN ("{lang}", ""))
}}"""
_MOST = 20_000


@dataclass(slots=True)
class Term:
    """A term or shape by its local name, with what is said of it by local property name."""

    iri: str
    said: dict[str, list[str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The part behind the #."""
        return self.iri.partition("#")[2]

    def first(self, name: str) -> str:
        """The first value of a property, or nothing."""
        return next(iter(self.said.get(name, ())), "")


@blueprint.get("/ns")
def namespace() -> Response:
    """The vocabulary, in parts, one for each module."""
    site = current_service()
    if (rdf := _as_rdf(site, NS)) is not None:
        return rdf
    terms = _read(site, _TERMS, NS)
    modules: dict[str, list[Term]] = {}
    for term in terms:
        modules.setdefault(term.first("isDefinedBy").rpartition("/")[2], []).append(term)
    return page(
        site,
        "ns.html",
        modules=sorted(modules.items()),
        count=len(terms),
        crumbs=[(_("About"), to("/about")), (_("The words of the vocabulary"), "")],
    )


@blueprint.get("/shapes")
def shapes() -> Response:
    """The shapes that submissions and releases are checked by."""
    site = current_service()
    if (rdf := _as_rdf(site, SHAPES)) is not None:
        return rdf
    return page(
        site,
        "shapes.html",
        shapes=_read(site, _SHAPES, SHAPES),
        crumbs=[(_("Check"), to("/check")), (_("Shapes"), "")],
    )


def _as_rdf(site: Service, iri: str) -> Response | None:
    chosen = choose(request.headers.get("Accept", ""), (*GRAPH, HTML), wanted=request.args.get("format", ""))
    if chosen is HTML:
        return None
    pattern = f'?s ?p ?o FILTER(STRSTARTS(STR(?s), "{iri}#") || ?s = <{iri}>)'
    return graph_response(site, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", "thing", iri)


def _read(site: Service, query: str, ns: str) -> list[Term]:
    """The terms in Swedish order of their labels, read once per release and language."""

    def make() -> list[Term]:
        terms: dict[str, Term] = {}
        for term, name, value in select(site, query.format(ns=ns, lang=spoken()), limit=_MOST).rows:
            local = name.text.rpartition("/")[2].rpartition("#")[2]
            terms.setdefault(term.text, Term(term.text)).said.setdefault(local, []).append(value.text)
        return sorted(
            terms.values(), key=lambda term: swedish(term.first("prefLabel") or term.first("name") or term.key)
        )

    return site.once(("terms of", ns, spoken()), make)
