"""/ns and its parts, and /shapes: every term and every shape with an anchor of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Blueprint, Response, request

from server.pages.frame import page
from server.pages.links import to
from server.pages.things.document import link_header
from server.pages.words.collation import swedish
from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken
from server.query.graph_store import graph_response
from server.query.rows import select
from server.service import BASE, Service, current_service
from server.web.media import GRAPH, HTML
from server.web.negotiation import choose
from server.web.problem import Problem

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
_PARTS = """PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?part ?title ?description {{
  ?part a owl:Ontology ; dcterms:title ?title ; dcterms:description ?description
  FILTER(lang(?title) = "{lang}" && lang(?description) = "{lang}")
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


@dataclass(slots=True)
class Part:
    """A module of the vocabulary: the last part of its IRI, its title and description, and its terms."""

    iri: str
    title: str
    description: str
    terms: list[Term] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Its part of the address."""
        return self.iri.rpartition("/")[2]


@blueprint.get("/ns")
def namespace() -> Response:
    """All terms by part, each at its anchor with the way to its definition."""
    return _offered(current_service(), NS, _namespace_page)


def _namespace_page(site: Service) -> Response:
    parts = _parts(site)
    crumbs = [(_("About"), to("/about")), (_("The words of the vocabulary"), "")]
    return page(site, "ns.html", parts=parts, count=sum(len(part.terms) for part in parts), crumbs=crumbs)


@blueprint.get("/ns/<name>")
def part(name: str) -> Response:
    """One part: its terms with definition, domain, range and what is above them."""
    site = current_service()
    parts = _parts(site)
    chosen = next((one for one in parts if one.key == name), None)
    if chosen is None:
        known = ", ".join(one.key for one in parts)
        raise Problem(
            "not-found",
            f"The vocabulary has no part {name[:80]}. There is: {known}.",
            f"Vokabulären har ingen del {name[:80]}. Det som finns: {known}.",
        )
    return page(
        site,
        "ns-part.html",
        part=chosen,
        parts=parts,
        home={term.iri: one.key for one in parts for term in one.terms},
        crumbs=[
            *((_("About"), to("/about")), (_("The words of the vocabulary"), to("/ns"))),
            (chosen.title.partition(":")[0], ""),
        ],
    )


@blueprint.get("/shapes")
def shapes() -> Response:
    """The shapes that submissions and releases are checked by."""
    return _offered(current_service(), SHAPES, _shapes_page)


def _shapes_page(site: Service) -> Response:
    return page(
        site,
        "shapes.html",
        shapes=_read(site, _SHAPES, SHAPES),
        crumbs=[(_("Check"), to("/check")), (_("Shapes"), "")],
    )


def _parts(site: Service) -> list[Part]:
    """The parts that have terms, in Swedish order of their titles, read once per release and language."""

    def make() -> list[Part]:
        rows = select(site, _PARTS.format(lang=spoken()), limit=_MOST).rows
        parts = {one.text: Part(one.text, title.text, description.text) for one, title, description in rows}
        for term in _read(site, _TERMS, NS):
            parts.setdefault(iri := term.first("isDefinedBy"), Part(iri, iri, "")).terms.append(term)
        return sorted((one for one in parts.values() if one.terms), key=lambda one: swedish(one.title))

    return site.once(("parts", spoken()), make)


def _offered(site: Service, iri: str, make_page: Callable[[Service], Response]) -> Response:
    """The terms of a namespace as RDF, or the page about them; either names the other formats."""
    chosen = choose(request.headers.get("Accept", ""), (*GRAPH, HTML), wanted=request.args.get("format", ""))
    if chosen is HTML:
        response = make_page(site)
    else:
        pattern = f'?s ?p ?o FILTER(STRSTARTS(STR(?s), "{iri}#") || ?s = <{iri}>)'
        response = graph_response(site, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", "thing", iri)
    response.headers["Link"] = link_header(site, iri)
    return response


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
