"""POST /validate: the same check over HTTP, in every form, with nothing kept and no worker left behind."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from loader.checked import CheckOptions
from loader.release.manifest import Release
from loader.report.formats import REPORTS
from server.app import create_app
from server.engine.opened import open_engine
from server.handing_in.checks.asking import checks_of
from server.handing_in.validation import OFFERS
from server.settings import Settings
from tests.loader.intake.submission import clean, write

GOOD = write(clean(1), "xlsx")[0]
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BAD = b"Register;Variabel\r\nriksstrok;Vikt\r\n"


@pytest.fixture(scope="module")
def app(real_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    settings = Settings(
        releases=real_release.directory.parent,
        state=tmp_path_factory.mktemp("state"),
        workers=1,
        rate_per_minute=0,
        access_log="",
        check_seconds=30,
    )
    engine = open_engine(settings, real_release)
    made = create_app(settings, engine, real_release)
    yield made
    checks_of(made).close()
    engine.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_check_of_a_stranger_has_less_memory_than_a_holders(real_release: Release, tmp_path: Path) -> None:
    settings = Settings(releases=real_release.directory.parent, state=tmp_path, workers=1, stranger_check_memory_mb=16)
    engine = open_engine(settings, real_release)
    made = create_app(settings, engine, real_release)
    try:
        answer = made.test_client().post("/validate?format=json", data=GOOD.data, content_type=SHEET)
        assert (answer.status_code, answer.json["status"]) == (503, 503)  # type: ignore[index]
        assert "more than 16 MiB" in answer.json["detail"]  # type: ignore[index]
        assert checks_of(made).report([GOOD], real_release, CheckOptions(), "json").conforms
    finally:
        checks_of(made).close()
        engine.close()


def test_a_form_of_files_is_checked(client: FlaskClient) -> None:
    form = {"file": [(io.BytesIO(GOOD.data), "prov.xlsx")]}
    answer = client.post("/validate", data=form, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["conforms"] is True
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.name)
def test_every_form_by_name_and_by_accept(client: FlaskClient, offer: object) -> None:
    name, media_type = offer.name, offer.media_type  # type: ignore[attr-defined]
    for options in ({"query_string": {"format": name}}, {"headers": {"Accept": media_type}}):
        answer = client.post("/validate", data=BAD, content_type="text/csv", **options)
        assert answer.status_code == 200
        assert answer.mimetype == media_type == REPORTS[name].media_type
        assert answer.data


def test_the_finding_is_at_its_cell(client: FlaskClient) -> None:
    answer = client.post("/validate?name=lista.csv", data=BAD, content_type="text/csv")
    assert answer.json is not None
    found = answer.json["findings"][0]
    assert (found["file"], found["row"], found["column"], found["line"]) == ("lista.csv", 2, "Register", 2)
    assert (found["rule"], found["value"], found["suggestion"]) == ("dangling-reference", "riksstrok", "riksstroke")
    rules = client.get("/validate/rules?lang=sv").get_data(as_text=True)
    assert f'id="{found["link"].rpartition("#")[2]}"' in rules


@pytest.mark.parametrize(
    ("data", "content_type", "query", "status"),
    [
        (b"GIF89a", "image/gif", {}, 415),
        (b"", "text/csv", {}, 400),
        (BAD, "text/csv", {"format": "pdf"}, 406),
        (BAD, "text/csv", {"profile": "dcat-ap"}, 400),
        (b"@prefix : <", "text/turtle", {"name": "a.ttl"}, 422),
        (b"x" * 21_000_000, "text/csv", {}, 413),
    ],
)
def test_refusals_are_problems(
    client: FlaskClient, data: bytes, content_type: str, query: dict[str, str], status: int
) -> None:
    answer = client.post("/validate", data=data, content_type=content_type, query_string=query)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert json.loads(answer.data)["status"] == status


def test_what_cannot_be_read_still_has_its_findings(client: FlaskClient) -> None:
    answer = client.post("/validate?name=a.ttl", data=b"@prefix : <", content_type="text/turtle")
    data = json.loads(answer.data)
    assert data["readable"] is False
    assert [finding["rule"] for finding in data["findings"]] == ["syntax-error"]


def test_a_check_over_the_deadline_is_killed(tmp_path: Path, app: Flask) -> None:
    from loader.checked import CheckOptions
    from loader.release.manifest import current_release
    from server.handing_in.checks.runner import CheckBounds, CheckRunner, CheckTimedOut
    from server.service import service_of

    runner = CheckRunner(CheckBounds(seconds=1))
    rows = "\n".join(f"riksstroke;Variabel {number};x{number}" for number in range(60_000))
    book = [type(GOOD)("stor.csv", f"Register;Variabel;Begreppsvariabel\n{rows}\n".encode())]
    release = current_release(service_of(app).settings.releases)
    try:
        with pytest.raises(CheckTimedOut):
            runner.report(book, release, CheckOptions(), "json")
    finally:
        runner.close()


def test_pages(client: FlaskClient) -> None:
    assert client.get("/validate").status_code == 200
    schema = client.get("/validate/schema")
    assert schema.mimetype == "application/schema+json"
    assert json.loads(schema.data)["$id"].endswith("/validate/schema")
