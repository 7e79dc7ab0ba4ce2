"""Frequent slips are mended in the answer: the corrected line is one that the engine has been seen to read."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

PROLOGUE = "PREFIX id: <https://w3id.org/registergraf/id/> PREFIX : <urn:>\n"
SLIPS = [
    ("SELECT COUNT(?s) { ?s a ?t }", "SELECT (COUNT(?s) AS ?count) { ?s a ?t }"),
    ("SELECT (COUNT(?s)) { ?s a ?t }", "SELECT (COUNT(?s) AS ?count) { ?s a ?t }"),
    ("SELECT ?t (COUNT(?s) AS ?c) { ?s a ?t }", "SELECT ?t (COUNT(?s) AS ?c) { ?s a ?t } GROUP BY ?t"),
    ("SELECT ?t COUNT(?s) { ?s a ?t }", "SELECT ?t (COUNT(?s) AS ?count) { ?s a ?t } GROUP BY ?t"),
    ("SELECT * { ?s a :t ?s :p ?o }", "SELECT * { ?s a :t . ?s :p ?o }"),
    ("SELECT * { ?s :p “Äldre” }", 'SELECT * { ?s :p "Äldre" }'),
    ("SELECT * { ?s :p ‘Äldre’ }", "SELECT * { ?s :p 'Äldre' }"),
    ("SELECT * { ?s :p id:target-group/older-people }", r"SELECT * { ?s :p id:target-group\/older-people }"),
]


def problem(client: FlaskClient, query: str) -> dict[str, object]:
    response = client.get("/sparql?" + urlencode({"query": query}))
    assert response.status_code == 400, response.text
    found: dict[str, object] = response.get_json()
    return found


@pytest.mark.parametrize(("slip", "corrected"), SLIPS)
def test_the_corrected_line_is_named_and_can_be_read(client: FlaskClient, slip: str, corrected: str) -> None:
    found = problem(client, PROLOGUE + slip)
    assert corrected in [hint.get("corrected") for hint in found["hints"]]  # type: ignore[attr-defined]
    assert corrected in str(found["detail"])
    assert corrected in str(found["detail_sv"])
    Store().query(PROLOGUE + corrected)


def test_a_mend_goes_with_a_prefix_that_is_missing(client: FlaskClient) -> None:
    found = problem(client, "SELECT COUNT(?s) { ?s a rg:Register }")
    assert "PREFIX rg:" in str(found["detail"])
    assert "(COUNT(?s) AS ?count)" in str(found["detail"])


def test_the_prefixes_of_each_kind_of_thing_are_known(client: FlaskClient) -> None:
    found = problem(client, "SELECT * { register:swespine ?p ?o }")
    assert "PREFIX register: <https://w3id.org/registergraf/id/register/>" in str(found["detail"])


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p }", "SELECT", "}", "SELECT * { ?s ?p 'x }"])
def test_what_cannot_be_mended_is_not_said_to_be(client: FlaskClient, query: str) -> None:
    assert not [hint for hint in problem(client, query)["hints"] if "corrected" in hint]  # type: ignore[attr-defined]
