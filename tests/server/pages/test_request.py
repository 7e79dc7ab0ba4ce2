"""The request pack: its state is the address, its files hold what the page shows, nothing unknown is let in."""

from __future__ import annotations

import io
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.server.pages.reading import HTML, Page

INDICATOR, VARIABLE = "indicator/skr-2022-t04-r4", "variable/riksstroke.vardad-inneliggande"
OTHER = "indicator/amputations-och-protesregistret-time-to-first-prosthesis"


def at(**given: str) -> str:
    return "/request?" + urlencode({"lang": "en", **given})


def test_what_is_ticked_goes_into_the_address_with_the_reasons(real_client: FlaskClient) -> None:
    given = {"items": INDICATOR, "why-1": "home adaptation", "register": "riksstroke", "purpose": "follow-up"}
    response = real_client.get(at(**given) + "&add=" + VARIABLE + "&add=" + INDICATOR, headers=HTML)
    assert response.status_code == 303
    state = {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}
    assert state == {**given, "items": f"{INDICATOR},{VARIABLE}", "lang": "en"}


def test_the_page_tells_who_decides_what_is_known_and_what_is_not(real_client: FlaskClient) -> None:
    page = Page(
        real_client.get(at(items=f"{INDICATOR},{VARIABLE},{OTHER}", **{"why-2": "care form"}), headers=HTML).text
    )
    assert "3 variables and indicators from Riksstroke and Swedish Amputation and Prosthetics Register" in page.text
    assert "Region Västerbotten" in page.text
    assert "1=ja;2=nej" in page.text
    assert "we do not know" in page.text
    assert "These provisions in force name them" in page.text
    away = next(link for link in page.links if "/request?items=" in link and INDICATOR.split("/")[1] not in link)
    state = parse_qs(urlsplit(away).query)
    assert state["items"] == [f"{VARIABLE},{OTHER}"]
    assert state["why-1"] == ["care form"]


def test_the_files_hold_the_pack(real_client: FlaskClient) -> None:
    given = {"items": f"{INDICATOR},{VARIABLE}", "why-1": "=cmd()", "purpose": "x"}
    body = json.loads(real_client.get(at(**given, format="json")).text)
    items, result, deciders, law, form = body["tables"]
    assert [row["iri"].rpartition("/id/")[2] for row in items["rows"]] == [INDICATOR, VARIABLE]
    assert items["rows"][1]["codes"] == "1=ja;2=nej"
    assert list(result["rows"][0]) == ["municipality", "period", "skr-2022-t04-r4", "riksstroke.vardad-inneliggande"]
    assert set(result["rows"][0].values()) == {None}
    assert deciders["rows"][0]["decides"] == "Region Västerbotten"
    assert deciders["rows"][0]["legal_ground"] == "we do not know"
    assert law["rows"]
    assert {"field": "Purpose", "value": "x"} in form["rows"]
    assert body["request"]["why-1"] == "=cmd()"
    book = load_workbook(io.BytesIO(real_client.get(at(**given, format="xlsx")).data))
    assert book.sheetnames == ["Items", "Empty result table", "Who decides", "Legal basis", "Form", "About"]
    reasons = [cell for row in book["Items"].iter_rows() for cell in row if cell.value == "=cmd()"]
    assert [cell.data_type for cell in reasons] == ["s"]


def test_a_register_offers_what_the_graph_knows_of_it(real_client: FlaskClient) -> None:
    page = real_client.get(at(register="riksstroke", items=VARIABLE), headers=HTML).text
    assert f'value="{INDICATOR}"' in page
    assert f'name="add" value="{VARIABLE}"' not in page
    silent = real_client.get(at(register="spotmr"), headers=HTML)
    assert silent.status_code == 400
    assert "is not a value of register" in silent.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"items": "variable/none"}, "no variable or indicator"),
        ({"items": "register/riksstroke"}, "no variable or indicator"),
        ({"items": ",".join(f"variable/v{place}" for place in range(101))}, "at most 100"),
        ({"add": "<script>"}, "no variable or indicator"),
    ],
)
def test_what_is_not_known_is_refused(real_client: FlaskClient, given: dict[str, str], said: str) -> None:
    response = real_client.get(at(**given), headers=HTML)
    assert response.status_code == 400
    assert said in response.text
    assert "<script>alert" not in response.text
