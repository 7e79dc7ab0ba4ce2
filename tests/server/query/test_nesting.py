"""Deep nesting is refused with its place, long before the engine's stack ends, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from server.engine.tokens import tokens
from server.query.permit import permitted_form
from server.query.text import DEEPEST, MOST_ITEMS, MOST_PARTS, read_query
from server.settings import Settings
from server.web.problem import Problem


def check_nesting(text: str) -> None:
    permitted_form(Settings(), read_query(text))


QUESTIONS = Path(__file__).parents[3] / "ontology" / "questions"


def nested(begin: str, opening: str, middle: str, closing: str, end: str) -> Callable[[int], str]:
    """A query with the pair repeated around its middle."""
    return lambda times: begin + opening * times + middle + closing * times + end


# Each with the number of levels that it has before and in one pair.
KINDS = {
    "parentheses": (nested("SELECT * { FILTER(", "(", "1", ")", ") }"), 2, 1),
    "groups": (nested("SELECT * {", "{", "?s ?p ?o", "}", "}"), 1, 1),
    "optional": (nested("SELECT * { ?s ?p ?o ", "OPTIONAL { ?s ?p ?o ", "", "}", "}"), 1, 1),
    "union": (nested("SELECT * { ", "{ ?s ?p ?o } UNION {", "", "}", "}"), 1, 1),
    "subqueries": (nested("SELECT * ", "{ SELECT * {", "", "}}", ""), 0, 2),
    "exists": (nested("SELECT * { ", "FILTER EXISTS {", "?s ?p ?o", "}", "}"), 1, 1),
    "functions": (nested("SELECT * { FILTER(", "STR(", "1", ")", ") }"), 2, 1),
    "paths": (nested("SELECT * { ?s ", "^(", "<urn:p>", ")", " ?o }"), 1, 1),
    "negations": (nested("SELECT * { FILTER(", "! ", "true", "", ") }"), 2, 1),
    "in lists": (nested("SELECT * { FILTER(", "1 IN (", "1", ")", ") }"), 2, 1),
    "aggregates": (nested("SELECT * { ", "{ SELECT (COUNT(EXISTS {", "", "}) AS ?x) {}}", "}"), 1, 4),
}


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_limit_the_engine_answers_and_above_it_the_place_is_told(client: FlaskClient, kind: str) -> None:
    query, before, each = KINDS[kind]
    times = (DEEPEST - before) // each
    answered = client.post("/sparql", data={"query": query(times), "timeout": "20"})
    assert answered.status_code == 200, answered.text
    refused = client.post("/sparql", data={"query": "\n\n" + query(times + 1)})
    assert (refused.status_code, refused.json["type"].rsplit("/")[-1]) == (400, "query-syntax")  # type: ignore[index]
    told = refused.get_json()
    assert told["line"] == 3
    assert told["token"] == query(times + 1)[told["column"] - 1]
    assert told["token"] in "({[!"
    assert f"{DEEPEST} deep" in told["detail"]
    assert f"{DEEPEST} nivåer" in told["detail_sv"]


@pytest.mark.parametrize("opening", ["[ ?p ", "( "])
def test_nodes_in_nodes(opening: str) -> None:
    """Not through the engine, which takes many seconds to plan so many joins."""
    check_nesting("SELECT * { ?s ?p " + opening * (DEEPEST - 1))
    with pytest.raises(Problem) as caught:
        check_nesting("SELECT * { ?s ?p " + opening * DEEPEST)
    assert caught.value.members["token"] == opening[0]


def test_ten_thousand_levels_are_told_as_what_they_are(client: FlaskClient) -> None:
    for opening in "({[!":
        response = client.post("/sparql", data={"query": "SELECT * { ?s ?p " + opening * 10_000})
        assert (response.status_code, response.get_json()["token"]) == (400, opening)


def test_an_empty_result_of_a_deep_query_is_explained(client: FlaskClient) -> None:
    query = "SELECT * {" + "{" * (DEEPEST - 1) + "?s <urn:none> ?o" + "}" * DEEPEST
    response = client.post("/sparql", data={"query": query, "explain-empty": "true"})
    assert response.status_code == 200


def test_many_brackets_that_are_not_nested_pass() -> None:
    check_nesting("SELECT * { VALUES (?a ?b) {" + "(1 2) " * 20_000 + "} }")
    check_nesting("SELECT * { FILTER(?a != 1 " + "&& ?a != 2 && !?b " * 1_000 + ") }")
    check_nesting("SELECT * { ?s ?p " + '\'(\', "[", <urn:(>, """\n{""", a:\\(, !# {\n' * 1_000 + "1 }")
    with pytest.raises(Problem):
        check_nesting("SELECT * { FILTER(" + "!# {\n " * DEEPEST + "1) }")


def test_no_competency_question_comes_near() -> None:
    questions = [path.read_text(encoding="utf-8") for path in QUESTIONS.glob("*.rq")]
    assert len(questions) >= 48
    assert max(map(deepest, questions)) < DEEPEST // 10


def deepest(text: str) -> int:
    """The deepest level of a text: open brackets, and `!` in a row, counted on all its tokens."""
    depth = most = negations = 0
    for token in tokens(text):
        negations += token.text == "!"
        depth = max(depth + (token.text in tuple("({[")) - (token.text in tuple(")}]")), 0)
        most = max(most, depth + negations)  # what is negated is one level deeper for each `!`
        negations = negations if token.text == "!" else 0
    return most


# No lone backslash: it is in no query, and the parser gets no further than to it.
PIECES = (*"(){}[]!\"'<>#=a:", "\n", " ", '"""', "'''", "a:\\(", "a:\\'", "<(>", "'('", "# {\n", "?x", "!" * 99)
RUNS = st.tuples(st.sampled_from(PIECES), st.sampled_from((1, 1, 1, 2, 60, 130, 201)))


@given(st.lists(RUNS, max_size=8))
@settings(max_examples=300, deadline=None)
def test_what_is_refused_is_what_is_too_deep(runs: list[tuple[str, int]]) -> None:
    text = "".join(piece * times for piece, times in runs)
    assume("<<" not in text)  # which nests, too: it has a case of its own below
    if deepest(text) <= DEEPEST:
        check_nesting(text)
    else:
        with pytest.raises(Problem, match=f"{DEEPEST} deep"):
            check_nesting(text)


@pytest.mark.parametrize(
    ("begin", "piece", "end", "most"),
    [
        ("SELECT * { ?s ?p ?o", " FILTER(1)", "}", MOST_PARTS),
        ("SELECT * { {}", " UNION {}", "}", MOST_PARTS),
        ("SELECT * { ?s ?p ?o", " OPTIONAL {}", "}", MOST_PARTS),
        ("SELECT * { ?s ?p (", " 1", ") }", MOST_ITEMS),
        ("SELECT * { ", "<<", "", DEEPEST),
    ],
)
def test_more_than_the_parser_is_given_is_told_with_the_number(
    client: FlaskClient, begin: str, piece: str, end: str, most: int
) -> None:
    check_nesting(begin + piece * (most // 2) + end)
    refused = client.post("/sparql", data={"query": begin + piece * (most + 2) + end})
    assert (refused.status_code, refused.json["type"].rsplit("/")[-1]) == (400, "query-syntax")  # type: ignore[index]
    assert refused.json["most"] == most  # type: ignore[index]
    assert str(most) in refused.json["detail"]  # type: ignore[index]
    assert str(most) in refused.json["detail_sv"]  # type: ignore[index]


@pytest.mark.parametrize("begin", ["VALUES ?x { ", "FILTER(?x IN (1"])
def test_long_lists_are_no_collections(begin: str) -> None:
    piece, end = (" 1", " }") if begin.startswith("V") else (", 1", "))")
    check_nesting(f"SELECT * {{ {begin}{piece * (MOST_ITEMS * 3)}{end} }}")
