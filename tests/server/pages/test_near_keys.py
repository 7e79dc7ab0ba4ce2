"""Addresses of things that are nearly right lead on: the near key, the kind's list, the same thing without a slash."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import ID, REGISTERS

TURTLE = {"Accept": "text/turtle"}


@pytest.mark.parametrize(("written", "near"), [("SWESPINE", "swespine"), ("riksstrok", "riksstroke")])
def test_the_near_key_is_told(client: FlaskClient, written: str, near: str) -> None:
    response = client.get(f"/id/register/{written}", headers=TURTLE)
    assert response.status_code == 404
    assert response.json["nearest"][0] == f"{ID}register/{near}"  # type: ignore[index]
    assert near in response.json["detail"]  # type: ignore[index]
    assert near in response.json["detail_sv"]  # type: ignore[index]


@pytest.mark.parametrize("path", ["/id/register", "/id/register/"])
def test_a_kind_lists_its_things(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=TURTLE)
    assert response.status_code == 200
    assert all(f"register/{key}>" in response.text and name in response.text for key, name in REGISTERS.items())
    assert client.get("/id/nothing", headers=TURTLE).status_code == 404


def test_a_browser_is_sent_to_the_list_of_a_kind(client: FlaskClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    response = client.get("/id/register", headers=browser)
    assert (response.status_code, response.headers["Location"]) == (303, "/registers")


def test_a_value_that_there_is_not_offers_the_near_ones(real_client: FlaskClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = real_client.get("/indicators?group=oldr-people&follow-up=results&lang=sv", headers=browser)
    assert page.status_code == 400
    assert "<h1>Det som adressen frågar efter går inte att visa</h1>" in page.text
    assert '<a href="/indicators?group=older-people&amp;follow-up=results&amp;lang=sv">Äldre</a>' in page.text


@pytest.mark.parametrize(
    ("path", "near"),
    [("/registrers", '<a href="/registers?lang=sv">Register</a>'), ("/id/register/riksstrok", ">Riksstroke</a>")],
)
def test_an_unknown_address_leads_on_to_what_is_near(real_client: FlaskClient, path: str, near: str) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = real_client.get(f"{path}?lang=sv", headers=browser)
    assert page.status_code == 404
    assert near in page.text
    assert "Det som ligger närmast" not in real_client.get("/qqzzxx?lang=sv", headers=browser).text


def test_a_slash_at_the_end_changes_nothing(client: FlaskClient) -> None:
    with_slash = client.get("/id/register/swespine/", headers=TURTLE)
    assert with_slash.status_code == 200
    assert with_slash.data == client.get("/id/register/swespine", headers=TURTLE).data
