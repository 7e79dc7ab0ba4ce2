"""What an export says beside the release: the catalogue, its operator, and the graph itself as a data set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from loader.model.iris import BASE as BASE
from server.exports.operator import Operator

EU = "http://publications.europa.eu/resource/authority/"
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
CV = Namespace("http://data.europa.eu/m8g/")
NOT_STATED = Namespace(BASE + "id/not-stated/")
GRAPH = URIRef(BASE + "dataset/registergraf")
SPARQL = URIRef(BASE + "service/sparql")
SOFTWARE_LICENCE = URIRef("http://spdx.org/licenses/EUPL-1.2")
_ABOUT = {
    "sv": "Kunskapsgraf över Sveriges nationella kvalitetsregister, gjord för socialtjänsten.",
    "en": "Knowledge graph of Sweden’s national quality registers, made for social services.",
}
_CATALOGUE = {
    "sv": "Beskrivningar av register, gjorda av tredje part; det som ingen källa säger är utelämnat.",
    "en": "Descriptions of registers, by a third party; what no source says is left out.",
}
_NOT_STATED = {"sv": "Ej angivet i någon källa", "en": "Not stated in any source"}


@dataclass(frozen=True, slots=True)
class Written:
    """How a profile writes formats: DCAT-AP by IRIs of the EU's list, DCAT-AP-SE by plain media types."""

    catalogue: URIRef
    formats_as_text: bool


def texts(words: dict[str, str]) -> list[Literal]:
    """A text in both languages."""
    return [Literal(text, lang=language) for language, text in words.items()]


def add_catalogue(graph: Graph, operator: Operator, version: str, written: Written, datasets: Iterable[URIRef]) -> None:
    """The catalogue with the data sets, the operator, and the graph itself with its two ways in."""
    catalogue, publisher = written.catalogue, URIRef(operator.iri)
    _add(graph, catalogue, DCAT.Catalog, _CATALOGUE, publisher)
    graph.add((catalogue, DCTERMS.license, URIRef(operator.licence)))
    for code in ("SWE", "ENG"):
        graph.add((catalogue, DCTERMS.language, URIRef(f"{EU}language/{code}")))
    graph.add((catalogue, DCAT.themeTaxonomy, URIRef(EU + "data-theme")))
    graph.add((catalogue, DCAT.service, SPARQL))
    for dataset in (GRAPH, *datasets):
        graph.add((catalogue, DCAT.dataset, dataset))
    _add_operator(graph, operator)
    _add_graph(graph, operator, version, written)


def _add(graph: Graph, thing: URIRef, kind: URIRef, about: dict[str, str], publisher: URIRef) -> None:
    graph.add((thing, RDF.type, kind))
    graph.add((thing, DCTERMS.publisher, publisher))
    for language in ("sv", "en"):
        graph.add((thing, DCTERMS.title, Literal("registergraf", lang=language)))
    for text in texts(about):
        graph.add((thing, DCTERMS.description, text))


def _add_operator(graph: Graph, operator: Operator) -> None:
    agent, contact = URIRef(operator.iri), URIRef(operator.iri + "#contact")
    graph.add((agent, RDF.type, FOAF.Agent))
    graph.add((agent, FOAF.name, Literal(operator.name, lang="sv")))
    graph.add((agent, DCTERMS.type, URIRef(operator.type)))
    for kind in (VCARD.Organization, VCARD.Kind):
        graph.add((contact, RDF.type, kind))
    graph.add((contact, VCARD.fn, Literal(operator.name)))
    graph.add((contact, VCARD.hasEmail, URIRef("mailto:" + operator.email)))


def _add_graph(graph: Graph, operator: Operator, version: str, written: Written) -> None:
    _add(graph, GRAPH, DCAT.Dataset, _ABOUT, URIRef(operator.iri))
    graph.add((GRAPH, DCTERMS.identifier, Literal(str(GRAPH))))
    graph.add((GRAPH, DCAT.contactPoint, URIRef(operator.iri + "#contact")))
    graph.add((GRAPH, DCTERMS.accessRights, URIRef(EU + "access-right/PUBLIC")))
    for theme in ("HEAL", "SOCI"):
        graph.add((GRAPH, DCAT.theme, URIRef(f"{EU}data-theme/{theme}")))
    graph.add((GRAPH, URIRef(f"{DCAT}version"), Literal(version)))
    _add_distribution(graph, written, "SPARQL", f"{operator.url}/sparql", "application/sparql-results+json")
    graph.add((URIRef(f"{GRAPH}/sparql"), DCAT.accessService, SPARQL))
    graph.add((SPARQL, RDF.type, DCAT.DataService))
    graph.add((SPARQL, DCTERMS.title, Literal("SPARQL 1.1", lang="sv")))
    graph.add((SPARQL, DCAT.endpointURL, URIRef(f"{operator.url}/sparql")))
    graph.add((SPARQL, DCAT.servesDataset, GRAPH))
    if written.formats_as_text:
        graph.add((SPARQL, DCTERMS["format"], Literal("application/sparql-results+json")))


def _add_distribution(graph: Graph, written: Written, title: str, address: str, media_type: str) -> None:
    thing = URIRef(f"{GRAPH}/{title.lower()}")
    graph.add((GRAPH, DCAT.distribution, thing))
    graph.add((thing, RDF.type, DCAT.Distribution))
    graph.add((thing, DCTERMS.title, Literal(title, lang="sv")))
    graph.add((thing, DCAT.accessURL, URIRef(address)))
    graph.add((thing, DCTERMS.license, SOFTWARE_LICENCE))
    if written.formats_as_text:
        graph.add((thing, DCTERMS["format"], Literal(media_type)))


def add_not_stated(graph: Graph, operator: Operator) -> None:
    """The stand-ins for what HealthDCAT-AP demands and no source states; each says so in words."""
    gaps = URIRef(operator.url + "/exports/gaps")
    names = texts(_NOT_STATED)
    for name, kind in (
        ("provenance", DCTERMS.ProvenanceStatement),
        ("hdab", FOAF.Agent),
        ("contact", VCARD.Organization),
    ):
        graph.add((NOT_STATED[name], RDF.type, kind))
    for text in names:
        graph.add((NOT_STATED.provenance, RDFS.label, text))
        graph.add((NOT_STATED.hdab, FOAF.name, text))
    graph.add((NOT_STATED.contact, RDF.type, VCARD.Kind))
    graph.add((NOT_STATED.contact, VCARD.fn, Literal(_NOT_STATED["sv"])))
    graph.add((NOT_STATED.contact, VCARD.hasURL, gaps))
    graph.add((NOT_STATED.hdab, CV.contactPoint, NOT_STATED["hdab-contact"]))
    graph.add((NOT_STATED["hdab-contact"], RDF.type, CV.ContactPoint))
    graph.add((NOT_STATED["hdab-contact"], CV.contactPage, gaps))
    graph.add((gaps, RDF.type, FOAF.Document))


_OF_LIST = {
    "language/": DCTERMS.LinguisticSystem,
    "access-right/": DCTERMS.RightsStatement,
    "data-theme/": SKOS.Concept,
    "country/": DCTERMS.Location,
}
_PUBLISHER_TYPES = "http://purl.org/adms/publishertype"
_NAMES = {
    "access-right/NON_PUBLIC": "Non-public",
    "access-right/PUBLIC": "Public",
    "data-theme/HEAL": "Health",
    "data-theme/SOCI": "Population and society",
}
_CATEGORIES = "https://hdeu-dcat.data.health.europa.eu/resource/authority/healthcategories"


def add_memberships(graph: Graph) -> None:
    """Class, name and list of each value of a vocabulary that is used: validators fetch nothing."""
    for value in sorted(set(graph.objects()), key=str):
        for prefix, kind in _OF_LIST.items():
            if str(value).startswith(EU + prefix):
                name = str(value).removeprefix(EU)
                _member(graph, URIRef(str(value)), kind, EU + prefix.rstrip("/"), _NAMES.get(name))
        if str(value).startswith(_CATEGORIES + "/"):
            named = "Data from medical registries and mortality registries"
            _member(graph, URIRef(str(value)), SKOS.Concept, _CATEGORIES, named)
        if str(value).startswith(_PUBLISHER_TYPES + "/"):
            name = str(value).rpartition("/")[2]
            _member(graph, URIRef(str(value)), SKOS.Concept, _PUBLISHER_TYPES, name)
    for value in set(graph.objects(None, DCTERMS.license)):
        graph.add((value, RDF.type, DCTERMS.LicenseDocument))
    for value in set(graph.objects(None, URIRef("http://data.europa.eu/r5r/applicableLegislation"))):
        graph.add((value, RDF.type, URIRef("http://data.europa.eu/eli/ontology#LegalResource")))


def _member(graph: Graph, value: URIRef, kind: URIRef, scheme: str, name: str | None) -> None:
    graph.add((value, RDF.type, kind))
    graph.add((value, SKOS.inScheme, URIRef(scheme)))
    if name:
        graph.add((value, RDF.type, SKOS.Concept))
        graph.add((value, SKOS.prefLabel, Literal(name, lang="en")))
    graph.add((URIRef(scheme), RDF.type, SKOS.ConceptScheme))
    graph.add((URIRef(scheme), DCTERMS.title, Literal(scheme.rpartition("/")[2].replace("-", " "), lang="en")))
