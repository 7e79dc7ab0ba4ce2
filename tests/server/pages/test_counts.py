"""Every number on a page has a query, and the query gives as many rows."""

from __future__ import annotations

import itertools
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.pages.catalogue.read import catalogue
from server.pages.lists.chosen import listed
from server.pages.lists.kinds import ADDRESSES, kinds
from server.query.rows import select
from server.service import service_of
from tests.server.pages.reading import HTML, Page

SHEETS = [
    {"group": "older-people", "area": "elderly-care", "municipality": "0180"},
    {"group": "older-people"},
    {"area": "disability-support", "level": "municipality"},
    {"group": "people-with-impairment", "follow-up": "results"},
    {"group": "victims-of-violence-or-crime"},
    {"area": "financial-assistance-and-labour-market", "municipality": "2480"},
    {"group": "relatives", "area": "relatives-support", "follow-up": "conditions-in-the-service"},
    {"group": "other-groups"},
]


def rows(app: Flask, query: str) -> int:
    table = select(service_of(app), query, limit=10_000)
    assert not table.more
    return len(table.rows)


@pytest.mark.parametrize("path", ["/", "/explore"])
def test_the_numbers_of_a_page_are_those_of_its_queries(real_app: Flask, path: str) -> None:
    page = Page(real_app.test_client().get(path, headers=HTML).text)
    assert len(page.counted) > 5
    assert [(number, query) for number, query in page.counted if rows(real_app, query) != number] == []


@pytest.mark.parametrize("choice", SHEETS, ids=lambda choice: "-".join(choice.values()))
def test_the_numbers_of_a_sheet_are_those_of_its_queries(real_app: Flask, choice: dict[str, str]) -> None:
    page = Page(real_app.test_client().get("/answers", query_string=choice, headers=HTML).text)
    assert len(page.counted) > 12
    assert [(number, query) for number, query in page.counted if rows(real_app, query) != number] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_facets_of_a_list_are_those_of_its_queries(real_app: Flask, address: str) -> None:
    with real_app.test_request_context("/"):
        found, kind = catalogue(service_of(real_app)), kinds()[address]
        whole = listed(found, kind, {})
        assert rows(real_app, whole.query) == whole.total
        chosen: list[dict[str, Any]] = [
            {facet.name: value.key} for facet, values in whole.values for value in values[:6]
        ]
        pairs = [{**one, **two} for one, two in itertools.combinations(chosen, 2) if one.keys() != two.keys()]
        for given in [*chosen, *pairs[:: max(1, len(pairs) // 25)]]:
            made = listed(found, kind, given)
            assert rows(real_app, made.query) == len(made.things), (given, made.query)


def test_a_facet_tells_what_its_value_leaves(real_app: Flask) -> None:
    with real_app.test_request_context("/"):
        found, kind = catalogue(service_of(real_app)), kinds()["indicators"]
        for facet, values in listed(found, kind, {"group": "older-people"}).values:
            for value in values:
                given = {"group": "older-people", facet.name: value.key}
                assert len(listed(found, kind, given).things) == value.count


@pytest.mark.parametrize(
    "path", ["/registers?group=older-people&lang=en", "/target-groups?lang=en", "/service-areas?lang=en"]
)
def test_numbers_of_a_list_lead_to_lists_of_as_many(real_client: FlaskClient, path: str) -> None:
    page = real_client.get(path, headers=HTML).text
    links = re.findall(r'<td class="num i"[^>]*><a href="(/[a-z]+\?[^"]*)">(\d+)</a>', page)
    assert len(links) > 8
    for address, number in links:
        shown = real_client.get(unescape(address), headers=HTML).text
        counted = re.search(r"<b>Shows \d+–\d+ of (\d+)</b>", shown)
        assert (counted[1] if counted else "") == number, address
