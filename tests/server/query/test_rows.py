"""Typed rows: every kind of term as it is, and nothing of an answer that is larger than was asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.engine.interface import QueryFailed, TimedOut
from server.query.rows import EMPTY, Table, Term, read_table, select
from server.service import service_of
from tests.server.conftest import ID

XSD = "http://www.w3.org/2001/XMLSchema#"
BIG = "SELECT (COUNT(*) AS ?n) (GROUP_CONCAT(STR(?a); separator='{fill}') AS ?all) {{ ?s ?p ?a . ?t ?q ?b . ?u ?r ?c }}"


class Sent(Iterator[bytes]):
    """An answer in pieces, as an engine gives it."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = iter(pieces)
        self.closed = False

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        self.closed = True


def document(rows: list[dict[str, dict[str, str]]], names: list[str]) -> bytes:
    return json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}, ensure_ascii=False).encode()


def test_every_kind_of_term_keeps_what_it_is(app: Flask) -> None:
    query = """SELECT ?iri ?plain ?tagged ?typed ?number ?none ?blank ?triple {
        BIND(<http://example.org/ä> AS ?iri) BIND("a\\"b\\\\\\n" AS ?plain) BIND("hej"@sv AS ?tagged)
        BIND("2024-01-01"^^<http://www.w3.org/2001/XMLSchema#date> AS ?typed) BIND(41.70 AS ?number)
        BIND(BNODE() AS ?blank) BIND(<<( <a:b> <a:c> "d" )>> AS ?triple) }"""
    table = select(service_of(app), query, limit=5, timeout=5)
    assert table.variables == ["iri", "plain", "tagged", "typed", "number", "none", "blank", "triple"]
    assert not table.more
    assert len(table.rows) == 1
    iri, plain, tagged, typed, number, none, blank, triple = table.rows[0]
    assert iri == Term("iri", "http://example.org/ä")
    assert plain == Term("literal", 'a"b\\\n')
    assert tagged == Term("literal", "hej", "sv")
    assert typed == Term("literal", "2024-01-01", "", XSD + "date")
    assert number == Term("literal", "41.7", "", XSD + "decimal")
    assert none == EMPTY
    assert (blank.kind, blank.text[:2]) == ("blank", "_:")
    assert triple == Term("triple", "<<( a:b a:c d )>>")


def test_rows_beyond_the_limit_are_left_and_said(app: Flask) -> None:
    query = f"SELECT ?s {{ VALUES ?s {{ {' '.join(f'<{ID}{n}>' for n in range(5))} }} }}"
    assert [len(select(service_of(app), query, limit=n).rows) for n in (0, 4, 5, 6)] == [0, 4, 5, 5]
    assert [select(service_of(app), query, limit=n).more for n in (0, 4, 5, 6)] == [True, True, False, False]


def test_variables_behind_the_rows_are_those_that_were_met() -> None:
    rows = [{"a": {"type": "literal", "value": "1"}}, {"b": {"type": "literal", "value": "2"}}, {}]
    behind = json.dumps({"results": {"bindings": rows}, "head": {"vars": ["b", "a"]}}).encode()
    table = read_table(Sent(behind), 5)
    assert table.variables == ["a", "b"]
    one, two = Term("literal", "1"), Term("literal", "2")
    assert table.rows == [[one, EMPTY], [EMPTY, two], [EMPTY, EMPTY]]


def test_what_many_rows_say_is_held_once() -> None:
    rows = [{"a": {"type": "uri", "value": "http://example.org/a"}, "n": {"type": "literal", "value": str(n)}}
            for n in range(100)]  # fmt: skip
    table = read_table(Sent(document(rows, ["a", "n"])), 1000)
    assert len({id(row[0]) for row in table.rows}) == 1
    assert len({row[1] for row in table.rows}) == 100


def test_a_failure_is_the_engines_own(app: Flask) -> None:
    with pytest.raises(TimedOut):
        select(
            service_of(app),
            "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u }",
            limit=5,
            timeout=0.3,
        )


@pytest.mark.parametrize("sent", [b"", b"{}", b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":', b"<sparql/>"])
def test_what_is_no_table_is_told_and_closed(sent: bytes) -> None:
    answer = Sent(sent)
    with pytest.raises(QueryFailed):
        read_table(answer, 3)
    assert answer.closed


@given(
    st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=40), max_size=4),
    st.integers(1, 50),
    st.booleans(),
)
def test_the_rows_are_the_same_however_they_are_cut_in_pieces(values: list[str], size: int, ascii_only: bool) -> None:
    rows = [{"x": {"type": "literal", "value": value}} for value in values]
    text = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}, ensure_ascii=ascii_only).encode()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    expected = Table(["x"], [[Term("literal", value)] for value in values], False)
    assert read_table(Sent(*pieces), 10) == expected


def test_a_long_value_is_cut_at_its_length_and_no_escape_is_split() -> None:
    value = 'å"\\\U0001f600' * 40_000
    for ascii_only in (False, True):
        text = json.dumps(
            {
                "head": {"vars": ["x", "y"]},
                "results": {
                    "bindings": [{"x": {"type": "literal", "value": value}, "y": {"type": "uri", "value": "a:b"}}]
                },
            },
            ensure_ascii=ascii_only,
        ).encode()
        table = read_table(Sent(*(text[start : start + 9_999] for start in range(0, len(text), 9_999))), 3, value=101)
        assert table.rows == [[Term("literal", value[:101], cut=True), Term("iri", "a:b")]]


def test_a_table_of_long_values_ends_when_it_holds_enough() -> None:
    rows = [{"x": {"type": "literal", "value": "q" * 1500}}] * 5000
    table = read_table(Sent(document(rows, ["x"])), 10_000)
    assert table.more
    assert 1_900_000 < sum(len(row[0].text) for row in table.rows) < 2_100_000


def test_a_value_of_many_megabytes_takes_the_web_process_none(client: FlaskClient) -> None:
    def peak() -> int:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1])  # type: ignore[index]

    query = BIG.format(fill="q" * 4000)
    small = client.get("/sparql?" + urlencode({"query": "SELECT (1 AS ?x) {}", "format": "html"}))
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    before = peak()
    response = client.get("/sparql?" + urlencode({"query": query, "format": "html"}))
    assert response.status_code == 200
    assert len(response.data) < len(small.data) + 80_000
    assert "shortened" in response.text or "förkortat" in response.text
    assert peak() - before < 8_192  # KiB
