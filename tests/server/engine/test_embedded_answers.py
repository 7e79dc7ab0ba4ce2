"""What the embedded engine answers: forms, media types, datasets, errors of the query's own."""

from __future__ import annotations

import csv
import io
import json
from typing import cast

import pytest
import rdflib
from rdflib.query import ResultRow

from server.engine.interface import QueryFailed, QuerySyntax
from server.engine.pool.embedded import EmbeddedEngine
from tests.server.engine.asking import COUNT, JSON, body, count, request, rows
from tests.server.engine.fixture_release import INFERRED, NS, REGISTERS, VARIABLES

IN_GRAPHS = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def test_the_default_graph_is_the_union_of_the_named_graphs(engine: EmbeddedEngine) -> None:
    assert count(engine) == 260


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        (COUNT.replace("{", f"FROM <{REGISTERS}> {{", 1), {}, 80),
        (COUNT.replace("{", f"FROM <{REGISTERS}> from <{INFERRED}> {{", 1), {}, 140),
        (COUNT.replace("{", f"FROM NAMED <{REGISTERS}> {{", 1), {}, 0),
        (COUNT.replace("{", "{ ?from ?x 'FROM <g>' . # FROM <g>\n", 1), {}, 0),
        (IN_GRAPHS, {}, 260),
        (IN_GRAPHS.replace("{", f"FROM NAMED <{VARIABLES}> {{", 1), {}, 120),
        (COUNT, {"default_graphs": (REGISTERS, INFERRED)}, 140),
        (COUNT, {"named_graphs": (REGISTERS,)}, 0),
        (IN_GRAPHS, {"named_graphs": (REGISTERS,)}, 80),
        (IN_GRAPHS, {"default_graphs": (REGISTERS,)}, 0),
        (COUNT.replace("{", f"FROM <{REGISTERS}> {{", 1), {"default_graphs": (VARIABLES,)}, 120),
        (COUNT, {"default_graphs": ("http://example.org/none",)}, 0),
    ],
)
def test_dataset(engine: EmbeddedEngine, text: str, options: dict[str, tuple[str, ...]], expected: int) -> None:
    assert count(engine, text, **options) == expected


def test_tables(engine: EmbeddedEngine) -> None:
    text = f"SELECT ?v ?n {{ ?v <{NS}notation> ?n }} ORDER BY ?v LIMIT 2"
    as_json = [
        [term["value"] for term in row.values()] for row in json.loads(body(engine, text))["results"]["bindings"]
    ]
    as_csv = list(csv.reader(io.StringIO(body(engine, text, "text/csv"), newline="")))
    as_tsv = [line.split("\t") for line in body(engine, text, "text/tab-separated-values").splitlines()]
    xml = rdflib.query.Result.parse(io.BytesIO(body(engine, text, "application/sparql-results+xml").encode()), "xml")
    assert as_csv == [["v", "n"], *as_json]
    assert as_tsv == [["?v", "?n"], *([f"<{iri}>", f'"{code}"'] for iri, code in as_json)]
    assert [[str(term) for term in cast("ResultRow", row)] for row in xml] == as_json
    assert len(as_json) == 2


@pytest.mark.parametrize("media_type", ["application/sparql-results+json", "application/sparql-results+xml"])
def test_truth(engine: EmbeddedEngine, media_type: str) -> None:
    assert "true" in body(engine, "ASK {}", media_type)
    assert "false" in body(engine, "ASK { <http://example.org/no> ?p ?o }", media_type)


# rdflib 7.6 uses its own deprecated class to read JSON-LD.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
@pytest.mark.parametrize("text", ["CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", f"DESCRIBE ?s {{ ?s a <{NS}Register> }}"])
def test_graphs(engine: EmbeddedEngine, media_type: str, name: str, text: str) -> None:
    graph = rdflib.Graph().parse(data=body(engine, text, media_type), format=name)
    assert len(graph) == (260 if text.startswith("CONSTRUCT") else 140)
    assert rdflib.Literal("Register över äldre, nr 3", lang="sv") in set(graph.objects())


def test_turtle_has_the_prefixes_of_the_ontology(engine: EmbeddedEngine) -> None:
    turtle = body(engine, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5", "text/turtle")
    assert f"@prefix rg: <{NS}> ." in turtle
    assert "a rg:Variable" in turtle


def test_an_empty_graph_is_an_empty_answer(engine: EmbeddedEngine) -> None:
    answer = engine.query(request("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(false) }", "application/n-triples"))
    assert list(answer.chunks) == []


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("SELECT * WHERE {\n ?s ?p }", 2, 9), ("", 1, 1), ("SELEKT", 1, 7), ("SELECT ?x\n\n WHERE { BIND(1 AS ?x", 3, 22)],
)
def test_syntax_errors_have_a_position(engine: EmbeddedEngine, text: str, line: int, column: int) -> None:
    with pytest.raises(QuerySyntax) as caught:
        engine.query(request(text))
    assert (caught.value.line, caught.value.column) == (line, column)
    assert "error at" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "media_type", "message"),
    [
        (COUNT, "text/turtle", "table, which text/turtle cannot carry"),
        ("ASK {}", "text/turtle", "true or false"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", JSON, "graph"),
    ],
)
def test_a_form_that_the_media_type_cannot_carry(
    engine: EmbeddedEngine, text: str, media_type: str, message: str
) -> None:
    with pytest.raises(QueryFailed, match=message):
        engine.query(request(text, media_type))


def test_a_dataset_parameter_that_is_no_iri(engine: EmbeddedEngine) -> None:
    with pytest.raises(QueryFailed, match="IRI"):
        engine.query(request(COUNT, default_graphs=("not an iri",)))


def test_an_update_is_no_query(engine: EmbeddedEngine) -> None:
    with pytest.raises(QuerySyntax):
        engine.query(request("INSERT DATA { <http://e/s> <http://e/p> 1 }"))
    assert count(engine) == 260


def test_the_worker_is_kept_after_an_error(engine: EmbeddedEngine) -> None:
    before = dict(engine.status().restarts)
    for _ in range(5):
        with pytest.raises(QuerySyntax):
            engine.query(request("SELECT"))
    assert engine.status().restarts == before
    assert rows(engine, "SELECT (1 AS ?one) {}") == [{"one": "1"}]
