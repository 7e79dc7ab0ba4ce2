"""Case mix by logistic regression, and the Charlson index: golden values, and the command about a file."""

from __future__ import annotations

import csv
import io
import json
import random
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.registerservice.comparing.compare_command import compare
from server.registerservice.messages import StopError
from server.registerservice.statistics.casemix import fit
from server.registerservice.statistics.charlson import index
from tests.server.registerservice.asking import table

# Hosmer and Lemeshow's births, low and not: age, weight, race, visits of each mother.
NOT_LOW = """19 182 2 0,33 155 3 3,20 105 1 1,21 108 1 2,18 107 1 0,21 124 3 0,22 118 1 1,17 103 3 1,29 123 1 1,
26 113 1 0,19 95 3 0,19 150 3 1,22 95 3 0,30 107 3 2,18 100 1 0,18 100 1 0,15 98 2 0,25 118 1 3,
20 120 3 0,28 120 1 1,32 121 3 2,31 100 1 3,36 202 1 1,28 120 3 0,25 120 3 2,28 167 1 0,17 122 1 0,
29 150 1 2,26 168 2 0,17 113 2 1,17 113 2 1,24 90 1 1,35 121 2 1,25 155 1 1,25 125 2 0,29 140 1 2,
19 138 1 2,27 124 1 0,31 215 1 2,33 109 1 1,21 185 2 2,19 189 1 2,23 130 2 1,21 160 1 0,18 90 1 0,
18 90 1 0,32 132 1 4,19 132 3 0,24 115 1 2,22 85 3 0,22 120 1 1,23 128 3 0,22 130 1 0,30 95 1 2,
19 115 3 0,16 110 3 0,21 110 3 0,30 153 3 0,20 103 3 0,17 119 3 0,17 119 3 0,23 119 3 2,24 110 3 0,
28 140 1 0,26 133 3 0,20 169 3 1,24 115 3 2,28 250 3 6,20 141 1 1,22 158 2 2,22 112 1 0,31 150 3 2,
23 115 3 1,16 112 2 0,16 135 1 0,18 229 2 0,25 140 1 1,32 134 1 4,20 121 2 0,23 190 1 0,22 131 1 1,
32 170 1 0,30 110 3 0,20 127 3 0,23 123 3 0,17 120 3 0,19 105 3 0,23 130 1 0,36 175 1 0,22 125 1 1,
24 133 1 0,21 134 3 2,19 235 1 0,25 95 1 0,16 135 1 0,29 135 1 1,29 154 1 1,19 147 1 0,19 147 1 0,
30 137 1 1,24 110 1 1,19 184 1 0,24 110 3 0,23 110 1 1,20 120 3 0,25 241 2 0,30 112 1 1,22 169 1 0,
18 120 1 2,16 170 2 4,32 186 1 2,18 120 3 1,29 130 1 2,33 117 1 1,20 170 1 0,28 134 3 1,14 135 1 0,
28 130 3 0,25 120 1 2,16 95 3 1,20 158 1 1,26 160 3 0,21 115 1 1,22 129 1 0,25 130 1 2,31 120 1 2,
35 170 1 1,19 120 1 0,24 116 1 1,45 123 1 1"""
LOW = """28 120 3 0,29 130 1 2,34 187 2 0,25 105 3 0,25 85 3 0,27 150 3 0,23 97 3 1,24 128 2 1,24 132 3 0,
21 165 1 1,32 105 1 0,19 91 1 0,25 115 3 0,16 130 3 1,25 92 1 0,20 150 1 2,21 200 2 2,24 155 1 0,
21 103 3 0,20 125 3 0,25 89 3 1,19 102 1 2,19 112 1 0,26 117 1 0,24 138 1 0,17 130 3 0,20 120 2 3,
22 130 1 1,27 130 2 0,20 80 3 0,17 110 1 0,25 105 3 1,20 109 3 0,18 148 3 0,18 110 2 0,20 121 1 0,
21 100 3 4,26 96 3 0,31 102 1 1,15 110 1 0,23 187 2 1,20 122 2 0,24 105 2 0,15 115 3 0,23 120 3 0,
30 142 1 0,22 130 1 1,17 120 1 3,23 110 1 0,17 120 2 2,26 154 3 1,20 105 3 3,26 190 1 0,14 101 3 0,
28 95 1 2,14 100 3 2,23 94 3 0,17 142 2 0,21 130 1 3"""


def births() -> tuple[list[int], dict[str, list[float] | list[str]]]:
    rows = [[low, *one.split()] for low, text in (("0", NOT_LOW), ("1", LOW)) for one in text.split(",")]
    age, weight, visits = ([float(row[place]) for row in rows] for place in (1, 2, 4))
    return [int(row[0]) for row in rows], {
        "age": age,
        "lwt": weight,
        "race": [row[3] for row in rows],
        "ftv": visits,
    }


def test_the_model_is_that_of_hosmer_and_lemeshow() -> None:
    """R 4.2.2 glm gives the same."""
    outcomes, covariates = births()
    assert len(outcomes) == 189
    found = fit(outcomes, covariates)
    assert {term.name: term.coefficient for term in found.terms} == pytest.approx(
        {
            "constant": 1.295366,
            "age": -0.023823,
            "lwt": -0.014245,
            "race=2": 1.003898,
            "race=3": 0.433108,
            "ftv": -0.049308,
        },
        abs=0.000002,
    )
    assert sum(found.probabilities) == pytest.approx(sum(outcomes))
    assert 0.6 < found.area < 0.7


@pytest.mark.parametrize(
    ("codes", "unweighted", "weighted"),
    [
        ("E119", 1, 1),
        ("E119 E112", 1, 2),
        ("I252 N185 G819", 3, 5),
        ("C509 C795", 1, 6),
        ("C449", 0, 0),
        ("I739", 1, 1),
        ("R18", 0, 0),  # ascites alone counts nothing
        ("R18 K70.3", 1, 3),
        ("J449 j45.9", 2, 2),
        ("F024", 2, 7),  # dementia in HIV is both
        ("E108 J84", 0, 0),  # gaps of the authors' list stay gaps
    ],
)
def test_the_charlson_index_is_the_authors_own(codes: str, unweighted: int, weighted: int) -> None:
    found = index(codes.split())
    assert (found.unweighted, found.weighted) == (unweighted, weighted)


def test_too_few_events_and_separation_are_refused() -> None:
    outcomes, covariates = births()
    with pytest.raises(StopError, match="at least 10 events"):
        fit(outcomes[:140], {name: values[:140] for name, values in covariates.items()})
    with pytest.raises(StopError, match="separates"):
        fit([0] * 40 + [1] * 40, {"age": [*range(40), *range(100, 140)]})


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.discrete.discrete_model", None)
    outcomes, covariates = births()
    with pytest.raises(StopError, match=r"registergraf\[compare\]"):
        fit(outcomes, covariates)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two hundred cases a unit; unit B has older patients, and unit D is small."""
    chance = random.Random(7)
    rows: list[list[object]] = []
    for unit, size, base in (("A", 200, 55), ("B", 200, 75), ("C", 200, 60), ("D", 6, 60)):
        for _ in range(size):
            age = base + chance.randint(-10, 10)
            ill = chance.random() < 0.3
            died = chance.random() < 0.1 + 0.01 * (age - 55) + 0.2 * ill
            rows.append([unit, "ja" if died else "nej", age, chance.choice("mk"), "C509 C795" if ill else "", "I10"])
    return table(tmp_path / "fall.csv", "sjukhus;avliden;alder;kon;HDIA;DIA1", rows)


def run(*options: str) -> Result:
    return CliRunner().invoke(compare, ["case-mix", *options, "--lang", "en"])


def test_the_command_gives_expected_events_by_unit(data: Path) -> None:
    output = data.parent / "ut.json"
    done = run("--data", str(data), "--by", "sjukhus", "--outcome", "avliden", "--covariates", "alder,kon",
               "--charlson", "HDIA,DIA*", "--output", str(output))  # fmt: skip
    assert done.exit_code == 0, done.stderr
    rows = {row["unit"]: row for row in csv.DictReader(io.StringIO(done.stdout), delimiter="\t")}
    told = json.loads(output.read_text(encoding="utf-8"))
    assert [term["name"] for term in told["model"]] == ["constant", "alder", "kon=m", "charlson"]
    assert float(rows["B"]["observed"]) > 0
    assert float(rows["B"]["expected"]) > float(rows["C"]["expected"])
    assert rows["D"]["suppressed"] == "True"
    assert rows["D"]["cases"] == ""
    assert sum(row["suppressed"] == "True" for row in rows.values()) == 2  # one alone could be worked out
    assert "AUC" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--covariates", "alder,vikt"), "no column vikt"),
        (("--covariates", "HDIA"), "HDIA is empty"),
        ((), "--covariates or --charlson"),
        (("--charlson", "DX*"), "No column is called DX*"),
    ],
)
def test_what_cannot_be_compared_is_said(data: Path, options: tuple[str, ...], said: str) -> None:
    done = run("--data", str(data), "--by", "sjukhus", "--outcome", "avliden", *options)
    assert done.exit_code == 1
    assert said in done.stderr


def test_an_outcome_that_is_neither_is_said(data: Path) -> None:
    done = run("--data", str(data), "--by", "sjukhus", "--outcome", "alder", "--covariates", "kon")
    assert done.exit_code == 1
    assert "row 2: the outcome is 1 or 0" in done.stderr
