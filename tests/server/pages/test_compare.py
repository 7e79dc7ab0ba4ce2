"""Comparing: each cell is the list that it links to, registers stand side by side, gaps are said in words."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.pages.catalogue.read import catalogue
from server.pages.compare.axes import axes_of
from server.pages.compare.gaps import gaps
from server.pages.compare.matrix import Cell, Counting, Matrix
from server.pages.lists.chosen import listed
from server.pages.lists.kinds import kinds
from server.pages.words.hyphens import soft
from server.query.rows import select
from server.service import service_of
from tests.server.pages.reading import HTML, Page

AXES = [
    {},
    {"cols": "service-areas"},
    {"cols": "conceptual-variables"},
    {"rows": "target-groups"},
    {"rows": "service-areas", "cols": "follow-up-areas", "relevance": "high"},
    {"rows": "conceptual-variables", "cols": "registers", "relevance": "high"},
]


def rows(app: Flask, query: str) -> int:
    table = select(service_of(app), query, limit=10_000)
    assert not table.more
    return len(table.rows)


def made(app: Flask, given: dict[str, str]) -> Matrix:
    found = catalogue(service_of(app))
    level = found.get("relevance-level", given["relevance"]) if "relevance" in given else None
    return Counting(found, axes_of(given), level).matrix()


def behind(app: Flask, cell: Cell) -> int:
    """How many things the page behind a cell shows."""
    address = urlsplit(cell.href)
    given = dict(parse_qsl(address.query))
    if address.path == "/query":
        return rows(app, given["query"])
    return len(listed(catalogue(service_of(app)), kinds()[address.path.strip("/")], given).things)


@pytest.mark.parametrize("given", AXES, ids=lambda given: "-".join(given.values()) or "default")
def test_a_cell_is_the_list_behind_it(real_app: Flask, given: dict[str, str]) -> None:
    with real_app.test_request_context("/compare"):
        matrix = made(real_app, given)
        cells = [cell for line in matrix.lines for cell in (*line.cells, line.silent, line.total)]
        every = [*cells, *matrix.totals, matrix.silent, matrix.total]
        assert sum(cell.number > 0 for cell in every) > 10
        for cell in [cell for cell in every if cell.number][:: max(1, len(every) // 40)]:
            assert behind(real_app, cell) == cell.number, cell
        assert all(not cell.href for cell in every if not cell.number)
        assert rows(real_app, matrix.query.query) == matrix.query.number


def test_the_sides_are_the_lists_behind_them(real_app: Flask) -> None:
    page = Page(real_app.test_client().get("/compare?registers=riksstroke,rikshoft&lang=en", headers=HTML).text)
    assert "Riksstroke and Rikshöft side by side" in page.text
    assert len(page.counted) == 4
    assert [(number, query) for number, query in page.counted if rows(real_app, query) != number] == []
    with real_app.test_request_context("/compare"):
        cells = [link for link in page.links if link.startswith(("/indicators?", "/variables?"))]
        assert len(cells) > 20
        assert min(behind(real_app, Cell(0, link.replace("&lang=en", ""))) for link in cells) > 0


def test_a_gap_has_no_sure_and_no_possible_indicator(real_app: Flask) -> None:
    with real_app.test_request_context("/compare"):
        found = catalogue(service_of(real_app))
        told = gaps(found)
        assert rows(real_app, told.count.query) == told.count.number
        for group, meetings in told.rows:
            for one in meetings:
                given = {"group": group.key, "follow-up": one.area.key}
                assert len(listed(found, kinds()["indicators"], given).things) == one.sure + one.maybe
        empty = sum(one.gap for _group, meetings in told.rows for one in meetings)
    assert empty
    page = real_app.test_client().get("/compare", headers={**HTML, "Accept-Language": "sv"}).text
    assert page.count('<span class="gap">lucka</span>') == empty


class Headings(HTMLParser):
    """The words of the h1."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside, self.text = False, ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "h1"

    def handle_data(self, data: str) -> None:
        self.text += data if self.inside else ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = False


def test_the_heading_is_a_finding_in_both_languages(real_client: FlaskClient) -> None:
    heads = [Headings(real_client.get(f"/compare?lang={lang}", headers=HTML).text).text for lang in ("sv", "en")]
    assert heads == [
        "Flest mått rör personer med nedsatt funktionsförmåga",
        "Most indicators concern people with impairment",
    ]
    nothing = real_client.get("/compare?relevance=low&lang=en", headers=HTML)
    assert nothing.status_code == 200


def test_the_files_hold_what_the_page_holds_and_more(real_app: Flask) -> None:
    client = real_app.test_client()
    body = json.loads(client.get("/compare?cols=conceptual-variables&format=json").text)
    matrix, missing = body["tables"]
    assert len(matrix["rows"][0]) > 60
    assert rows(real_app, matrix["query"]) == sum(
        value > 0
        for row in matrix["rows"]
        for key, value in row.items()
        if key not in ("register", "not_stated", "total", "iri")
    )
    assert len(missing["rows"]) == 36
    text = client.get("/compare?registers=riksstroke,rikshoft&format=csv&lang=en").text
    assert text.splitlines()[0].startswith("\ufefffact,riksstroke,rikshoft,")
    assert client.get("/compare?format=xlsx").data[:2] == b"PK"


def test_the_fields_of_the_form_become_one_parameter(client: FlaskClient) -> None:
    response = client.get("/compare?register=swespine&register=&register=swespine&lang=en", headers=HTML)
    assert (response.status_code, response.headers["Location"]) == (303, "/compare?registers=swespine&lang=en")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("rows=planets", "is not a value of rows"),
        ("rows=registers&cols=registers", "must differ"),
        ("rows=target-groups&cols=conceptual-variables", "with registers only"),
        ("registers=riksstrok,rikshoft", "Nearest"),
        ("registers=a,b,c,d,e,f", "At most 5"),
        ("relevance=very", "is not a value of relevance"),
        ("format=ods", "csv, xlsx or json"),
    ],
)
def test_what_cannot_be_compared_is_said(real_client: FlaskClient, given: str, said: str) -> None:
    response = real_client.get(f"/compare?{given}&lang=en", headers=HTML)
    assert response.status_code == 400
    assert said in response.text


def test_long_swedish_words_break_at_their_joints(real_app: Flask) -> None:
    with real_app.test_request_context("/?lang=sv"):
        assert soft("Personer med nedsatt funktionsförmåga").split("\u00ad")[1] == "förmåga"
        assert soft("Våldsutsatta/brottsoffer").replace("\u200b", "").split("\u00ad")[0] == "Vålds"
        assert soft("Äldre samsjuklighet personnummer") == "Äldre samsjuklighet personnummer"
    with real_app.test_request_context("/?lang=en"):
        assert soft("responsibilities") == "responsibilities"
