"""Figures: their numbers are those of their queries, the drawing is the same everywhere, and nothing is cut."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from server.cli import main
from server.pages.catalogue.read import catalogue
from server.pages.figures.drawing import WIDTH
from server.pages.figures.routes import FIGURES
from server.query.rows import select
from server.service import service_of
from tests.server.pages.reading import HTML, Page

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", FIGURES)
def test_the_query_behind_has_what_the_figure_counts(real_app: Flask, name: str) -> None:
    with real_app.test_request_context("/figures?lang=en"):
        made = FIGURES[name](catalogue(service_of(real_app)))
    table = select(service_of(real_app), made.query.query, limit=10_000)
    assert not table.more
    assert len(table.rows) == made.query.number > 0
    assert made.table.rows


def test_published_stands_beside_computed(real_client: FlaskClient) -> None:
    body = json.loads(real_client.get("/figures/follow-up-areas?format=json&lang=en").text)
    rows = {row["iri"].rpartition("/")[2]: row for row in body["tables"][0]["rows"]}
    assert rows["results"]["published_about"] == 13
    assert rows["results"]["sure_or_possible"] == 35.4
    assert rows["conditions-in-the-service"]["published_about"] == "we do not know"
    assert body["title"] == "The printed indicators show results more often than the whole annex"


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("name", FIGURES)
def test_a_drawing_is_named_described_and_within_its_frame(real_client: FlaskClient, name: str, lang: str) -> None:
    response = real_client.get(f"/figures/{name}.svg?lang={lang}")
    assert response.mimetype == "image/svg+xml"
    root = ET.fromstring(response.text)
    assert root.attrib["role"] == "img"
    assert root[0].tag == SVG + "title"
    assert root[1].tag == SVG + "desc"
    assert len(root[1].text or "") > 100
    height = float(root.attrib["height"])
    boxes = [
        (float(one.attrib["x"]) + float(one.attrib["width"]), float(one.attrib["y"]) + float(one.attrib["height"]))
        for one in root.iter(SVG + "rect")
    ]
    assert len(boxes) > 3
    assert all(right <= WIDTH and bottom <= height for right, bottom in boxes)
    starts = [(float(one.attrib["x"]), one.text or "") for one in root.iter(SVG + "text")]
    assert [text for x, text in starts if x + 7 * len(text) > WIDTH + 12] == []


def test_the_command_draws_what_the_page_shows(real_root: Path, real_client: FlaskClient, tmp_path: Path) -> None:
    out = tmp_path / "x.svg"
    given = {"REGISTERGRAF_RELEASES": str(real_root)}
    done = CliRunner().invoke(main, ["figure", "years", "--lang", "en", "-o", str(out)], env=given)
    assert done.exit_code == 0, done.output
    assert out.read_text(encoding="utf-8") == real_client.get("/figures/years.svg?lang=en").text
    assert out.read_text(encoding="utf-8") in real_client.get("/figures?lang=en", headers=HTML).text


def test_the_command_without_a_release_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["figure", "years"], env={"REGISTERGRAF_RELEASES": str(tmp_path)})
    assert done.exit_code == 2
    assert "registergraf build" in done.output


def test_the_figures_of_a_release_without_numbers_say_nothing_false(client: FlaskClient) -> None:
    page = Page(client.get("/figures?lang=en", headers=HTML).text)
    assert "more often" not in page.text
    missing = client.get("/figures/coverag?lang=en", headers=HTML)
    assert missing.status_code == 404
    assert "Nearest: coverage" in missing.text
