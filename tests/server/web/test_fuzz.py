"""The OpenAPI description is valid and true: requests made from it, and requests made of noise, never end in a 500."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from tests.pairs import examples

BOUNDED = settings(
    max_examples=examples(12, 200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)


@pytest.mark.soak_too
def test_described_requests(app: Flask) -> None:
    """Requests drawn from each operation's description; every status and content type must be a described one."""
    described = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operations = [result.ok() for result in described.get_all_operations() if isinstance(result, Ok)]
    assert len(operations) >= 11
    for operation in operations:

        @given(case=operation.as_strategy())
        @BOUNDED
        def check(case: Case[Any]) -> None:
            case.call_and_validate(checks=[not_a_server_error, status_code_conformance, content_type_conformance])

        check()


def test_the_description_is_openapi(client: FlaskClient) -> None:
    document: dict[str, Any] = client.get("/openapi.json").get_json()
    validate(document)
    assert len(document["paths"]) >= 10


def test_every_route_is_described(app: Flask) -> None:
    described = {
        path.partition("{")[0].rstrip("/") or "/" for path in app.test_client().get("/openapi.json").get_json()["paths"]
    }
    routes = {rule.rule.partition("<")[0].rstrip("/") or "/" for rule in app.url_map.iter_rules()}
    assert routes - described == {"/static", "/openapi.json"}


_WORDS = """SELECT ASK CONSTRUCT DESCRIBE WHERE { } ( ) [ ] . ; , * ?s ?p ?o a <urn:x> <x> rg:X _:b 'x' 1 1.5 FILTER
OPTIONAL UNION GRAPH BIND AS VALUES LIMIT OFFSET GROUP BY ORDER HAVING COUNT PREFIX BASE SERVICE FROM NAMED # NOT EXISTS
MINUS ^ / | + @sv ^^ true UNDEF SILENT å"""
WORDS = st.sampled_from([*_WORDS.split(), '"x"', "\\u0041", "\n", "\x00", "\U0001f600"])
NAMES = st.sampled_from(["format", "timeout", "bom", "explain-empty", "lang", "default-graph-uri"])
MORE = st.dictionaries(NAMES, st.text(max_size=8))
ACCEPT = st.text(st.characters(codec="ascii", exclude_characters="\r\n\0"), max_size=30)
QUERIES = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=25).map(" ".join))


@pytest.mark.soak_too
@given(query=QUERIES, more=MORE, accept=ACCEPT)
@settings(max_examples=examples(150, 3000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_noise_is_never_a_500(client: FlaskClient, query: str, more: dict[str, str], accept: str) -> None:
    text = query.encode("utf-8", "surrogatepass")
    values = {name: value.encode("utf-8", "surrogatepass") for name, value in more.items()}
    response = client.get("/sparql?" + urlencode({"query": text, **values}), headers={"Accept": accept})
    assert response.status_code in (200, 400, 403, 406, 413, 503), response.text
    posted = client.post("/sparql", data=text, headers={"Content-Type": "application/sparql-query", "Accept": accept})
    assert posted.status_code in (200, 400, 403, 406, 413, 503), posted.text


@pytest.mark.soak_too
@given(st.lists(WORDS, max_size=25).map(" ".join))
@settings(max_examples=examples(100, 2000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_explanations_of_noise_are_never_a_500(client: FlaskClient, body: str) -> None:
    query = f"SELECT * {{ {body} }}"
    response = client.get("/sparql?" + urlencode({"query": query, "explain-empty": "true"}))
    assert response.status_code in (200, 400, 403, 503), response.text
