"""How many registers fulfil each element of HealthDCAT-AP, Release 8: `python -m tests.server.exports.elements`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QueryTriples, RdfFormat, Store, Triple
from rdflib import DCAT, RDF, Graph, URIRef

from loader.release.manifest import current_release
from server.exports.operator import Operator
from server.exports.profiles import PROFILES, export

PREFIXES: Mapping[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geodcatap": "http://data.europa.eu/930/",
    "healthdcatap": "http://healthdataportal.eu/ns/health#",
}
MANDATORY = (
    *("dcterms:title", "dcterms:description", "dcterms:identifier", "dcterms:accessRights", "dcterms:type"),
    *("dcterms:provenance", "dcatap:applicableLegislation", "dcat:theme", "dcat:keyword", "dcat:contactPoint"),
    *("dcat:distribution", "healthdcatap:hdab", "healthdcatap:healthCategory", "healthdcatap:hasStructuredData"),
)
RECOMMENDED = (
    *("analytics", "hasCodeValues", "hasCodingSystem", "healthTheme", "minTypicalAge", "maxTypicalAge"),
    *("numberOfRecords", "numberOfUniqueIndividuals", "populationCoverage", "retentionPeriod", "hasVariables"),
    *("dpv:hasPersonalData", "dpv:hasPurpose", "dpv:hasLegalBasis", "dqv:hasQualityAnnotation"),
    *("geodcatap:custodian", "dcterms:temporal", "dcterms:source", "dcterms:relation", "dcterms:language"),
    *("dcterms:accrualPeriodicity", "dcterms:isReferencedBy", "dcterms:conformsTo", "foaf:page"),
    *("dcat:landingPage", "adms:sample", "dcat:temporalResolution"),
)
OPERATOR = Operator(
    url="https://register.example",
    name="Exempelkommun",
    type="http://purl.org/adms/publishertype/LocalAuthority",
    email="data@register.example",
    licence="http://creativecommons.org/publicdomain/zero/1.0/",
)


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """An element: whether it is mandatory, and for how many registers it is said, or a stand-in says that it is not."""

    element: str
    mandatory: bool
    said: int
    stand_in: int


def fulfilled(graph: Graph) -> Iterator[Fulfilled]:
    """The elements of the data sets of an export, the mandatory ones first."""
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    for name in (*MANDATORY, *RECOMMENDED):
        element = name if ":" in name else f"healthdcatap:{name}"
        prefix, _, local = element.partition(":")
        values = [set(graph.objects(dataset, URIRef(PREFIXES[prefix] + local))) for dataset in datasets]
        standing = sum(any("/id/not-stated/" in str(value) for value in each) for each in values)
        yield Fulfilled(element, name in MANDATORY, sum(map(bool, values)) - standing, standing)


def table(graph: Graph) -> str:
    """The elements as a table in Markdown."""
    rows = [
        f"| `{one.element}` | {'mandatory' if one.mandatory else 'recommended'} | {one.said} | {one.stand_in or ''} |"
        for one in fulfilled(graph)
    ]
    return "\n".join(("| element | | registers | stand-ins |", "|---|---|--:|--:|", *rows))


def main() -> None:
    """Print the table of the current release."""
    store = Store()
    release = current_release(Path("data/release"))
    store.bulk_load(path=str(release.graph), format=RdfFormat.N_QUADS)

    def construct(query: str) -> Iterator[Triple]:
        found = store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, QueryTriples)
        return iter(found)

    print(table(export(PROFILES["healthdcat-ap"], construct, OPERATOR, release.version)))


if __name__ == "__main__":
    main()
