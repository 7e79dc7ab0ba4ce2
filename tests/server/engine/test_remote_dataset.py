"""The release's graphs as clauses of a query's text: where they go, and where an error is then told to be."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad, Store

from server.engine.interface import QuerySyntax
from server.engine.remote.dataset import dataset_place, placed

GRAPH, OTHER = "http://e/g", "http://e/other"


@pytest.fixture(scope="module")
def store() -> Store:
    """A statement in the graph, and another in one that is not asked."""
    store = Store()
    for graph in (GRAPH, OTHER):
        store.add(Quad(NamedNode(f"{graph}/s"), NamedNode("http://e/p"), NamedNode("http://e/o"), NamedNode(graph)))
    return store


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s ?p ?o }",
        "select ?s where{?s ?p ?o}",
        "PREFIX where: <http://e/where> # where {\nSELECT ?s WHERE { ?s ?p ?o }",
        "SELECT (IF(EXISTS { ?s ?p ?o }, ?s, 1) AS ?t) { ?s ?p ?o }",
        'SELECT ?s ("{" AS ?text) { GRAPH ?g { ?s ?p ?o } }',
        "SELECT*{?s ?p ?o}",
    ],
)
def test_a_query_is_over_these_graphs_only(store: Store, text: str) -> None:
    over = placed(text, [GRAPH])
    assert over is not None
    rows = list(store.query(over.text))  # type: ignore[arg-type]
    assert len(rows) == 1
    assert f"{GRAPH}/s" in str(rows[0])


@pytest.mark.parametrize(
    "text",
    ["CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE ?s { ?s ?p ?o }"],
)
def test_graphs_are_made_from_these_graphs_only(store: Store, text: str) -> None:
    over = placed(text, [GRAPH])
    assert over is not None
    assert {str(triple.subject) for triple in store.query(over.text)} == {f"<{GRAPH}/s>"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "DESCRIBE <http://e/s>",
        "nothing { }",
        'SELECT ("\\u0022 {" AS ?x) { ?s ?p ?o }',
        "SELECT ?s WH\\u0045RE { ?s ?p ?o }",
        "",
    ],
)
def test_where_no_clause_has_a_sure_place_there_is_none(text: str) -> None:
    assert dataset_place(text) == -1
    assert placed(text, [GRAPH]) is None


def column_of_error(text: str) -> int:
    with pytest.raises(SyntaxError, match=r"error at 2:\d+") as caught:
        Store().query(text)
    return int(str(caught.value).split(":")[1])


def test_an_error_is_told_where_it_stands_in_the_text_as_it_was_asked() -> None:
    text = "SELECT *\nWHERE { ?s ?p }"
    over = placed(text, [GRAPH, OTHER])
    assert over is not None
    told = over.error(QuerySyntax("why", 2, column_of_error(over.text)))
    assert (told.line, told.column) == (2, column_of_error(text))
    assert over.error(QuerySyntax("why", 1, 3)).column == 3
    assert over.error(QuerySyntax("why", None, None)).column is None
