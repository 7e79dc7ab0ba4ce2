"""The pages: both languages, labels, escaping, a strict policy, and honest notes about what is not shown."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from server.pages.static_files import has_editor
from tests.server.conftest import ID

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Page(HTMLParser):
    """What the tests ask of a page: its elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def result(query: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": query, "format": "html", **more})


PATHS = [
    "/",
    "/?lang=en",
    "/answers",
    "/about",
    "/query",
    "/ns?x",
    "/id/register/swespine",
    result("SELECT * { ?s a ?o }"),
    result("ASK {}"),
    result("SELECT bad"),
]


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/ns?x"])
def test_every_page_is_accessible_and_closed(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=HTML)
    page = Page(response.text)
    assert response.mimetype == "text/html"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert page.all("html")[0]["lang"] in ("sv", "en")
    assert [len(page.all(tag)) for tag in ("main", "header", "footer", "h1", "title")] == [1] * 5
    labelled = {label["for"] for label in page.all("label")}
    fields = [item for tag in ("input", "select", "textarea") for item in page.all(tag) if item.get("type") != "hidden"]
    assert {field["id"] for field in fields} == labelled
    assert page.all("style") == page.all("img") == []
    scripts = [script["src"] for script in page.all("script") if script.get("type") != "application/ld+json"]
    asks = "query" in {field["id"] for field in page.all("textarea")}
    editor = ["/static/query.js", *(["/static/editor.js"] if has_editor() else [])]
    assert scripts == ["/static/search.js", *(editor if asks else [])]
    assert [link["href"] for link in page.all("link")][:2] == ["/static/icon.svg", "/static/site.css"]
    assert not any(
        "style" in attributes or any(name.startswith("on") for name in attributes) for _, attributes in page.elements
    )


def test_language_by_parameter_and_by_header(client: FlaskClient) -> None:
    assert '<html lang="en">' in client.get("/?lang=en", headers=HTML).text
    assert '<html lang="en">' in client.get("/", headers={**HTML, "Accept-Language": "en-GB,sv;q=0.5"}).text
    swedish = client.get("/", headers={**HTML, "Accept-Language": "sv-SE,en;q=0.5"})
    assert '<html lang="sv">' in swedish.text
    assert "Accept-Language" in swedish.headers["Vary"]


def test_counts_are_those_of_the_release(client: FlaskClient) -> None:
    text = client.get("/?lang=en", headers=HTML).text
    for count in (3, 2, 1):
        assert f'data-rows="{count}">{count}</a>' in text


def test_examples_are_the_questions(client: FlaskClient) -> None:
    text = client.get("/query?lang=en", headers=HTML).text
    assert "Which registers are co-funded by municipalities?" in text
    text = client.get("/query?lang=en&example=q19-co-funded-registers", headers=HTML).text
    assert "Vilka register delfinansieras av kommunerna?" in text.partition("<textarea")[2].partition("</textarea>")[0]


def test_what_comes_from_outside_is_escaped(client: FlaskClient) -> None:
    evil = '</textarea><script>alert("x")</script>'
    for path in (result(f"SELECT ('{evil}' AS ?x) {{}}"), result(evil), "/id/" + evil, f"/?lang={evil}"):
        assert "<script>" not in client.get(path, headers=HTML).text


def test_only_the_first_rows_are_shown_and_said_to_be(changed_client: Callable[..., FlaskClient]) -> None:
    client = changed_client(html_rows=2)
    text = client.get(result("SELECT * { ?s a ?o }", lang="en"), headers=HTML).text
    assert text.count("<tr>") == 3
    assert "Only the first are shown here" in text
    assert "format=csv" in text


def test_an_empty_result_offers_and_gives_its_reason(client: FlaskClient) -> None:
    query = "SELECT * { ?s a <https://w3id.org/registergraf/ns#Regster> }"
    assert "explain-empty=true" in client.get(result(query, lang="en"), headers=HTML).text
    text = client.get(result(query, lang="en", **{"explain-empty": "true"}), headers=HTML).text
    assert "No row is left after the pattern on line 1" in text
    assert "Nearest: rg:Register" in text


def test_an_error_page_keeps_the_query(client: FlaskClient) -> None:
    response = client.get(result("SELECT nonsense {", lang="en"), headers=HTML)
    assert response.status_code == 400
    assert "SELECT nonsense {" in response.text
    assert "The query is not SPARQL" in response.text


def test_a_thing_as_page_and_as_rdf(client: FlaskClient) -> None:
    page = client.get("/id/register/swespine", headers=HTML).text
    assert "<h1>Svenska ryggregistret</h1>" in page
    assert "/id/indicator/i1" in page
    turtle = client.get("/id/register/swespine", headers={"Accept": "text/turtle"}).text
    assert f"{ID}register/swespine" in turtle
    assert client.get("/id/register/none", headers=HTML).status_code == 404
