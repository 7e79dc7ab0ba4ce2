"""What was taken away: its address says so by 410, with its names and what replaces it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from server.app import create_app
from server.engine.opened import open_engine
from server.settings import Settings
from tests.server.conftest import GRAPHS, ID, TYPE, example_graphs, write_graphs

PROV, WHEN = "http://www.w3.org/ns/prov#", "http://www.w3.org/2001/XMLSchema#dateTime"
GONE = [
    f"<{ID}variable/old> <{TYPE}> <{PROV}Entity>",
    f'<{ID}variable/old> <http://www.w3.org/2000/01/rdf-schema#label> "Förr"@sv',
    f'<{ID}variable/old> <{PROV}invalidatedAtTime> "2026-11-28T10:00:00Z"^^<{WHEN}>',
    f"<{ID}variable/old> <http://purl.org/dc/terms/isReplacedBy> <{ID}variable/boendeform>",
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


def test_an_earlier_value_of_what_stands_is_no_gone_thing(client: FlaskClient) -> None:
    assert client.get("/id/superseded/x", query_string={"format": "turtle"}).status_code == 200
