"""The keyword FROM is told from everything that only looks like it, and as Oxigraph itself tells it."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store

from server.engine.remote import boolean_results as truth
from server.engine.remote import connections
from server.engine.source import dataset_options
from server.query.text import read_query

GRAPH = "http://example.org/g"
DECOYS = (
    "# FROM <x>\n",
    "?s ?p 'FROM <x>' . ",
    '?s ?p "a \\" FROM <x>" . ',
    '?s ?p """ FROM "quoted" FROM """ . ',
    "?s ?p ''' ' FROM '' ''' . ",
    "?from ?p $FROM . ",
    "from:a :from from:from . ",
    "<http://example.org/#> <FROM> <http://example.org/'> . ",
    "_:from ?p ?o . ",
    "?s ?p 'x'@from . ",
    "FILTER(?o < 1 && 2 > ?p) ",
    "# it's 'odd\n",
)
CLAUSES = (f"FROM <{GRAPH}>", f"from\n<{GRAPH}>", f"FrOm# '\n<{GRAPH}>", f"FROM NAMED <{GRAPH}>", "FROM from:g")


@given(
    st.lists(st.sampled_from(DECOYS), max_size=6),
    st.lists(st.sampled_from(CLAUSES), max_size=2),
    st.lists(st.sampled_from(("# FROM <x> '\n", " ", "\n")), max_size=2),
)
def test_from_is_found_when_and_only_when_it_is_there(
    decoys: list[str], clauses: list[str], between: list[str]
) -> None:
    head = "PREFIX from: <http://example.org/> PREFIX : <http://example.org/from#> BASE <http://example.org/>"
    query = f"{head} {''.join(between)} SELECT * {' '.join(clauses)} {''.join(between)} {{ {''.join(decoys)} }}"
    Store().query(query)  # Each of these is a query to Oxigraph.
    assert read_query(query).has_dataset is bool(clauses)


@pytest.mark.parametrize("clause", ["FROM NAMED", "FROMNAMED", "FROM\nNAMED#c\n", "*FROM", "FROM#c\n"])
def test_keywords_may_stand_close(clause: str) -> None:
    query = f"SELECT {'' if clause[0] == '*' else '* '}{clause}<{GRAPH}>{{ ?s ?p ?o }}"
    Store().query(query)
    assert read_query(query).has_dataset
    assert read_query(f"ASK{clause.removeprefix('*')}<{GRAPH}>{{}}").has_dataset


def test_the_word_in_a_comment_does_not_count() -> None:
    assert not read_query("# analysed from an earlier list\nSELECT * { ?s ?p 'from x: y' }").has_dataset


def test_escapes_are_read_as_oxigraph_reads_them() -> None:
    store = Store()
    store.add(Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), NamedNode("http://e/o"), NamedNode(GRAPH)))
    query = "SELECT * \\u0046ROM <http://example.org/none> { ?s ?p ?o }"
    try:
        found = len(list(store.query(query, **dataset_options([], [], union=not read_query(query).has_dataset))))  # type: ignore[arg-type]
    except SyntaxError:
        found = 0
    assert found == 0


def test_parameters_replace_the_querys_own_dataset() -> None:
    options = dataset_options([], ["http://example.org/h"], union=False)
    assert options == {"default_graph": [], "named_graphs": [NamedNode("http://example.org/h")]}
    with pytest.raises(ValueError, match="IRI"):
        dataset_options(["no iri"], [], union=True)


@pytest.mark.parametrize("module", [connections, truth])
def test_examples_in_docstrings(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert (result.attempted > 0, result.failed) == (True, 0)
