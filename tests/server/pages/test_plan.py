"""The plan of a linkage: the worked examples line by line with their marks, what is missing, the order, the queries."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from server.pages.plans.commands import plan
from server.query.rows import select
from server.service import service_of
from server.settings import Settings
from tests.server.pages.reading import HTML, Page

PAGE, SOURCE, OURS = "the page", "another source", "ours"
# Part, what the line says, whose it is: the worked examples as Socialstyrelsen's page has them, and what is ours.
BOTH = [
    ("What to order", "Order from National Board of Health and Welfare: Computation of new indicators", PAGE),
    ("What to order", "Step 1: Mail what you want to look at", PAGE),
    ("What to order", "Step 2: Talk about what can be linked", PAGE),
    ("What to order", "The data must be in the registers of the National Board", PAGE),
    ("What to order", "ordered today at https://bestalladata.socialstyrelsen.se/", SOURCE),
    ("What comes back", "Results of linkage", PAGE),
    ("What comes back", "nothing on single patients enters the register", OURS),
    ("What is kept", "No data are kept", PAGE),
    ("Send", "Personal identity number: Personnummer", OURS),
    ("Send", "No clinical data", OURS),
    ("Send", "the list follows what it says of coverage analyses", OURS),
    ("Legal ground", "The page does not give the legal ground", OURS),
    ("How old", "Date of the page: we do not know", OURS),
    ("How old", "by e-mail, delivers on a CD and writes of county councils", OURS),
]
COMPLICATIONS = [
    *BOTH,
    ("The gap", "lacks data on local and general complications after discharge", PAGE),
    ("The gap", "has data on surgical procedures or other care", PAGE),
    ("The other side", "INDATUM (Date of admission), UTDATUM (Date of discharge)", SOURCE),
    ("The other side", "DIA1–DIA30, EKOD1–EKOD5, HDIA", SOURCE),
    ("The other side", "OP (Procedure codes (KVÅ))", SOURCE),
    ("The other side", "T80–T88 (ICD-10-SE: T80, T81", OURS),
    ("The other side", "a reoperation (KVÅ)", OURS),
    ("Send", "Day of the procedure or the discharge: choose of", OURS),
    ("Send", "Procedure code, where it defines groups", OURS),
    ("Send", "Hospital code, where results are wanted by hospital: shf_centre", OURS),
    ("To decide", "30, 90 or 365", OURS),
    ("To decide", "the admission with the procedure is left out", OURS),
    ("To decide", "competing event; it needs the service Cause-of-death data", OURS),
    ("What the result", "Primary care is not in the patient register", OURS),
    ("Legal ground", "ordinance (2001:707)", SOURCE),
    ("Keys", "Precise: person, date and care unit are on both sides", OURS),
]
ADHERENCE = [
    *BOTH,
    ("The gap", "lacks data on how the drugs were taken out", PAGE),
    ("The gap", "has data on which drugs were begun", PAGE),
    ("The other side", "which prescribed drugs were dispensed, and how often", PAGE),
    (
        "The other side",
        "ANTAL (Number of packages dispensed), ATC (ATC code), EDATUM (Date of dispensing), forpddd",
        SOURCE,
    ),
    ("Send", "Day of discharge: choose of", OURS),
    ("Send", "ATC code of what was begun: choose of", OURS),
    ("To decide", "Within how many days the first dispensing", OURS),
    ("To decide", "Proportion of days covered: formula, how stock is counted", OURS),
    ("What the result", "Dispensed is not taken", OURS),
    ("What the result", "Drugs given in hospital are not there", OURS),
    ("What the result", "July 2005", OURS),
    ("Legal ground", "ordinance (2005:363)", SOURCE),
    ("Keys", "By person alone", OURS),
]


def at(form: str = "", **given: str) -> str:
    return "/plan?" + urlencode({"lang": "en", **given, **({"format": form} if form else {})})


def tables(client: FlaskClient, **given: str) -> dict[str, list[dict[str, Any]]]:
    body = json.loads(client.get(at("json", **given)).text)
    return {table["name"]: table["rows"] for table in body["tables"]}


@pytest.mark.parametrize(("route", "wanted"), [("complications", COMPLICATIONS), ("adherence", ADHERENCE)])
def test_the_worked_examples_come_out_line_by_line(
    real_client: FlaskClient, route: str, wanted: list[tuple[str, str, str]]
) -> None:
    rows = tables(real_client, register="rikssvikt", route=route)["Plan"]
    for part, text, mark in wanted:
        found = [row for row in rows if row["part"].startswith(part) and text in row["line"]]
        assert [row["said_by"] for row in found][:1] == [mark], (part, text)
    assert all(row["source"] for row in rows if row["said_by"] == PAGE)


def test_a_register_without_key_or_date_gets_what_is_missing_and_no_order(real_client: FlaskClient) -> None:
    given = {"register": "bpsd", "concept": "complication"}
    found = tables(real_client, **given)
    assert [row["missing"] for row in found["Missing"]] == [
        "the identity number",
        "an index date (Date of operation or Date of care contact)",
    ]
    assert not {"Order", "Variables to send"} & set(found)
    page = Page(real_client.get(at(**given), headers=HTML).text)
    assert "This is no order yet. Missing: the identity number and an index date" in page.text


def test_an_order_carries_names_of_variables_alone(real_client: FlaskClient) -> None:
    data = real_client.get(at("xlsx", register="rikssvikt", route="complications")).data
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Plan", "Order", "Variables to send", "About"]
    order = {row[0]: row[1] for row in book["Order"].iter_rows(min_row=2, values_only=True)}
    assert order["Service"] == "Computation of new indicators and measures"
    assert order["Which data the orderer wants to study"] == "Complications after discharge"
    sent = [row[:2] for row in book["Variables to send"].iter_rows(min_row=2, values_only=True)]
    assert ("Hospital code, where results are wanted by hospital", "shf_centre (Centre)") in sent
    assert not [variable for _what, variable in sent if "NYHA" in str(variable)]


def test_only_causes_of_death_come_back_per_person(real_client: FlaskClient) -> None:
    lines = {
        route: [
            row["line"]
            for row in tables(real_client, register="rikssvikt", route=route, **more)["Plan"]
            if row["part"] == "What comes back" and "person" in row["line"] and "single" not in row["line"]
        ]
        for route, more in (("deaths", {}), ("coverage", {"with": "patientregistret"}))
    }
    assert lines["deaths"]
    assert not lines["coverage"]


def test_coverage_asks_for_the_register_to_compare_with(real_client: FlaskClient) -> None:
    found = tables(real_client, register="rikssvikt", route="coverage")
    assert [row["missing"] for row in found["Missing"]] == ["the health data register to compare with"]
    assert "Order" in tables(real_client, **{"register": "rikssvikt", "route": "coverage", "with": "patientregistret"})


def test_statistics_take_no_people(real_client: FlaskClient) -> None:
    found = tables(real_client, register="bpsd", route="background")
    assert set(found) == {"Plan", "Order", "Variables to send"}
    assert found["Variables to send"] == []
    lines = [row["line"] for row in found["Plan"] if row["said_by"] == PAGE]
    assert "Look in the statistics database first" in lines


def test_two_quality_registers_have_no_service(real_client: FlaskClient) -> None:
    given = {"register": "rikssvikt", "with": "swediabkids"}
    page = Page(real_client.get(at(**given), headers=HTML).text)
    assert "No service is known that links these registers; each holder decides." in page.text
    assert set(tables(real_client, **given)) == {"Plan"}


def test_an_indicator_tells_who_could_supply_each_variable(real_client: FlaskClient) -> None:
    rows = tables(real_client, register="riksstroke", indicator="skr-2022-t04-r4")["Plan"]
    told = [row["line"] for row in rows if row["part"] == "Who could supply each variable"]
    assert any("the register itself" in line for line in told)
    text = real_client.get(at("text", register="riksstroke", indicator="skr-2022-t04-r4")).text
    assert "No other register is part of this plan" in text
    elsewhere = tables(real_client, register="bpsd", indicator="skr-2022-t04-r4")["Plan"]
    assert any("held by: " in row["line"] for row in elsewhere)


@pytest.mark.parametrize(
    "given",
    [
        {"register": "rikssvikt", "route": "complications"},
        {"register": "rikssvikt", "with": "lakemedelsregistret"},
        {"register": "riksstroke", "indicator": "skr-2022-t04-r4"},
    ],
)
def test_the_queries_behind_give_as_many_rows(real_app: Flask, given: dict[str, str]) -> None:
    page = Page(real_app.test_client().get(at(**given), headers=HTML).text)
    assert len(page.counted) > 3
    service = service_of(real_app)
    assert [one for one in page.counted if len(select(service, one[1], limit=10_000).rows) != one[0]] == []


def test_the_page_speaks_swedish_and_the_form_stands_alone(real_client: FlaskClient) -> None:
    text = real_client.get("/plan?lang=sv&register=rikssvikt&route=adherence&format=text").text
    assert "[sidan] Registret saknar uppgift om hur läkemedlen har tagits ut efter vårdtillfället." in text
    assert "Planera en samkörning" in real_client.get("/plan?lang=sv", headers=HTML).text


def test_what_is_not_known_is_said(real_client: FlaskClient) -> None:
    response = real_client.get(at(register="rikssvikt", route="complication"))
    assert response.status_code == 400
    assert "complications" in response.text


def test_the_command_says_how_it_is_asked() -> None:
    done = CliRunner().invoke(plan, ["--register", "x"], obj=Settings())
    assert done.exit_code == 2
    assert "--want" in done.output
    done = CliRunner().invoke(plan, ["--register", "x", "--want", "y", "-o", "plan.pdf"], obj=Settings())
    assert done.exit_code == 2
    assert ".xlsx" in done.output


def test_the_commands_of_the_documentation_are_understood(real_client: FlaskClient) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "registerservice.md").read_text(encoding="utf-8")
    commands = re.findall(r"^registergraf plan (.+)$", page, re.MULTILINE)
    assert len(commands) > 3
    names = {"--want": "route", "--output": "file"}
    for command in commands:
        words = shlex.split(command)
        given = {names.get(name, name[2:]): value for name, value in zip(words[::2], words[1::2], strict=True)}
        given.pop("file", "")
        assert real_client.get(at("text", **given)).text.count("[") >= 8, command
