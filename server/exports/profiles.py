"""The profiles, each a document of its own, for they contradict each other: what each is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files

from pyoxigraph import Literal as OxLiteral
from pyoxigraph import NamedNode, Triple
from rdflib import DCAT, Graph, Literal, URIRef

from server.exports.catalogue import BASE, Written, add_catalogue, add_memberships, add_not_stated
from server.exports.operator import Operator

Construct = Callable[[str], Iterable[Triple]]
_PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "healthdcatap": "http://healthdataportal.eu/ns/health#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One export: its key in addresses, its name, and the function that adds what is not in the release."""

    key: str
    name: str
    query: str | None
    complete: Callable[[Graph, Operator, str], None]


def _dcat_ap(graph: Graph, operator: Operator, version: str) -> None:
    registers = sorted(URIRef(str(thing)) for thing in set(graph.subjects(None, DCAT.Dataset)))
    add_catalogue(graph, operator, version, Written(URIRef(BASE + "catalog"), False), registers)


def _dcat_ap_se(graph: Graph, operator: Operator, version: str) -> None:
    add_catalogue(graph, operator, version, Written(URIRef(BASE + "catalog/se"), True), ())


def _health(graph: Graph, operator: Operator, version: str) -> None:
    add_not_stated(graph, operator)


def _services(graph: Graph, operator: Operator, version: str) -> None:
    """The services are complete as they are in the release."""


PROFILES = {
    profile.key: profile
    for profile in (
        Profile("dcat-ap", "DCAT-AP 3.0.1", "dcat-ap", _dcat_ap),
        Profile("dcat-ap-se", "DCAT-AP-SE 3.0.1", None, _dcat_ap_se),
        Profile("healthdcat-ap", "HealthDCAT-AP, Release 8", "healthdcat-ap", _health),
        Profile("cpsv-ap", "CPSV-AP 3.2.0", "cpsv-ap", _services),
    )
}


def export(profile: Profile, construct: Construct, operator: Operator, version: str) -> Graph:
    """The document of a profile: what its query makes of the release, and what the operator's settings add."""
    graph = Graph()
    for prefix, namespace in _PREFIXES.items():
        graph.bind(prefix, namespace)
    if profile.query is not None:
        for triple in construct(query_of(profile, operator)):
            graph.add((_node(triple.subject), URIRef(triple.predicate.value), _node(triple.object)))
    profile.complete(graph, operator, version)
    add_memberships(graph)
    return graph


def query_of(profile: Profile, operator: Operator) -> str:
    """The query of a profile, with the server's address in it."""
    text = (files("server.exports") / "queries" / f"{profile.query}.rq").read_text(encoding="utf-8")
    return text.replace("$public_url", operator.url)


def _node(term: object) -> URIRef | Literal:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, OxLiteral):
        return Literal(term.value, lang=term.language) if term.language else _typed(term)
    raise TypeError(f"{term} has no place in an export: blank nodes are not used")


def _typed(term: OxLiteral) -> Literal:
    plain = term.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
    return Literal(term.value) if plain else Literal(term.value, datatype=URIRef(term.datatype.value))
