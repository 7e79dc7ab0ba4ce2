"""What was taken away: its address says so by 410, with its names and what replaces it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from server.app import create_app
from server.engine.opened import open_engine
from server.settings import Settings
from tests.server.conftest import GRAPHS, ID, TYPE, example_graphs, write_graphs

RG, LABEL = "https://w3id.org/registergraf/ns#", "http://www.w3.org/2004/02/skos/core#prefLabel"
PROV, WHEN = "http://www.w3.org/ns/prov#", "http://www.w3.org/2001/XMLSchema#dateTime"
GONE = [
    f"<{ID}variable/old> <{TYPE}> <{PROV}Entity>",
    f'<{ID}variable/old> <http://www.w3.org/2000/01/rdf-schema#label> "Förr"@sv',
    f'<{ID}variable/old> <{PROV}invalidatedAtTime> "2026-11-28T10:00:00Z"^^<{WHEN}>',
    f"<{ID}variable/old> <http://purl.org/dc/terms/isReplacedBy> <{ID}variable/boendeform>",
    f"<{ID}variable/old> <{PROV}wasInvalidatedBy> <{ID}acceptance/a>",
    f"<{ID}variable/boendeform> <{RG}variableOf> <{ID}register/riksstroke>",
    f'<{ID}variable/boendeform> <{LABEL}> "Boendeform"@sv',
    f"<{RG}Variable> <http://www.w3.org/2000/01/rdf-schema#isDefinedBy> <https://w3id.org/registergraf/core>",
    f'<{RG}Variable> <{LABEL}> "variabel"@sv',
    f'<{RG}Variable> <{LABEL}> "variable"@en',
    f"<{ID}acceptance/a> <{PROV}wasInformedBy> <{ID}submission/a>",
    f"<{ID}acceptance/a> <{PROV}wasAssociatedWith> <{ID}agent/account-stewards>",
    f"<{ID}acceptance/a> <{PROV}wasAssociatedWith> <{ID}software/registergraf-1>",
    f"<{ID}submission/a> <{PROV}wasAssociatedWith> <{ID}agent/account-stroke-office>",
    f'<{ID}agent/account-stewards> <{LABEL}> "stewards"@sv',
    f'<{ID}agent/account-stroke-office> <{LABEL}> "stroke-office"@sv',
    f"<{ID}variable/swespine.x> <{TYPE}> <{PROV}Entity>",
    f'<{ID}variable/swespine.x> <{PROV}invalidatedAtTime> "2026-11-28T23:30:00Z"^^<{WHEN}>',
    f"<{ID}variable/swespine.x> <{PROV}wasInvalidatedBy> <{ID}withdrawal/b>",
    f'<{ID}withdrawal/b> <{PROV}endedAtTime> "2026-11-28T23:30:00Z"^^<{WHEN}>',
    f'<{ID}superseded/x> <{PROV}invalidatedAtTime> "2026-11-28T10:00:00Z"^^<{WHEN}>',
    f"<{ID}superseded/x> <{PROV}specializationOf> <{ID}coverage/x>",
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    root = tmp_path_factory.mktemp("gone")
    release = write_graphs(root, "0.1.0-cccccccccccc", {**example_graphs(), GRAPHS + "submission/a": GONE})
    settings = Settings(releases=root, workers=1, queue=4, rate_per_minute=0, access_log="")
    engine = open_engine(settings, release)
    yield create_app(settings, engine, release).test_client()
    engine.close()


@pytest.mark.parametrize("form", ["turtle", "jsonld", "rdfxml", "ntriples"])
def test_its_document_is_410_with_what_replaces_it(client: FlaskClient, form: str) -> None:
    answer = client.get("/id/variable/old", query_string={"format": form})
    assert answer.status_code == 410
    assert "variable/boendeform" in answer.get_data(as_text=True)
    assert client.get("/id/variable/boendeform", query_string={"format": form}).status_code == 200


def test_its_page_is_410(client: FlaskClient) -> None:
    answer = client.get("/id/variable/old", headers={"Accept": "text/html"})
    assert answer.status_code == 410
    assert "Förr" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("sv", "Togs bort 2026-11-28, då stewards godtog det som stroke-office hade lämnat in. Ersätts av Boendeform."),
        ("en", "Removed on 2026-11-28, when stewards accepted what stroke-office had handed in. It is replaced by"),
    ],
)
def test_its_page_says_when_and_by_whom_it_was_removed_and_what_replaces_it(
    client: FlaskClient, language: str, told: str
) -> None:
    text = client.get(f"/id/variable/old?lang={language}", headers={"Accept": "text/html"}).get_data(as_text=True)
    page = text.partition('id="raw"')[0]
    assert told in page
    assert f'<a href="/id/variable/boendeform?lang={language}">' in page
    assert f'<a href="/id/register/riksstroke?lang={language}">' in page
    kind = {"sv": "Variabel, borttagen", "en": "Variable, removed"}[language]
    assert f'<p class="kind">{kind}</p>' in page
    assert "prov:" not in page


def test_the_page_of_what_went_with_a_withdrawn_submission_says_so(client: FlaskClient) -> None:
    text = client.get("/id/variable/swespine.x?lang=en", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "Removed on 2026-11-29, when the submission that described it was withdrawn." in text
    assert '<a href="/id/register/swespine?lang=en">' in text
    assert "Nothing was named that replaces it" in text


def test_an_earlier_value_of_what_stands_is_no_gone_thing(client: FlaskClient) -> None:
    assert client.get("/id/superseded/x", query_string={"format": "turtle"}).status_code == 200
