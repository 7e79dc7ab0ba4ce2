"""What is known and what is not, and the catalogue exports: counts are those of their queries, settings are named."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from loader.release.manifest import open_release
from server.app import create_app
from server.exports.asked import asked_gaps
from server.pages.catalogue.read import catalogue
from server.pages.limits.knowledge import completeness, known_of, properties, registers
from server.query.rows import select
from server.service import service_of
from server.settings import Settings
from tests.server.pages.reading import HTML, Page

OPERATOR = {
    "public_url": "https://register.example",
    "operator_name": "Exempelkommun",
    "operator_type": "http://purl.org/adms/publishertype/LocalAuthority",
    "operator_email": "data@register.example",
    "metadata_licence": "http://creativecommons.org/publicdomain/zero/1.0/",
}
READ = {"ttl": RdfFormat.TURTLE, "rdf": RdfFormat.RDF_XML}


@pytest.fixture(scope="module")
def exporting(real_app: Flask) -> FlaskClient:
    """A client of a server whose operator is named, over the same engine."""
    site = service_of(real_app)
    settings = Settings(releases=site.settings.releases, rate_per_minute=0, access_log="", **OPERATOR)  # type: ignore[arg-type]
    return create_app(settings, site.engine, open_release(site.release.directory)).test_client()


def test_completeness_is_what_its_queries_count(real_app: Flask) -> None:
    with real_app.test_request_context("/limits"):
        found = catalogue(service_of(real_app))
        every = completeness(found)
        assert len(every) > 20
        for one in every:
            for counted in (one.known, one.conflicting, one.not_found):
                assert len(select(service_of(real_app), counted.query, limit=1000).rows) == counted.number


def test_each_property_of_a_register_has_one_standing(real_app: Flask) -> None:
    with real_app.test_request_context("/limits"):
        found = catalogue(service_of(real_app))
        asked = properties(found)
        for register in registers(found):
            made = known_of(found, register, asked)
            assert len(made.known) + len(made.not_found) + len(made.never) == len(asked)
            assert made.oldest <= made.newest


def test_a_register_has_its_page(real_client: FlaskClient) -> None:
    page = Page(real_client.get("/limits/riksstroke?lang=en", headers=HTML).text)
    assert "What is known of Riksstroke, and what is not" in page.text
    assert "Searched for and not found" in page.text
    assert "how the data came about".capitalize() in page.text
    assert real_client.get("/limits/riksstrok", headers=HTML).status_code == 400


def test_the_list_of_gaps_is_the_page_and_the_file(real_app: Flask) -> None:
    client = real_app.test_client()
    with real_app.test_request_context("/exports/gaps"):
        every = asked_gaps(service_of(real_app))
    body = json.loads(client.get("/exports/gaps?format=json&lang=en").text)
    assert len(body["tables"][0]["rows"]) == len(every) > 100
    lines = client.get("/exports/gaps?format=csv&lang=en").text.splitlines()
    assert len(lines) == len(every) + 1
    without = {gap.register for gap in every if gap.element == "healthdcatap:hasVariables"}
    page = Page(client.get("/exports/gaps?lang=en", headers=HTML).text)
    assert f"For {len(without)} registers no source lists the variables" in page.text


def test_an_export_without_an_operator_names_the_setting(real_client: FlaskClient) -> None:
    response = real_client.get("/exports/dcat-ap.ttl")
    assert response.status_code == 503
    assert "REGISTERGRAF_PUBLIC_URL" in response.json["detail"]  # type: ignore[index]
    assert "REGISTERGRAF_PUBLIC_URL" in real_client.get("/exports", headers=HTML).text


@pytest.mark.parametrize("profile", ["dcat-ap", "dcat-ap-se", "healthdcat-ap", "cpsv-ap"])
def test_an_export_is_the_same_statements_in_each_form(exporting: FlaskClient, profile: str) -> None:
    sizes = set()
    for form, read in READ.items():
        response = exporting.get(f"/exports/{profile}.{form}")
        assert response.status_code == 200
        sizes.add(len(set(parse(response.data, format=read))))
    assert len(sizes) == 1
    assert min(sizes) > 10
    assert json.loads(exporting.get(f"/exports/{profile}.jsonld").data)
    assert exporting.get(f"/exports/{profile}.exe").status_code == 404
    assert "cannot be made" not in exporting.get("/exports?lang=en", headers=HTML).text
