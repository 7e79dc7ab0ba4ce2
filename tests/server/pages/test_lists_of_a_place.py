"""Lists for a municipality, levels of key indicators, decimals in the language of the page, empty cells of files."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from flask import Flask

from server.pages.catalogue.read import catalogue
from server.pages.lists.kinds import kinds
from server.pages.tables import guarded
from server.pages.words.wording import decimal
from server.service import service_of
from tests.server.pages.reading import HTML, Page


def rows(app: Flask, path: str) -> list[dict[str, str]]:
    text = app.test_client().get(path).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_municipality_leaves_what_can_be_had_for_one(real_app: Flask) -> None:
    every = rows(real_app, "/kpis?format=csv&lang=en")
    local = rows(real_app, "/kpis?format=csv&lang=en&municipality=0180")
    with real_app.test_request_context("/"):
        found = catalogue(service_of(real_app))
        wanted = {one.iri for one in found.of("kpi") if set(one.keys("rg:kpiLevel")) - {"region"}}
    assert 0 < len(local) < len(every)
    assert {row["iri"] for row in local} == wanted
    assert all(row["level"].startswith("Municipality") for row in local)
    text = real_app.test_client().get("/registers?municipality=0180&lang=sv", headers=HTML).text
    assert "Kommun: Stockholm" in Page(text).text
    assert real_app.test_client().get("/kpis?municipality=9999").status_code == 400


def test_regions_alone_have_no_values_of_a_municipality(real_app: Flask) -> None:
    text = (
        real_app.test_client()
        .get("/answers?group=older-people&area=elderly-care&municipality=0180&lang=sv", headers=HTML)
        .text
    )
    assert "/kpi/N00340/municipality/0180" not in text  # Kolada has it for regions alone
    assert "värden för kommuner" in Page(text).text


@pytest.mark.parametrize(("lang", "wanted"), [("sv", "87,4"), ("en", "87.4")])
def test_decimals_are_those_of_the_language(real_app: Flask, lang: str, wanted: str) -> None:
    with real_app.test_request_context(f"/?lang={lang}"):
        assert decimal(Decimal("87.40")) == wanted
        assert decimal(Decimal(100)) == "100"
        found = catalogue(service_of(real_app))
        column = next(one for one in kinds()["registers"].columns if one.key == "coverage")
        texts = [str(column.of(found, one).plain) for one in found.of("register")]
    other = "." if lang == "sv" else ","
    assert any(wanted[2] in text for text in texts)
    assert not any(other in text for text in texts)


def test_an_empty_cell_stays_empty() -> None:
    assert [guarded(cell) for cell in ("", "=1", "-1", "a")] == ["", "'=1", "-1", "a"]
