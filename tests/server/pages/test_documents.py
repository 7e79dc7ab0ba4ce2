"""Documents about things: bounded, whole over their pages, the same in every format, saying what they are."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS

from server.pages.things.context import compact
from server.pages.things.document import HYDRA, MOST
from server.service import BASE, service_of

FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
LARGE = "/id/register/riksstroke"
THINGS = (LARGE, "/id/target-group/older-people", "/id/provision/sol-2025.k8p4", "/id/register", "/id/indicator")


def read(client: FlaskClient, path: str, form: str = "ntriples") -> tuple[Graph, dict[str, str]]:
    answer = client.get(path, query_string=None if "?" in path else {"format": form})
    assert answer.status_code == 200, path
    text = answer.get_data(as_text=True)
    if form == "jsonld":
        text = json.dumps(json.loads(text) | json.loads(client.get("/context.jsonld").get_data(as_text=True)))
    triples = (quad.triple for quad in parse(text, format=FORMATS[form]))
    return Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt"), dict(answer.headers)


def pages(client: FlaskClient, path: str) -> list[Graph]:
    found, following = [], f"{path}?format=ntriples"
    while following:
        graph, _ = read(client, following)
        found.append(graph)
        onward = list(graph.objects(None, HYDRA.next))
        following = str(onward[0]).removeprefix("http://localhost") if onward else ""
    return found


@pytest.mark.parametrize("path", THINGS)
def test_a_document_is_bounded_and_says_what_it_is(real_client: FlaskClient, path: str) -> None:
    for graph in pages(real_client, path):
        assert 0 < len(graph) <= MOST
        [me] = graph.subjects(RDF.type, FOAF.Document)
        assert (me, FOAF.primaryTopic, URIRef(BASE + path[1:])) in graph
        assert list(graph.objects(me, DCTERMS.rights))
        assert list(graph.objects(me, DCTERMS.hasVersion))


def test_the_pages_together_say_all(real_client: FlaskClient) -> None:
    said = {(p, o) for graph in pages(real_client, LARGE) for p, o in graph.predicate_objects(URIRef(BASE + LARGE[1:]))}
    query = f"CONSTRUCT {{ <{BASE}{LARGE[1:]}> ?p ?o }} WHERE {{ <{BASE}{LARGE[1:]}> ?p ?o }}"
    whole = real_client.get("/sparql", query_string={"query": query, "format": "ntriples"}).get_data(as_text=True)
    assert said == set(Graph().parse(data=whole, format="nt").predicate_objects(None))
    assert len(pages(real_client, LARGE)) > 1


@pytest.mark.parametrize("path", THINGS)
def test_every_format_says_the_same(real_client: FlaskClient, path: str) -> None:
    found = {form: {t for t in read(real_client, path, form)[0] if "format=" not in str(t)} for form in FORMATS}
    assert found["turtle"] == found["ntriples"] == found["rdfxml"] == found["jsonld"]


def test_a_document_names_what_it_leads_to_and_its_sources(real_client: FlaskClient) -> None:
    graph, headers = read(real_client, "/id/target-group/older-people")
    me = next(graph.subjects(RDF.type, FOAF.Document))
    assert all(str(source).startswith(BASE + "graph/") for source in graph.objects(me, DCTERMS.source))
    area = URIRef(BASE + "id/service-area/elderly-care")
    assert {str(label) for label in graph.objects(area, URIRef("http://www.w3.org/2000/01/rdf-schema#label"))} == {
        "Äldreomsorg",
        "Elderly care",
    }
    links = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', headers["Link"]))
    assert links[BASE + "id/target-group/older-people"] == "canonical"
    assert sorted(links.values()).count("alternate") == len(FORMATS)
    assert "license" in links.values()


@pytest.mark.parametrize("path", ["id/target-group/older-people", "ns", "shapes", "graph/inferred"])
def test_a_page_has_the_same_links(real_client: FlaskClient, path: str) -> None:
    answer = real_client.get(f"/{path}", headers={"Accept": "text/html"})
    links = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["Link"]))
    assert links[BASE + path] == "canonical"
    turtle = next(link for link in links if link.endswith("format=turtle"))
    assert real_client.get(turtle).mimetype == "text/turtle"


@pytest.mark.parametrize(("page", "status"), [("2", 404), ("0", 400), ("x", 400), ("-1", 400)])
def test_a_page_that_is_not_there_is_told(real_client: FlaskClient, page: str, status: int) -> None:
    answer = real_client.get("/id/target-group/older-people", query_string={"page": page, "format": "turtle"})
    assert answer.status_code == status


def test_a_scheme_is_whole_as_graph_and_as_table(real_client: FlaskClient) -> None:
    graph, _ = read(real_client, "/id/scheme/conceptual-variable")
    concepts = set(graph.subjects(SKOS.inScheme, URIRef(BASE + "id/scheme/conceptual-variable")))
    assert all((concept, RDF.type, None) in graph for concept in concepts)
    lines = real_client.get("/id/scheme/conceptual-variable?format=csv").get_data(as_text=True).splitlines()
    assert lines[0] == "concept,notation,label_sv,label_en,definition_sv,definition_en,broader"
    assert {line.partition(",")[0] for line in lines[1:]} == {str(concept) for concept in concepts}


def test_jsonld_reads_as_plain_json(real_client: FlaskClient) -> None:
    made = json.loads(real_client.get("/id/register/senior-alert?format=jsonld").get_data(as_text=True))
    first = made["@graph"][0]
    assert first["id"] == BASE + "id/register/senior-alert"
    assert first["ageFrom"] == 18
    assert BASE + "id/care-setting/municipal-care" in first["careSetting"]
    assert "rg:QualityRegister" in first.get("type", first.get("@type"))


def test_the_subject_matter_comes_first_and_what_is_about_sources_last(real_client: FlaskClient) -> None:
    first, *_, last = pages(real_client, LARGE)
    held, known = (URIRef(BASE + "ns#" + name) for name in ("startYear", "currentStatement"))
    assert list(first.objects(None, held))
    assert not list(first.objects(None, known))
    assert list(last.objects(None, known))


def test_what_is_said_once_is_not_pushed_to_a_later_page_by_what_is_said_often(real_client: FlaskClient) -> None:
    me = URIRef(BASE + LARGE[1:])
    first, *later = pages(real_client, LARGE)
    assert later
    for name in ("statedRelevance", "usesClassification", "supportsAnalysisLevel", "concernsTargetGroup"):
        assert list(first.objects(me, URIRef(f"{BASE}ns#{name}"))), name
    assert not list(first.objects(me, URIRef(BASE + "ns#aboutTheSameAs")))


def test_a_graph_of_one_node_is_written_whole(real_app: Flask) -> None:
    graph = Graph().add((URIRef("http://e/a"), RDFS.label, Literal("A")))
    with real_app.test_request_context("/"):
        made = json.loads(compact(graph, service_of(real_app), "http://e/a"))
    assert [node["id"] for node in made["@graph"]] == ["http://e/a"]
