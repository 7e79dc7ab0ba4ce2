"""A thing's document in RDF: a bounded part of what is said of it, the names of what it leads to, and where it is from.

Every document holds at most MOST statements; what is more is on further pages, to which `hydra:next` and the header
Link lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, request
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS, VOID
from rdflib.term import Node

from server.pages.releases.modified import modified
from server.pages.things.context import compact
from server.query.description import serialize
from server.query.prefixes import PREFIXES
from server.query.rows import Term, select
from server.service import BASE, Service, current_service
from server.web.addresses import host
from server.web.media import GRAPH, JSONLD, Format
from server.web.problem import Problem
from server.web.reply import not_modified, whole
from server.web.validity import validity

MOST = 200
_STATEMENTS = 60  # of the thing on one page: with two names for each thing they lead to, and the page's own, below MOST
_MEMBERS = 120  # statements about the members of a kind on one page
# Class, names, values, links to other things, what is said once before what is said often; what is about sources and
# statements comes last.
_APPARATUS = ", ".join(
    (
        f"<{DCTERMS.source}>",
        *(f"<{PREFIXES['rg']}{name}>" for name in ("currentStatement", "propertyKnown", "propertyNotFound")),
        *(f"<{PREFIXES['rg']}{name}>" for name in ("propertySuperseded", "propertyConflicting")),
    )
)
_NAMED_FIRST = (
    f"DESC(?p = <{RDF.type}>) DESC(?p = <{SKOS.prefLabel}>) (?p IN ({_APPARATUS})) DESC(isLiteral(?o)) ?often ?p ?o ?s"
)
_GRAPHS = 8
HYDRA = Namespace(PREFIXES["hydra"])
_NAMES = f"<{SKOS.prefLabel}>|<{RDFS.label}>|<{DCTERMS.title}>"
_SAID = f"""SELECT ?s ?p ?o ?name {{
  {{ SELECT DISTINCT ?s ?p ?o {{ %s }}
     ORDER BY %s LIMIT %d OFFSET %d }}
  OPTIONAL {{ FILTER(isIRI(?o)) ?o {_NAMES} ?name }} }}"""
_FROM = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ <%s> ?p ?o }} }} ORDER BY ?g LIMIT {_GRAPHS}"


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of what is said: the pattern with ?s ?p ?o, its order, statements on a page, the page from 1."""

    pattern: str
    order: str
    size: int
    page: int


def about(iri: str, page: int, *, incoming: bool = False) -> Part:
    """What is said of a thing, or what leads to it when nothing is."""
    often = f"{{ SELECT ?p (COUNT(DISTINCT ?any) AS ?often) {{ <{iri}> ?p ?any }} GROUP BY ?p }}"
    said = f"<{iri}> ?p ?o BIND(<{iri}> AS ?s) {often}"
    pattern = f"?s ?p <{iri}> BIND(<{iri}> AS ?o)" if incoming else said
    return Part(pattern, _NAMED_FIRST, _STATEMENTS, page)


def members(prefix: str, page: int) -> Part:
    """The types and names of everything whose IRI begins with `prefix`, which has no quotation mark."""
    pattern = f"""VALUES ?p {{ <{RDF.type}> <{SKOS.prefLabel}> }} ?s ?p ?o
      FILTER(STRSTARTS(STR(?s), '{prefix}') && EXISTS {{ ?s <{SKOS.prefLabel}> ?any }})"""
    return Part(pattern, "?s ?p ?o", _MEMBERS, page)


def page_number() -> int:
    """The page that a request asks for. Raises Problem bad-request (400) when it is no number from 1."""
    text = request.args.get("page", "1")
    if not text.isdecimal() or not 0 < int(text) < 100_000:
        raise Problem("bad-request", f"page={text} is no number of a page.", f"page={text} är inget sidnummer.")
    return int(text)


def document(site: Service, iri: str, part: Part, chosen: Format) -> Response:
    """The document in a format. Raises Problem not-found (404) beyond the last page."""
    changed = modified(site, iri)
    valid = validity(site, "document", iri, part.pattern, str(part.page), host(site), chosen.name, str(changed))
    if (unchanged := not_modified(valid)) is not None:
        return unchanged
    graph, more = _statements(site, part)
    if not len(graph):
        raise Problem("not-found", f"<{iri}> has no page {part.page}.", f"<{iri}> har ingen sida {part.page}.")
    _describe(site, graph, iri, part.page if more else 0)
    if changed is not None:
        graph.add((URIRef(_address({})), DCTERMS.modified, Literal(changed)))
    response = whole(_written(graph, chosen, iri), chosen.content_type, valid)
    response.headers["Link"] = link_header(site, iri, part.page + 1 if more else 0)
    return response


def link_header(site: Service, iri: str, following: int = 0) -> str:
    """The header Link (RFC 8288): the canonical IRI, the other formats, the rights, and the page that follows."""
    links = [f'<{iri}>; rel="canonical"']
    links += [f'<{_address({"format": one.name})}>; rel="alternate"; type="{one.media_type}"' for one in GRAPH]
    links.append(f'<{_rights(site)}>; rel="license"')
    if following:
        links.append(f'<{_address({"page": str(following)})}>; rel="next"')
    return ", ".join(links)


def _statements(site: Service, part: Part) -> tuple[Graph, bool]:
    """The statements of a page with names, and whether there is a further page."""
    offset = (part.page - 1) * part.size
    query = _SAID % (part.pattern, part.order, part.size + 1, offset)
    rows = select(site, query, limit=part.size * 8, value=1_000_000).rows
    graph = Graph(bind_namespaces="none")
    said: dict[tuple[Node, Node, Node], None] = {}
    for s, p, o, name in rows:
        key = (_node(s), _node(p), _node(o))
        if key not in said and len(said) == part.size:
            return graph, True
        said[key] = None
        graph.add(key)
        if name.kind == "literal":
            graph.add((key[2], RDFS.label, _node(name)))
    return graph, False


def _describe(site: Service, graph: Graph, iri: str, more: int) -> None:
    """What the document itself is: of what, from which graphs and release, on which terms, and what follows."""
    me = URIRef(_address({}))
    graph.add((me, RDF.type, FOAF.Document))
    graph.add((me, FOAF.primaryTopic, URIRef(iri)))
    graph.add((me, DCTERMS.rights, URIRef(host(site) + "/about#licence")))
    graph.add((me, DCTERMS.hasVersion, Literal(site.engine.release)))
    graph.add((me, VOID.inDataset, URIRef(host(site) + "/.well-known/void#dataset")))
    if site.settings.metadata_licence:
        graph.add((me, DCTERMS.license, URIRef(site.settings.metadata_licence)))
    for row in select(site, _FROM % iri, limit=_GRAPHS).rows:
        graph.add((me, DCTERMS.source, URIRef(row[0].text)))
    if more:
        graph.add((me, HYDRA.next, URIRef(_address({"page": str(more + 1)}))))


def _written(graph: Graph, chosen: Format, first: str) -> bytes:
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return compact(graph, current_service(), first) if chosen is JSONLD else serialize(graph, chosen)


def _address(changes: dict[str, str]) -> str:
    """The address of the request at hand with some parameters changed, as clients see it."""
    fields = {name: value for name, value in request.args.items() if name in ("page", "format")} | changes
    query = urlencode({name: value for name, value in fields.items() if value != "1" or name != "page"})
    return host(current_service()) + request.path.rstrip("/") + (f"?{query}" if query else "")


def _rights(site: Service) -> str:
    return site.settings.metadata_licence or host(site) + "/about#licence"


def _node(term: Term) -> Node:
    if term.kind == "literal":
        return Literal(term.text, lang=term.language or None, datatype=URIRef(term.datatype) if term.datatype else None)
    return URIRef(term.text if term.kind == "iri" else f"{BASE}.well-known/genid/{term.text}")
