"""The query page: examples with fields, answers with labels, empty and broken queries at their place, files, code."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from server.pages.catalogue.read import catalogue
from server.pages.editor.code import snippets
from server.pages.editor.fields import fields, filled, in_language
from server.pages.editor.lines import marked_lines
from server.pages.editor.themes import themes
from server.pages.examples import load_examples
from server.query.rows import select
from server.service import service_of
from server.web.problem import Problem
from tests.server.pages.reading import HTML, Page

GROUPS = "q01-indicators-of-a-target-group"
ODD = 'SELECT ("a\'b\\"c#(x" AS ?x) (1.5 AS ?n) ("=1+1" AS ?f) {\n}'


def ask(**given: str) -> str:
    return "/query?" + urlencode({"lang": "en", **given})


def test_every_example_is_in_one_theme_and_in_the_language_of_the_page(real_app: Flask) -> None:
    with real_app.test_request_context("/query?lang=en"):
        every = load_examples(service_of(real_app).questions)
        made = themes(every)
        assert sorted(one.key for _word, some in made for one in some) == sorted(one.key for one in every)
        assert len(made) > 5
        english = in_language('FILTER(lang(?a) = "sv" && LANG( ?b ) = "sv")')
        assert english == 'FILTER(lang(?a) = "en" && LANG( ?b ) = "en")'
        both = 'FILTER(lang(?a) = "sv" && lang(?b) = "en")'
        assert in_language(both) == both


def test_fields_are_what_stands_in_the_query_and_give_it_back(real_app: Flask) -> None:
    with real_app.test_request_context("/query?lang=en"):
        found, with_fields = catalogue(service_of(real_app)), 0
        for example in load_examples(service_of(real_app).questions):
            made = fields(found, example.query)
            with_fields += bool(made)
            assert len({one.name for one in made}) == len(made)
            assert filled(found, example.query, {one.name: one.now for one in made}) == example.query
        assert with_fields > 20


def test_a_filled_example_answers_for_what_was_chosen(real_app: Flask) -> None:
    client = real_app.test_client()
    page = client.get(ask(example=GROUPS, **{"target-group": "relatives"}), headers=HTML).text
    assert "Target group: Relatives" in Page(page).text
    text = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "target-group:relatives" in text
    assert "target-group:older-people" not in text
    assert '<option value="relatives" selected>' in page
    with real_app.test_request_context("/query?lang=en"):
        found = catalogue(service_of(real_app))
        example = next(one for one in load_examples(service_of(real_app).questions) if one.key == GROUPS)
        changed = filled(found, example.query, {"target-group": "relatives"})
    table = select(service_of(real_app), changed, limit=1000)
    assert f"{len(table.rows)} rows." in page or "One row." in page


def test_values_dates_and_numbers_are_fields(real_app: Flask) -> None:
    with real_app.test_request_context("/query?lang=en"):
        found = catalogue(service_of(real_app))
        text = """PREFIX xsd: <x>
        SELECT * { VALUES ?m { "Halmstad"@sv "Gotland"@sv } FILTER(?d >= "2025-01-01"^^xsd:date && ?n >= 90) }"""
        made = {one.name: one.now for one in fields(found, text)}
        assert made == {"words": "Halmstad; Gotland", "date": "2025-01-01", "number": "90"}
        new = filled(found, text, {"words": "Åre; Upplands Väsby", "date": "2020-02-03", "number": "50"})
        assert '"Åre"@sv "Upplands Väsby"@sv' in new
        assert '"2020-02-03"^^xsd:date' in new
        assert ">= 50" in new
        for bad in ({"words": 'a" } DROP'}, {"date": "soon"}, {"number": "1 || true"}):
            with pytest.raises(Problem, match="does not fit"):
                filled(found, text, bad)


def test_a_field_that_is_not_known_is_refused(real_client: FlaskClient) -> None:
    response = real_client.get(ask(example=GROUPS, **{"target-group": "x> } #"}), headers=HTML)
    assert response.status_code == 400
    assert "does not fit the field target-group" in response.text


def test_an_answer_shows_label_and_iri_in_one_column(real_client: FlaskClient) -> None:
    query = "SELECT ?r { VALUES ?r { <https://w3id.org/registergraf/id/register/riksstroke> <https://e.org/x> } }"
    page = real_client.get(ask(query=query), headers=HTML).text
    labelled = r'<a href="/id/register/riksstroke[^"]*">Riksstroke</a><br><span class="src">id/register/riksstroke'
    assert re.search(labelled, page)
    assert '<a class="iri" href="https://e.org/x">' in page
    assert re.search(r"\d\.\d{3} s", Page(page).text)


def test_an_empty_answer_is_explained_at_its_line(client: FlaskClient) -> None:
    query = "SELECT * {\n ?s a ?class .\n ?s <urn:none> ?x }"
    page = client.get(ask(query=query), headers=HTML).text
    assert "No row is left after the pattern on line 3" in page
    assert '<li class="stop"><code> ?s &lt;urn:none&gt; ?x }</code> <span>no row is left here</span></li>' in page


def test_an_empty_answer_says_how_many_rows_each_line_before_leaves(real_client: FlaskClient) -> None:
    query = (
        "SELECT * {\n ?r a <https://w3id.org/registergraf/ns#QualityRegister> .\n ?r ?p ?o .\n"
        " VALUES ?r { <https://w3id.org/registergraf/id/register/riksstroke> }\n"
        " ?r <https://w3id.org/registergraf/ns#shortName> ?n .\n FILTER(?n = 'none') }"
    )
    page = real_client.get(ask(query=query, lang="en"), headers=HTML).text
    said = re.findall(r"<li[^>]*><code>[^<]*(?:&[lg]t;[^<]*)*</code> <span>([^<]*)</span>", page)
    registers = re.search(r'data-rows="(\d+)"', real_client.get("/?lang=en", headers=HTML).text)
    assert registers
    assert said[:2] == [f"{registers[1]} rows left", "more than 1000 rows left"]
    assert said[-1] == "no row is left here"
    assert said[2] == said[3]


def test_an_error_is_marked_at_its_line(client: FlaskClient) -> None:
    response = client.get(ask(query="SELECT * {\n ?s a rg:Register\n}"), headers=HTML)
    assert response.status_code == 400
    assert '<li class="stop"><code> ?s a rg:Register</code> <span>here</span></li>' in response.text
    assert marked_lines("one", None, "x") == marked_lines("one", 7, "x") == []


def test_files_for_spreadsheets(client: FlaskClient) -> None:
    text = client.get(ask(query=ODD, format="csv-excel")).data
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))
    assert rows == [["x", "n", "f"], ["a'b\"c#(x", "1,5", "'=1+1"]]
    book = load_workbook(io.BytesIO(client.get(ask(query=ODD, format="xlsx")).data))
    assert [cell.value for cell in book.worksheets[0][2]] == ["a'b\"c#(x", 1.5, "=1+1"]
    assert book.worksheets[0][2][2].data_type == "s"


def test_a_file_with_too_many_rows_is_refused_in_words(client: FlaskClient) -> None:
    many = "SELECT * { " + " ".join(f"VALUES ?{name} {{ {' '.join(map(str, range(30)))} }}" for name in "abc") + " }"
    response = client.get(ask(query=many, format="xlsx"), headers=HTML)
    assert response.status_code == 413
    assert "more than 20000 rows" in response.text


def test_code_holds_the_very_query() -> None:
    made = dict(snippets("http://localhost/sparql", ODD))
    assert f"query={ODD}" in shlex.split(made["curl"].replace("\\\n", " "))
    line = next(line for line in made["Python"].splitlines() if line.startswith("query = "))
    assert json.loads(line.removeprefix("query = ")) == ODD
    compile(made["Python"], "snippet", "exec")
    assert json.loads(made["R"].splitlines()[0].removeprefix("query <- ")) == ODD
    told = re.search(r'Query = "((?:[^"]|"")*)",', made["Power Query"])
    assert told is not None
    assert told[1].replace('""', '"').replace("#(lf)", "\n").replace("#(#)(", "#(") == ODD
