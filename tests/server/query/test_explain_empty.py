"""`explain-empty=true` names the part of a query that leaves no row: twenty broken queries over the real release."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from server.app import create_app
from server.engine.opened import open_engine
from server.settings import Settings
from tests.server.conftest import GRAPHS, ID, RG, example_graphs, write_graphs

PROLOGUE = """PREFIX rg: <https://w3id.org/registergraf/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX target-group: <https://w3id.org/registergraf/id/target-group/>
"""

# (query, what the culprit's text must hold, an IRI or value that must be offered, or empty)
BROKEN = [
    ("SELECT * { ?r a rg:QualityRegistry ; skos:prefLabel ?n }", "rg:QualityRegistry", "ns#QualityRegister"),
    ("SELECT * { ?i a rg:Indicator ; rg:indicatorFor ?r }", "rg:indicatorFor", "ns#indicatorOf"),
    (
        "SELECT * { ?r a rg:QualityRegister ; skos:prefLabel 'Endovaskulär behandling av stroke' }",
        "Endovask",
        'stroke"@sv',
    ),
    ("SELECT * { ?r skos:prefLabel ?n . ?r a rg:QualityRegister FILTER(lang(?n) = 'se') }", "lang(?n) = 'se'", ""),
    ("SELECT * { ?i rg:concernsTargetGroup target-group:old-people }", "target-group:old-people", "/older-people"),
    ("SELECT * { ?i a rg:Indicator . ?i a rg:Register }", "?i a rg:Register", ""),
    ("SELECT * { ?r a rg:QualityRegister . MINUS { ?r a rg:Register } }", "MINUS", ""),
    ("SELECT * { GRAPH <https://w3id.org/registergraf/graph/skr> { ?s ?p ?o } }", "?s ?p ?o", "/graph/skr-2022"),
    (
        "SELECT * { VALUES ?r { <https://w3id.org/registergraf/id/register/none> } ?r a rg:QualityRegister }",
        "?r a rg:QualityRegister",
        "",
    ),
    ("SELECT * { { ?r a rg:Nothing } UNION { ?r a rg:NothingElse } }", "UNION", ""),
    ("SELECT ?t (COUNT(*) AS ?n) { ?s a ?t } GROUP BY ?t HAVING(COUNT(*) > 100000000)", "HAVING", ""),
    ("SELECT * { ?r a rg:QualityRegister } OFFSET 1000000", "OFFSET", ""),
    ("SELECT * { ?r a rg:QualityRegister } LIMIT 0", "LIMIT", ""),
    ("SELECT * { ?r a rg:QualityRegister . FILTER NOT EXISTS { ?r skos:prefLabel ?n } }", "NOT EXISTS", ""),
    (
        "SELECT * { ?r a rg:QualityRegister OPTIONAL { ?r skos:altLabel ?a } FILTER(BOUND(?a) && !BOUND(?a)) }",
        "BOUND",
        "",
    ),
    ("SELECT * { ?r skos:preferredLabel ?n }", "skos:preferredLabel", "core#prefLabel"),
    ("SELECT * { ?i a rg:Indicator ; rg:indicatorOf/rg:indicatorOf ?r }", "rg:indicatorOf/rg:indicatorOf", ""),
    (
        "SELECT * { ?r a rg:QualityRegister . { ?r skos:prefLabel ?n . ?n skos:prefLabel ?m } }",
        "?n skos:prefLabel ?m",
        "",
    ),
    ("SELECT * { ?r a rg:QualityRegister , rg:Indicator }", "rg:Indicator", ""),
    ("SELECT * { ?r skos:prefLabel 'svenska skulder'@sv }", "'svenska skulder'@sv", ""),
    ("SELECT * { ?r a rg:QualityRegister BIND('x' AS ?x) FILTER(?x = 'y') }", "?x = 'y'", ""),
    ("SELECT * { ?r a rg:QualityRegister { SELECT ?r { ?r a rg:Indicator } } }", "SELECT ?r", ""),
]


def explained(client: FlaskClient, query: str, form: str = "json") -> dict[str, object]:
    url = "/sparql?" + urlencode({"query": PROLOGUE + query, "explain-empty": "true", "format": form})
    response = client.get(url)
    assert response.status_code == 200, response.text
    found: dict[str, object] = json.loads(response.headers["Registergraf-Explanation"])
    if form == "json":
        assert response.json["results"]["bindings"] == []  # type: ignore[index]
        assert response.json["explanation"] == found  # type: ignore[index]
    return found


def test_the_culprit_is_named(real_client: FlaskClient) -> None:
    assert len(BROKEN) >= 20
    missed = []
    for query, expected, offered in BROKEN:
        found = explained(real_client, query)
        culprit = found["culprit"] or {}
        if expected not in culprit.get("text", "") or offered not in str(found["en"]) + str(found["unknown"]):  # type: ignore[attr-defined]
            missed.append((query, expected, offered, found))
    assert missed == []


def test_a_culprit_has_its_place(real_client: FlaskClient) -> None:
    found = explained(real_client, "SELECT * {\n  ?i a rg:Indicator ;\n     rg:indicatorFor ?r }")
    assert found["culprit"] == {"kind": "triple", "text": "?i rg:indicatorFor ?r", "line": 6, "column": 6}


@pytest.mark.parametrize("form", ["csv", "tsv", "xml"])
def test_every_format_carries_the_explanation(real_client: FlaskClient, form: str) -> None:
    assert "rg:QualityRegistry" in str(explained(real_client, BROKEN[0][0], form)["culprit"])


def test_an_answer_with_rows_needs_no_explanation(real_client: FlaskClient) -> None:
    query = urlencode({"query": PROLOGUE + "SELECT * { ?r a rg:QualityRegister }", "explain-empty": "true"})
    response = real_client.get("/sparql?" + query)
    assert "Registergraf-Explanation" not in response.headers
    assert "explanation" not in (response.json or {})


def told(client: FlaskClient, query: str, **more: str) -> dict[str, str]:
    text = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n{PROLOGUE}{query}"
    response = client.get("/sparql?" + urlencode({"query": text, "explain-empty": "true", "format": "json", **more}))
    assert response.status_code == 200, response.text
    found: dict[str, str] = response.json["explanation"]  # type: ignore[index]
    return found


@pytest.mark.parametrize(
    ("query", "said"),
    [
        # Each of the two is there; what does not meet is named, with what there is.
        ('SELECT * { ?i rg:indicatorOf ?r . ?r skos:prefLabel "Riksstroke"@sv }', "none with the same ?r"),
        ('SELECT * { ?i rg:indicatorOf ?r . ?r skos:prefLabel "Riksstroke"@sv }', "id/register/riksstroke"),
        # A literal as one writes it.
        ('SELECT * { ?r skos:prefLabel "riksstroke" }', 'written "Riksstroke"@sv'),
        ('SELECT * { ?x rg:number "2" }', "written 2."),
        ('SELECT * { ?r skos:prefLabel ?l FILTER(?l = "riksstroke") }', 'written "Riksstroke"@sv'),
        ('SELECT * { ?r skos:prefLabel ?l FILTER(?l IN ("riksstroke")) }', 'written "Riksstroke"@sv'),
        # Another property, another graph.
        ("SELECT * { ?r a rg:QualityRegister ; rg:shortName ?l }", "but skos:prefLabel"),
        (f"SELECT * {{ GRAPH <{GRAPHS}inferred> {{ ?r skos:prefLabel ?l }} }}", "another graph: graph/skr-2022"),
        (f"SELECT * FROM <{GRAPHS}inferred> {{ ?r skos:prefLabel ?l }}", "another graph: graph/skr-2022"),
        ("SELECT * FROM <graph/inferrd> { ?s ?p ?o }", "<graph/inferrd> is a relative IRI"),
        ("SELECT * FROM <graph/inferrd> { ?s ?p ?o }", "Nearest: graph/inferred"),
    ],
)
def test_what_is_there_instead_is_told(example_client: FlaskClient, query: str, said: str) -> None:
    found = told(example_client, query)
    assert said in found["en"], found["en"]
    assert len(found["sv"].splitlines()) == len(found["en"].splitlines())


def test_no_hint_repeats_what_was_asked(example_client: FlaskClient) -> None:
    """The text is written as it stands; it is the other pattern that it does not meet."""
    found = told(example_client, 'SELECT * { ?i rg:indicatorOf ?r . ?r skos:prefLabel "Riksstroke"@sv }')
    assert "is written" not in found["en"]


def test_a_thing_near_by_that_has_it_is_pointed_to(example_client: FlaskClient) -> None:
    found = told(example_client, 'SELECT * { ?i rg:indicatorOf ?r . ?r skos:prefLabel "Ryggdelen"@sv }')
    assert "id/register/swespine is joined to id/register/part by rg:partOf" in found["en"]


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_a_row_without_values_is_a_row(client: FlaskClient, form: str) -> None:
    query = urlencode({"query": "SELECT ?x { OPTIONAL { ?x <urn:none> ?y } }", "explain-empty": "1", "format": form})
    assert "Registergraf-Explanation" not in client.get("/sparql?" + query).headers


def test_a_thousand_unknown_iris_are_explained_within_the_deadline(real_client: FlaskClient) -> None:
    values = " ".join(f"<urn:unknown:{number}>" for number in range(1000))
    query = f"SELECT * {{ VALUES ?x {{ {values} }} ?x ?p ?o }}"
    began = time.monotonic()
    found = told(real_client, query, timeout="1")
    assert time.monotonic() - began < 2
    assert len(found["unknown"]) <= 20


@pytest.fixture(scope="module")
def example_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A site over three registers, two indicators of one of them, a part of that one, and two numbers."""
    root = tmp_path_factory.mktemp("example")
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    graphs = {**example_graphs(), GRAPHS + "numbers": []}
    graphs[GRAPHS + "numbers"] = [
        *(f'<{ID}n/{n}> <{RG}number> "{n}"^^<http://www.w3.org/2001/XMLSchema#integer>' for n in (1, 2)),
        f'<{ID}n/1> <{RG}shortName> "N"',
        f'<{ID}register/part> <{label}> "Ryggdelen"@sv',
        f"<{ID}register/part> <{RG}partOf> <{ID}register/swespine>",
    ]
    release = write_graphs(root, "0.1.0-aaaaaaaaaaaa", graphs)
    settings = Settings(releases=root, workers=2, queue=8, rate_per_minute=0, access_log="")
    engine = open_engine(settings, release)
    yield create_app(settings, engine, release).test_client()
    engine.close()
