"""Feeds that tell of changes and of nothing else, the guides, the API page, and structured data of registers."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from flask import Flask

from server.pages.catalogue.read import catalogue
from server.pages.catalogue.things import Value
from server.pages.feeds.entries import of_answer, of_register
from server.pages.front.guides import operations
from server.pages.openapi import document
from server.query.rows import Table, Term
from server.service import service_of
from tests.server.pages.messages import catalogue as swedish
from tests.server.pages.reading import HTML

ATOM = "{http://www.w3.org/2005/Atom}"
COUNT = "SELECT (COUNT(?r) AS ?n) { ?r a <https://w3id.org/registergraf/ns#QualityRegister> }"


def feed(app: Flask, **given: str) -> ET.Element:
    reply = app.test_client().get("/changes.atom?" + urlencode({"lang": "sv", **given}))
    assert reply.status_code == 200
    assert reply.mimetype == "application/atom+xml"
    return ET.fromstring(reply.data)


@pytest.mark.parametrize(
    "given",
    [{}, {"register": "riksstroke"}, {"example": "q07-registers-by-municipality-without-linkage"}, {"query": COUNT}],
    ids=["releases", "register", "example", "query"],
)
def test_a_feed_has_what_atom_demands(real_app: Flask, given: dict[str, str]) -> None:
    root = feed(real_app, **given)
    entries = root.findall(f"{ATOM}entry")
    assert entries
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    for one in (root, *entries):
        assert all(len(one.findall(ATOM + name)) == 1 for name in ("id", "title", "updated"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one.findtext(f"{ATOM}updated") or "")
        assert (one.findtext(f"{ATOM}id") or "").startswith("http")
    keys = [one.findtext(f"{ATOM}id") for one in entries]
    assert len(set(keys)) == len(keys)


def test_the_feed_of_releases_names_the_one_that_answers(real_app: Flask) -> None:
    titles = [one.findtext(f"{ATOM}title") for one in feed(real_app).findall(f"{ATOM}entry")]
    assert f"Utgåva {service_of(real_app).engine.release}" in titles


def test_an_entry_of_an_answer_is_another_when_the_answer_is(real_app: Flask) -> None:
    def rows(*words: str) -> Table:
        return Table(["x"], [[Term("literal", word)] for word in words], more=False)

    with real_app.test_request_context("/"):
        keys = [of_answer("t", rows(*words), "day", "http://e/").key for words in (("a", "b"), ("b", "a"), ("a", "c"))]
    assert keys[0] == keys[1] != keys[2]


def test_an_entry_of_a_register_is_another_when_something_is_said(real_app: Flask) -> None:
    with real_app.test_request_context("/"):
        found = catalogue(service_of(real_app))
        register = found.get("register", "riksstroke")
        assert register is not None
        before = of_register(found, register, "day", "http://e")[0].key
        assert of_register(found, register, "later", "http://e")[0].key == before
        register.said["rg:tested"] = [Value("literal", "new")]
        try:
            assert of_register(found, register, "day", "http://e")[0].key != before
        finally:
            del register.said["rg:tested"]


def test_what_is_no_feed_is_told(real_app: Flask) -> None:
    client = real_app.test_client()
    assert client.get("/changes.atom?register=nowhere").status_code == 400
    assert client.get("/changes.atom?example=nothing").status_code == 404
    assert client.get("/changes.atom?" + urlencode({"query": "ASK {}"})).status_code == 400
    assert client.get("/changes.atom?" + urlencode({"query": "SELECT"})).status_code == 400


def test_every_operation_stands_on_the_page_in_both_languages(real_app: Flask) -> None:
    client, words = real_app.test_client(), swedish()
    sv, en = (client.get(f"/api?lang={lang}", headers=HTML).text for lang in ("sv", "en"))
    with real_app.test_request_context("/"):
        every = list(operations(document(service_of(real_app), "http://e")))
    assert len(every) > 50
    assert [one.summary for one in every if not words.get(one.summary)] == []  # server/pages/locale/sv.po lacks them
    for one in every:
        assert one.path in sv
        assert one.summary.split("'")[0] in en


def test_the_guides_are_there_and_no_other(real_app: Flask) -> None:
    client = real_app.test_client()
    index = client.get("/guides?lang=sv", headers=HTML).text
    for reader in ("analyst", "holder", "linker", "operator"):
        assert f"/guides/{reader}?lang=sv" in index
        assert client.get(f"/guides/{reader}?lang=en", headers=HTML).status_code == 200
    missing = client.get("/guides/reader?lang=sv", headers=HTML)
    assert missing.status_code == 404
    assert "Det finns ingen handledning" in missing.text


def test_a_register_describes_itself_to_search_engines(real_app: Flask) -> None:
    text = real_app.test_client().get("/id/register/senior-alert?lang=sv", headers=HTML).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    told = json.loads(found[1])
    assert told["@type"] == "Dataset"
    assert told["@id"] == "https://w3id.org/registergraf/id/register/senior-alert"
    assert told["description"]
    assert [one["name"] for one in told["creator"]] == ["Region Jönköpings län"]
    assert "<" not in found[1]
    other = real_app.test_client().get("/id/target-group/older-people", headers=HTML).text
    assert "ld+json" not in other
