"""Which registers key indicators name: texts of our own for each trap, and the real list where it is at hand."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.imports.commands import importing, known_names
from loader.imports.kolada import COMPONENT, GUESS, SOURCE, TARGET, Citation, KoladaError, Kpi, citations, read_kpis
from loader.imports.names import Names
from loader.release.manifest import Release
from tests.reference import needs, reference

ROOT = Path(__file__).resolve().parents[3]
REAL = reference("kolada", "kolada_kpi_6099.csv")
needs_kolada = needs(REAL, "texts of KPIs written for the tests are judged above")
CURATED = ROOT / "data" / "sources" / "kolada" / "kolada_kpis.csv"
NAMES = Names(
    [
        ("palliativregistret", "Svenska palliativregistret"),
        ("skapa", "SKaPa"),
        ("skapa", "Svenskt Kvalitetsregister för Karies och Parodontit"),
        ("swedeheart", "SWEDEHEART"),
        ("senior-alert", "Senior alert"),
        ("lung", "Nationellt lungcancerregister"),
        ("diabetes", "Nationella Diabetesregistret, NDR"),
        ("diabetes", "Nationella Diabetesregistret"),
        ("ndr", "NDR"),
        ("patient", "Patientregistret"),
        ("gynop", "Hysterektomi"),
        ("one", "Gemensamma registret"),
        ("other", "Gemensamma registret"),
    ]
)


def found(description: str, title: str = "Andel (%)") -> set[tuple[str, str]]:
    return {(item.register, item.role) for item in citations([Kpi("N1", title, description)], NAMES)}


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Andel avlidna. Källa: Palliativ registret.", {("palliativregistret", SOURCE)}),
        ("Andel avlidna. Källa: Palliativa registret.", {("palliativregistret", SOURCE)}),
        ("Källa Swedeheart via Vården i siffror", {("swedeheart", SOURCE)}),
        ("Källa: Senior Alerts rapport", {("senior-alert", SOURCE)}),
        ("Källa: Nationella lungcancerregistret via Vården i Siffror", {("lung", SOURCE)}),
        ("Källa: Nationella Diabetesregistret (NDR)", {("diabetes", SOURCE)}),
        ("Kommunen vill skapa trygghet. Källa: SCB.", set()),
        ("Källa: Svenskt kvalitetsregister för Karies och Parodontit (SKaPa)", {("skapa", SOURCE)}),
        ("Källa: Socialstyrelsen Patientregistret", {("patient", SOURCE)}),
        ("Uppgift om yttre orsak från Patientregistret. Källa: Kolada.", {("patient", SOURCE)}),
        ("Nationella lungcancerregistret har satt en målnivå på 95 %. Källa: Vården i siffror.", {("lung", TARGET)}),
        (
            "Nationella lungcancerregistret har satt en målnivå. Källa: Nationella lungcancerregistret",
            {("lung", SOURCE)},
        ),
        ("Hysterektomi görs i slutenvård. Källa: Patientregistret", {("gynop", GUESS), ("patient", SOURCE)}),
        ("Antal patienter med hysterektomi enligt SCB. Källa: Gynopregistrets Hysterektomi", {("gynop", SOURCE)}),
        ("Källa: Gemensamma registret.", set()),
        ("Källa: Registret över totalbefolkningen.", set()),
    ],
)
def test_each_trap(description: str, expected: set[tuple[str, str]]) -> None:
    assert found(description) == expected


def test_an_index_is_made_of_components() -> None:
    assert found("Källa: SCB, Nationella Diabetesregistret", "Hälsa - Regionindex") == {("diabetes", COMPONENT)}


def test_decomposed_letters_are_the_same_letters() -> None:
    names = Names([("hoft", "Rikshöfts register")])
    assert [item.key for item in names.find("Ka\u0308lla: Riksho\u0308fts register")] == ["hoft"]


def test_all_three_forms_of_the_list(tmp_path: Path) -> None:
    item = {"id": "N1", "title": "T", "description": "Källa: Senior alert"}
    (tmp_path / "1.json").write_text(json.dumps({"values": [item], "next_page": "…"}), encoding="utf-8")
    (tmp_path / "2.json").write_text(json.dumps({"results": [item | {"id": "N2"}], "next_url": None}), encoding="utf-8")
    (tmp_path / "3.csv").write_text("id,title,description\nN3,T,Källa: Senior alert\n", encoding="utf-8")
    assert [kpi.kpi for kpi in read_kpis(tmp_path)] == ["N1", "N2", "N3"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", r"list:1:2.*not JSON"),
        ("{}", "no list"),
        ("[{}]", "number 1 has no id"),
        ("a,b\n1,2\n", "columns description"),
    ],
)
def test_what_is_no_list_is_told_with_its_place(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "list").write_text(text, encoding="utf-8")
    with pytest.raises(KoladaError, match=told):
        list(read_kpis(tmp_path / "list"))


def test_the_command_writes_a_table(small_root: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("id,title,description\nN1,T,Källa: Alfaregistret\n", encoding="utf-8")
    done = CliRunner().invoke(importing, ["kolada", str(tmp_path / "list.csv"), "--output", str(small_root)])
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == "kpi,register,role,confidence,evidence"


@needs_kolada
def test_the_curated_citations_are_found_in_the_real_list(real_release: Release) -> None:
    """The curated table was read by hand: every citation in it, and no further quality register as a source."""
    found = list(citations(read_kpis(REAL), Names(known_names(real_release))))
    curated = {(row["kpi"], key) for row in rows() for key in row["registers"].split("|")}
    health_data = {row.register for row in found} - {key for _, key in curated}
    sources = {(item.kpi, item.register) for item in found if item.register not in health_data}
    assert len(curated & sources) / len(curated) >= 0.95
    assert len(curated & sources) / len(sources) >= 0.98, sorted(sources - curated)


@needs_kolada
def test_sources_are_those_that_were_read_in_the_texts(real_release: Release) -> None:
    """Every indicator with “registret” or “kvalitetsregist”, the others that name a register, and 200 more, as read."""
    with (Path(__file__).parent / "kolada_labels.csv").open(encoding="utf-8") as stream:
        read = {row["kpi"]: row["registers"] for row in csv.DictReader(stream)}
    assert len(read) > 440
    labelled = {(kpi, one) for kpi, said in read.items() for one in said.split("|") if one.endswith("=source")}
    every = citations(read_kpis(REAL), Names(known_names(real_release)))
    told = {(item.kpi, f"{item.register}={item.role}") for item in every if item.role == SOURCE and item.kpi in read}
    assert len(told & labelled) / len(told) >= 0.98, sorted(told - labelled)
    assert len(told & labelled) / len(labelled) >= 0.95, sorted(labelled - told)


def rows() -> list[dict[str, str]]:
    with CURATED.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_a_citation_says_the_words() -> None:
    [item] = citations([Kpi("N1", "T", "Källa: Palliativ registret")], NAMES)
    assert item == Citation("N1", "palliativregistret", SOURCE, 1.0, "Palliativ registret")
