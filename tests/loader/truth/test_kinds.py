"""Each kind of untruth: both sides of its bound, in sheets and in RDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from loader.check import Upload
from loader.intake.truth.ages import Limits, ages_in
from loader.intake.truth.checkdigits import luhn, orcid, ror
from loader.intake.truth.numbers import numbers_in
from loader.model.findings import Finding, Severity
from tests.loader.conftest import Ask
from tests.loader.intake.workbooks import COVERAGE, VARIABLES, text

TODAY = date(2026, 6, 1)
INDICATORS = (
    *(
        "Register",
        "Variabel",
        "Möjligt mått",
        "Indicator (english)",
        "Måttyp",
        "Ålder från",
        "Ålder till",
        "Ålder under",
    ),
    *("Uppföljningsområde", "Analysnivå", "Målgrupp", "Syfte", "Patientrapporterat"),
)
PREFIXES = """@prefix rg: <https://w3id.org/registergraf/ns#> . @prefix id: <https://w3id.org/registergraf/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix register: <https://w3id.org/registergraf/id/register/> .
@prefix status: <https://w3id.org/registergraf/id/mapping-status/> .
"""


def told(ask: Ask, *uploads: Upload, **options: object) -> list[str]:
    return [finding.rule for finding in findings(ask, *uploads, **options)]


def findings(ask: Ask, *uploads: Upload, **options: object) -> Sequence[Finding]:
    return ask(*uploads, today=TODAY, **options).findings


def coverage(percent: str, year: str, printed: str = "") -> Upload:
    return text((*COVERAGE, "Som det står i källan"), ("Riksstroke", percent, year, "socialstyrelsen", printed))


def indicator(label: str, english: str, group: str = "Äldre", **cells: str) -> Upload:
    values = {"Måttyp": "", "Ålder från": "", "Ålder till": "", "Ålder under": "", **cells}
    row = ("Riksstroke", "Boende", label, english, *(values[name] for name in INDICATORS[4:8]))
    sheet = text(INDICATORS, (*row, "Ev. resultat", "Sjukhus / region", group, "Följa utveckling över tid", "nej"))
    return Upload("indikatorer.csv", sheet.data)


def turtle(body: str) -> Upload:
    return Upload("a.ttl", (PREFIXES + body).encode())


@pytest.mark.parametrize(("year", "wrong"), [("2026", False), ("2027", True), ("1993", True), ("1994", False)])
def test_years_lie_between_the_registers_first_and_this(ask: Ask, year: str, wrong: bool) -> None:
    found = {"year-in-future", "year-before-register"} & set(told(ask, coverage("90", year)))
    assert bool(found) == wrong


@pytest.mark.parametrize(
    ("percent", "printed", "wrong"),
    [
        ("90", "90 procent", False),
        ("92,5", "knappt 92,5 %", False),
        ("90", "nittio procent", False),
        ("90", "09 %", True),
        ("90", "90,1 %", True),
        ("58", "58 respektive 61 procent", False),
        ("90", "hög täckningsgrad (85-90 procent)", False),
    ],
)
def test_a_number_is_the_one_in_the_text(ask: Ask, percent: str, printed: str, wrong: bool) -> None:
    assert ("printed-differs" in told(ask, coverage(percent, "2023", printed))) == wrong


def test_the_numbers_of_a_text() -> None:
    assert {str(number) for number in numbers_in("1 200 av 1 500 (80,5 %) år 2020")} == {"1200", "1500", "80.5", "2020"}


@pytest.mark.parametrize(
    ("label", "limits"),
    [
        ("Andel över 65 år", Limits(66, None)),
        ("Andel patienter 65 år och äldre", Limits(65, None)),
        ("Andel under 18 år", Limits(None, 17)),
        ("Andel till och med 18 år", Limits(None, 18)),
        ("Andel 18–64 år", Limits(18, 64)),
        ("Share of people aged 80 or over", Limits(80, None)),
        ("Share of patients over 65", Limits(66, None)),
        ("Andel över 18 år och under 65 år", Limits(19, 64)),
        ("Andel med värde över 65 mmol", None),
        ("Andel med vårdtid över 30 dagar", None),
        ("Andel inom 5 år", None),
        ("Andel 0–2 på skalan", None),
    ],
)
def test_the_ages_of_a_label(label: str, limits: Limits | None) -> None:
    assert ages_in(label) == limits


@pytest.mark.parametrize(
    ("label", "cells", "wrong"),
    [
        ("Andel 65 år och äldre med prov", {"Ålder från": "65"}, False),
        ("Andel 65 år och äldre med prov", {"Ålder från": "66"}, True),
        ("Andel under 18 år med prov", {"Ålder under": "18"}, False),
        ("Andel under 18 år med prov", {"Ålder till": "17"}, False),
        ("Andel under 18 år med prov", {"Ålder till": "18"}, True),
    ],
)
def test_an_age_is_the_one_in_the_label(ask: Ask, label: str, cells: dict[str, str], wrong: bool) -> None:
    assert ("age-differs-from-label" in told(ask, indicator(label, "Share with sample", **cells))) == wrong


@pytest.mark.parametrize(
    ("label", "unit", "severity"),
    [
        ("Kroppsvikt i kg", "kg", None),
        ("Kroppsvikt i kg", "cm", Severity.VIOLATION),
        ("Kroppsvikt (kg)", "kilogram", Severity.WARNING),
        ("BMI (kg/m²)", "kg/m2", None),
        ("Andel värden under 4 mmol/l", "%", None),
        ("Kroppsvikt", "cm", None),
    ],
)
def test_a_unit_is_the_one_in_the_name(ask: Ask, label: str, unit: str, severity: Severity | None) -> None:
    upload = text((*VARIABLES, "Måttenhet"), ("riksstroke", "prov1", label, "Kliniskt mätvärde", unit))
    found = [item for item in findings(ask, upload) if item.rule == "unit-differs-from-label"]
    assert [(item.severity, item.position.column) for item in found] == ([(severity, "Måttenhet")] if severity else [])


@pytest.mark.parametrize(
    ("group", "cells", "wrong"),
    [
        ("Barn och unga", {"Ålder från": "18"}, False),
        ("Barn och unga", {"Ålder från": "19"}, True),
        ("Äldre", {"Ålder till": "66"}, False),
        ("Äldre", {"Ålder till": "65"}, True),
        ("Äldre", {"Ålder under": "67"}, False),
        ("Äldre", {"Ålder under": "66"}, True),
    ],
)
def test_age_limits_against_groups_on_both_sides(ask: Ask, group: str, cells: dict[str, str], wrong: bool) -> None:
    found = told(ask, indicator("Andel prov", "Share of samples", group, **cells))
    assert ("age-limit-contradicts-target-group" in found) == wrong


@pytest.mark.parametrize(("group", "wrong"), [("Äldre/äldreomsorg", False), ("Barn och unga/äldreomsorg", True)])
def test_areas_go_with_their_groups(ask: Ask, group: str, wrong: bool) -> None:
    assert ("area-of-another-group" in told(ask, indicator("Andel prov", "Share of samples", group))) == wrong


@pytest.mark.parametrize(
    ("label", "english", "kind", "rule"),
    [
        ("Antal med prov", "Number with sample", "andel", "measure-type-differs"),
        ("Antal/andel med prov", "Number/share with sample", "andel", None),
        ("Antal med prov", "Share with sample", "antal", "labels-differ"),
        ("Andel med prov", "Share with sample", "andel", None),
        ("Medelvärde av prov", "Mean of samples", "annat", None),
    ],
)
def test_the_measure_type_goes_with_the_label(ask: Ask, label: str, english: str, kind: str, rule: str | None) -> None:
    found = set(told(ask, indicator(label, english, Måttyp=kind))) & {"measure-type-differs", "labels-differ"}
    assert found == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (("strokeregistret-nytt", "RiksStroke", "RiksStroke"), "same-register-again"),
        (("helt-annat", "Provregistret för oväntat", "Unexpected Test Register"), None),
        (("riksstroke", "Riksstroke", "Riksstroke"), None),
    ],
)
def test_a_register_again_under_another_key(ask: Ask, row: tuple[str, ...], rule: str | None) -> None:
    header = ("Registernyckel", "Namn (svenska)", "Namn (engelska)", "Samfinansieras av kommunerna")
    assert ("same-register-again" in told(ask, text(header, (*row, "nej")))) == (rule is not None)


def test_what_contradicts_the_release_asks_whether_it_corrects(ask: Ask) -> None:
    header = ("Registernyckel", "Namn (svenska)", "Namn (engelska)", "Samfinansieras av kommunerna", "Bekräftat")
    row = ("riksstroke", "Riksstroke", "Riksstroke", "ja")
    first, second = (findings(ask, text(header, (*row, answer))) for answer in ("", "ja"))
    assert [(item.severity, item.position.column) for item in first if item.rule == "differs-from-release"] == [
        ("Warning", "Samfinansieras av kommunerna")
    ]
    assert [item.severity for item in second if item.rule == "differs-from-release"] == ["Info"]


# What a submission may not state at all is refused as such, before it is asked whether it is true.
REFUSED = {"inferred-by-hand", "not-claimable"}


def test_what_only_inference_says_is_not_written_by_hand(ask: Ask) -> None:
    found = findings(
        ask, turtle("register:riksstroke a rg:QualityRegister ;\n rg:linkableWith register:swedeheart .\n")
    )
    assert REFUSED & {item.rule for item in found}


@pytest.mark.parametrize(("kind", "wrong"), [("rg:HealthDataRegister", True), ("rg:QualityRegister", False)])
def test_classes_that_exclude_each_other(ask: Ask, kind: str, wrong: bool) -> None:
    found = told(ask, turtle(f'register:prov a rg:QualityRegister , {kind} ; skos:prefLabel "P"@sv .'))
    assert bool({"disjoint-classes", *REFUSED} & set(found)) == wrong


def test_a_register_is_not_of_another_kind_than_published(ask: Ask) -> None:
    found = told(ask, turtle('register:riksstroke a rg:HealthDataRegister ; skos:prefLabel "P"@sv .'))
    assert {"disjoint-classes", *REFUSED} & set(found)


def test_a_period_that_ends_before_it_begins_is_refused(ask: Ask) -> None:
    body = 'register:prov a rg:QualityRegister ; rg:holdsFrom "2020" ; rg:holdsUntil "2019" .'
    assert {"period-reversed", *REFUSED} & set(told(ask, turtle(body)))


def test_check_digits() -> None:
    assert luhn("2021005489")
    assert not luhn("2021005498")
    assert orcid("0000-0002-1825-0097")
    assert orcid("0000-0002-1694-233X")
    assert not orcid("0000-0002-1694-2330")
    assert ror("056d84691")
    assert not ror("056d84961")


@pytest.mark.parametrize(
    ("label", "wrong"),
    [
        ("Andel med ICD-10: I63.9", False),
        ("Andel med ICD-10: I63.9, I61 och G45", False),
        ("Andel med ICD-10: 63.9", True),
        ("Andel med KVÅ: NFB49", False),
        ("Andel med KVÅ: NFB4", True),
        ("Andel med ATC: N05A", False),
        ("Andel med ATC: 05NA", True),
        ("Andel kodade i ICD-10", False),
        ("Andel med ATC-kod registrerad", False),
        ("ATC 7-chr", False),
        ("Regionens org.nr 232100-0016", False),
        ("Regionens org.nr 232100-0017", True),
    ],
)
def test_the_forms_of_codes(ask: Ask, label: str, wrong: bool) -> None:
    found = set(told(ask, text(VARIABLES, ("riksstroke", "prov1", label, "Smärta"))))
    assert bool(found & {"bad-code", "bad-organisation-number"}) == wrong


def test_codes_are_looked_up_where_a_list_is_given(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "icd10se.csv").write_text("key,value\nI639,Prov\nI610,Prov\n", encoding="utf-8")
    upload = text(VARIABLES, ("riksstroke", "prov1", "Andel med ICD-10: I63.9, I61", "Smärta"))
    other = text(VARIABLES, ("riksstroke", "prov1", "Andel med ICD-10: I63.8", "Smärta"))
    assert "bad-code" not in told(ask, upload, code_lists=tmp_path)
    assert "bad-code" in told(ask, other, code_lists=tmp_path)
    assert "bad-code" not in told(ask, other)
