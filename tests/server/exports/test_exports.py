"""Catalogue exports of the real release: valid by the official shapes where these are at hand, honest about gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from pyoxigraph import QueryTriples, RdfFormat, Store, Triple, parse
from rdflib import DCAT, DCTERMS, RDF, BNode, Graph, Literal, URIRef

from loader.model.iris import BASE
from loader.release.manifest import current_release
from server.exports.commands import export_profile
from server.exports.documents import FORMATS, written
from server.exports.gaps import LEFT_OUT, STAND_IN, Described, gaps
from server.exports.operator import Operator, SettingNeededError, operator_of
from server.exports.profiles import PROFILES, export
from server.settings import Settings
from tests.server.exports.bundle import Bundle
from tests.server.exports.elements import fulfilled
from tests.server.exports.official import SHAPES, needs_shapes, violations

DCAT_AP = tuple(f"dcat-ap-3.0.1/html/shacl/{name}.ttl" for name in ("shapes", "range", "mdr-vocabularies.shape"))
HEALTH = (
    "shapes/non-public-shapes",
    "shapes/graph-guard",
    "ranges/range",
    "controlled-vocabularies/mdr-vocabularies.shape",
)
OFFICIAL = {
    "dcat-ap": DCAT_AP,
    "healthdcat-ap": (*(f"healthdcat-ap-r8/{name}.ttl" for name in HEALTH), *DCAT_AP),
    "cpsv-ap": ("cpsv-ap-3.2.0/cpsv-ap-SHACL.ttl",),
}
SETTINGS = Settings(
    public_url="https://register.example",
    operator_name="Exempelkommun",
    operator_type="http://purl.org/adms/publishertype/LocalAuthority",
    operator_email="data@register.example",
    metadata_licence="http://creativecommons.org/publicdomain/zero/1.0/",
)


@pytest.fixture(scope="module")
def operator() -> Operator:
    return operator_of(SETTINGS)


@pytest.fixture(scope="module")
def exports(real_root: Path, operator: Operator) -> dict[str, Graph]:
    shipped_release = current_release(real_root)
    store = Store()
    store.bulk_load(path=str(shipped_release.graph), format=RdfFormat.N_QUADS)

    def construct(query: str) -> Iterator[Triple]:
        found = store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, QueryTriples)
        return iter(found)

    return {key: export(profile, construct, operator, shipped_release.version) for key, profile in PROFILES.items()}


@needs_shapes
@pytest.mark.parametrize("key", OFFICIAL)
def test_no_violation_of_the_official_shapes(exports: dict[str, Graph], key: str) -> None:
    assert violations(exports[key], OFFICIAL[key]) == []


@needs_shapes
def test_a_missing_title_is_a_violation(exports: dict[str, Graph]) -> None:
    damaged = Graph() + exports["dcat-ap"]
    damaged.remove((URIRef("https://w3id.org/registergraf/id/register/riksstroke"), DCTERMS.title, None))
    assert violations(damaged, OFFICIAL["dcat-ap"]) != []


@needs_shapes
def test_the_swedish_profile_keeps_its_cardinalities(exports: dict[str, Graph]) -> None:
    bundle = Bundle(SHAPES / "dcat-ap-se-3.0.1" / "bundle.json")
    assert bundle.breaches(exports["dcat-ap-se"]) == []
    damaged = Graph() + exports["dcat-ap-se"]
    damaged.remove((None, DCTERMS.publisher, None))
    assert len(bundle.breaches(damaged)) == 2


def test_a_catalogue_can_be_harvested(exports: dict[str, Graph]) -> None:
    """What an importer relies on: data sets, unique identifiers, no blank nodes, and texts with a language."""
    for key in ("dcat-ap", "dcat-ap-se"):
        graph = exports[key]
        datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
        assert set(graph.objects(None, DCAT.dataset)) == datasets
        identifiers = [graph.value(dataset, DCTERMS.identifier) for dataset in datasets]
        assert len(set(identifiers)) == len(datasets)
        assert not any(isinstance(node, BNode) for triple in graph for node in triple)
        for text in graph.objects(None, DCTERMS.title):
            assert isinstance(text, Literal)
            assert text.language in ("sv", "en")
    assert len(set(exports["dcat-ap"].subjects(RDF.type, DCAT.Dataset))) > 100
    assert len(set(exports["dcat-ap-se"].subjects(RDF.type, DCAT.Dataset))) == 1


def test_health_has_only_registers_with_variables_and_no_catalogue(exports: dict[str, Graph]) -> None:
    graph = exports["healthdcat-ap"]
    assert set(graph.subjects(RDF.type, DCAT.Catalog)) == set()
    tables = URIRef("http://healthdataportal.eu/ns/health#hasVariables")
    assert set(graph.subjects(tables)) == set(graph.subjects(RDF.type, DCAT.Dataset)) != set()


def test_what_health_demands_is_there_for_each_register_or_a_stand_in_says_that_it_is_not(
    exports: dict[str, Graph],
) -> None:
    graph = exports["healthdcat-ap"]
    registers = len(set(graph.subjects(RDF.type, DCAT.Dataset)))
    found = [one for one in fulfilled(graph) if one.mandatory]
    assert {one.element for one in found if one.said + one.stand_in != registers} == set()
    stand_ins = {"dcterms:provenance", "dcat:contactPoint", "healthdcatap:hdab"}
    assert {one.element for one in found if one.stand_in} == stand_ins
    graph = Graph() + graph
    graph.remove((next(graph.subjects(RDF.type, DCAT.Dataset)), DCTERMS.identifier, None))
    assert registers - 1 in [one.said for one in fulfilled(graph) if one.element == "dcterms:identifier"]


@pytest.mark.parametrize("key", PROFILES)
def test_every_form_says_the_same(exports: dict[str, Graph], key: str) -> None:
    expected = {str(quad.triple) for quad in parse(exports[key].serialize(format="nt"), format=RdfFormat.N_TRIPLES)}
    for form, syntax in FORMATS.items():
        assert {str(quad.triple) for quad in parse(written(exports[key], form), format=syntax)} == expected, form


def test_what_is_not_stated_is_listed_and_never_invented() -> None:
    with_variables = Described("https://example.org/a", "A", variables=True, publisher=True)
    bare = Described("https://example.org/b", "B", variables=False, publisher=False)
    found = {(gap.label, gap.profile, gap.element, gap.how) for gap in gaps([with_variables, bare])}
    assert ("A", "healthdcat-ap", "healthdcatap:hdab", STAND_IN) in found
    assert ("B", "healthdcat-ap", "healthdcatap:hasVariables", LEFT_OUT) in found
    assert ("B", "dcat-ap-se", "dcterms:publisher", LEFT_OUT) in found
    assert not any(label == "A" and element == "dcterms:publisher" for label, _, element, _ in found)


@pytest.mark.parametrize("name", ["public_url", "operator_name", "operator_type", "operator_email", "metadata_licence"])
def test_without_a_setting_an_export_is_refused_by_its_name(name: str) -> None:
    given = {field: getattr(SETTINGS, field) for field in SETTINGS.__slots__} | {name: ""}
    with pytest.raises(SettingNeededError, match=name):
        operator_of(Settings(**given))
    result = CliRunner().invoke(export_profile, ["dcat-ap"], obj=Settings(**given))
    assert result.exit_code == 2
    assert name.upper() in result.output


def test_what_only_the_exports_describe_leads_to_them(exports: dict[str, Graph], real_client: FlaskClient) -> None:
    ours = {str(node) for graph in exports.values() for triple in graph for node in triple if isinstance(node, URIRef)}
    paths = {iri.removeprefix(BASE).partition("#")[0] for iri in ours if iri.startswith(BASE)}
    alone = [path for path in sorted(paths) if not re.match("(id/(?!not-stated)|ns)", path)]
    assert {"catalog", "catalog/se", "id/not-stated/hdab"} <= set(alone)
    for path in alone:
        for accept, form in (("text/turtle", "ttl"), ("application/rdf+xml", "rdf"), ("text/html", None)):
            reply = real_client.get(f"/{path}", headers={"Accept": accept})
            assert reply.status_code == 303, path
            profile = PROFILES.keys() & {reply.location.removeprefix("/exports/").partition(".")[0]}
            assert reply.location == (f"/exports/{profile.pop()}.{form}" if form else "/exports"), path
