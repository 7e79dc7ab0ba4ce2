"""A result in every form: the same numbers, nothing where they are hidden, and texts of the input as texts."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from rdflib import RDF, Graph, Namespace

from tests.server.registerservice.asking import ask, people, table

DQV = Namespace("http://www.w3.org/ns/dqv#")
RG = Namespace("https://w3id.org/registergraf/ns#")
ENDINGS = ("json", "csv", "xlsx", "ttl", "svg", "html")
EVIL = "=1+<b>&"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One run, written in every form; the small unit is hidden, and another with it."""
    folder = tmp_path_factory.mktemp("outputs")
    sizes = {"Alfa": 40, EVIL: 30, "Gamma": 20, "Liten": 3}
    units = [unit for unit, size in sizes.items() for _ in range(size)]
    rows = [[who, "2024-05-01", unit] for who, unit in zip(people(93), units, strict=True)]
    table(folder / "register.csv", "pnr;day;unit", [row for place, row in enumerate(rows) if place % 4])
    table(folder / "reference.csv", "pnr;day;unit", [row for place, row in enumerate(rows) if place % 5])
    paths = {ending: folder / f"result.{ending}" for ending in ENDINGS}
    outputs = [part for path in paths.values() for part in ("--output", str(path))]
    keys = ("--about", "riksstroke", "--stated-by", "socialstyrelsen")
    asked = ("--key", "pnr", "--date", "day", "--by", "unit", "--count", "events", "--period", "2024")
    done = ask(folder, *asked, *keys, *outputs)
    assert done.exit_code == 0, done.stderr
    return paths


@pytest.fixture(scope="module")
def result(files: dict[str, Path]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files["json"].read_text(encoding="utf-8"))
    assert {row["suppressed"] for row in read["measurements"]} == {True, False}
    return read


def test_csv_says_the_same(files: dict[str, Path], result: dict[str, Any]) -> None:
    rows = list(csv.DictReader(io.StringIO(files["csv"].read_text(encoding="utf-8"))))
    got = [(row["what"], row["unit"], row["found"], row["suppressed"]) for row in rows if row["table"] == "measurement"]
    assert got == [
        (
            row["direction"],
            row["by"].get("unit", ""),
            "" if row["found"] is None else str(row["found"]),
            str(row["suppressed"]).lower(),
        )
        for row in result["measurements"]
    ]


def test_the_workbook_has_texts_as_texts(files: dict[str, Path], result: dict[str, Any]) -> None:
    book = load_workbook(files["xlsx"])
    sheet = book["Measures"]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells[EVIL] == "s"
    assert sheet.max_row == 1 + len(result["measurements"]) + len(result["coverage"])
    assert book.sheetnames == ["Measures", "Not found", "Method"]


def test_turtle_is_a_measurement_of_the_register(files: dict[str, Path], result: dict[str, Any]) -> None:
    graph = Graph().parse(files["ttl"])
    (measured,) = graph.subjects(RDF.type, DQV.QualityMeasurement)
    assert (measured, RDF.type, RG.CoverageMeasurement) in graph
    row = next(row for row in result["coverage"] if row["side"] == "register" and not row["by"])
    assert float(str(graph.value(measured, RG.percentFrom))) == pytest.approx(100 * row["rate"], abs=0.005)
    assert int(str(graph.value(measured, RG.measurementYear))) == 2024


def test_the_figure_is_well_formed_and_tells_its_numbers(files: dict[str, Path]) -> None:
    figure = ET.parse(files["svg"]).getroot()
    told = " ".join(figure.itertext())
    assert EVIL in told
    assert "not shown" in told
    assert figure.get("role") == "img"


def test_the_report_is_swedish_and_says_what_it_does_not_replace(files: dict[str, Path]) -> None:
    page = files["html"].read_text(encoding="utf-8")
    assert '<html lang="sv">' in page
    assert "ersätter inte en beställning" in page
    assert EVIL not in page
    assert "=1+&lt;b&gt;&amp;" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_turtle_that_is_about_no_register_holds_every_shown_share(files: dict[str, Path]) -> None:
    folder = files["json"].parent
    done = ask(folder, "--key", "pnr", "--count", "persons", "--output", str(folder / "other.ttl"))
    assert done.exit_code == 0
    graph = Graph().parse(folder / "other.ttl")
    values = {float(str(value)) for value in graph.objects(None, DQV.value)}
    found, register, reference = 55, 69, 74
    either = register + reference - found
    assert values == {found / register, found / reference, register / either, reference / either}
    assert (None, RDF.type, RG.CoverageMeasurement) not in graph


def test_keys_are_given_together(files: dict[str, Path]) -> None:
    done = ask(files["json"].parent, "--key", "pnr", "--count", "persons", "--about", "riksstroke")
    assert done.exit_code == 2
    assert "--stated-by" in done.stderr


def test_hidden_coverage_is_not_handed_in(tmp_path: Path) -> None:
    for name in ("register.csv", "reference.csv"):
        table(tmp_path / name, "pnr", [[who] for who in people(3)])
    keys = ("--about", "riksstroke", "--stated-by", "socialstyrelsen")
    done = ask(tmp_path, "--key", "pnr", "--count", "persons", *keys, "--output", str(tmp_path / "a.ttl"))
    assert (done.exit_code, (tmp_path / "a.ttl").exists()) == (1, False)
