"""Standardised comparison: golden values of each method, and the commands about files."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from math import log, sqrt
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.registerservice.comparing.compare_command import compare
from server.registerservice.statistics.funnel import Dispersion, dispersion, limits, placed, quantile
from server.registerservice.statistics.rates import Stratum, byar, direct, exact_poisson, indirect
from tests.server.registerservice.asking import table

# Fay and Feuer 1997, as in the example of R epitools 0.5 ageadjust.direct.
EVENTS = (107, 141, 60, 40, 39, 25)
POPULATION = (230061, 329449, 114920, 39487, 14208, 3052)
STANDARD = (63986.6, 186263.6, 157302.2, 97647.0, 47572.6, 12262.6)
STRATA = [Stratum(*values) for values in zip(EVENTS, POPULATION, STANDARD, strict=True)]


def run(*options: str) -> Result:
    return CliRunner().invoke(compare, [*options, "--lang", "en"])


@pytest.mark.parametrize(
    ("interval", "expected"),
    [("fay-feuer", (92.3045, 80.4417, 105.7633)), ("dobson", (92.3045, 80.3292, 105.1872))],
)
def test_directly_standardised_rate(interval: str, expected: tuple[float, ...]) -> None:
    found = direct(STRATA, interval)  # type: ignore[arg-type]
    assert [100_000 * value for value in (found.value, found.lower, found.upper)] == pytest.approx(expected, abs=0.0001)
    assert found.interval == interval


def test_byar_and_exact_limits() -> None:
    assert byar(65) == pytest.approx((50.163188, 82.849139), abs=0.000001)
    assert byar(0)[0] == exact_poisson(0)[0] == 0
    assert exact_poisson(0)[1] == pytest.approx(-log(0.025))


@pytest.mark.parametrize(
    ("observed", "expected", "interval"),
    [(9, (0.010767, 0.004923, 0.020439), "exact"), (91, (0.108867, 0.087650, 0.133666), "byar")],
)
def test_indirectly_standardised_ratio(observed: int, expected: tuple[float, ...], interval: str) -> None:
    found = indirect(observed, 835.883561)
    assert (found.value, found.lower, found.upper) == pytest.approx(expected, abs=0.000001)
    assert found.interval == interval


def test_no_events_and_no_people() -> None:
    none = [Stratum(0, stratum.population, stratum.standard) for stratum in STRATA]
    assert direct(none).lower == 0
    with pytest.raises(ValueError, match="at least one event"):
        direct(none, "dobson")
    with pytest.raises(ValueError, match="population"):
        direct([Stratum(0, 0, 1)])
    with pytest.raises(ValueError, match="expected"):
        indirect(3, 0)


def test_overdispersion_by_hand() -> None:
    """Two units at 9/16 and 25/16 of 16 expected: z is -2 and 2; Winsorising by a tenth brings them to -1.6 and 1.6."""
    spread = dispersion([(9, 16), (25, 16)])
    assert spread.phi == pytest.approx(1.6**2)
    assert spread.tau2 == pytest.approx((2 * 1.6**2 - 1) / (128 - (64**2 + 64**2) / 128))
    assert dispersion([(16, 16)] * 5).tau2 == 0


def test_the_log_scale_leaves_the_outer_units_out() -> None:
    units = [(float(observed), 100.0) for observed in (10, 80, 90, 100, 105, 110, 112, 120, 130, 700)]
    spread = dispersion(units, "log")
    kept = [sqrt(100) * log(observed / 100) for observed, _ in units[1:-1]]
    assert spread.units == len(kept)
    assert spread.phi == pytest.approx(sum(z * z for z in kept) / len(kept))


def test_quantiles_are_those_of_type_7() -> None:
    assert quantile([1, 2, 4, 8], 0.1) == pytest.approx(1.3)
    assert quantile([5], 0.9) == 5


def test_limits_widen_with_dispersion_and_place_units() -> None:
    assert limits(20, 0.95) == pytest.approx((0.610826, 1.544419), abs=0.000001)
    spread = Dispersion(2, 0.04, "sqrt", 20)
    assert limits(1e9, 0.95, spread) == pytest.approx(((1 - 1.959964 * 0.2) ** 2, (1 + 1.959964 * 0.2) ** 2), abs=1e-5)
    assert placed(400, 300) == "above 99.8"
    assert placed(400, 300, spread) == "within"
    assert placed(6, 15) == "below 95"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [["A", "0-64", 10, 1000], ["A", "65-", 40, 500], ["B", "0-64", 30, 2000], ["B", "65-", 20, 400]]
    return table(tmp_path / "data.csv", "unit;age;died;people", rows)


def read(told: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(told), delimiter="\t"))


def test_expected_events_come_from_all_units_together(data: Path) -> None:
    done = run("indirect", "--data", str(data), "--by", "unit", "--observed", "died", "--population", "people",
               "--strata", "age")  # fmt: skip
    rows = read(done.stdout)
    due = 1000 * 40 / 3000 + 500 * 60 / 900
    assert [row["unit"] for row in rows] == ["A", "B"]
    assert float(rows[0]["expected"]) == pytest.approx(due)
    assert sum(float(row["expected"]) for row in rows) == pytest.approx(100)
    assert float(rows[0]["value"]) == pytest.approx(50 / due)


def test_direct_rates_from_a_file_with_a_decimal_comma(data: Path) -> None:
    standard = table(data.parent / "standard.csv", "age;standard", [["0-64", "0,75"], ["65-", "0,25"]])
    done = run("direct", "--data", str(data), "--by", "unit", "--events", "died", "--population", "people",
               "--strata", "age", "--standard", str(standard), "--per", "1000")  # fmt: skip
    rows = read(done.stdout)
    assert float(rows[0]["value"]) == pytest.approx(1000 * (0.75 * 10 / 1000 + 0.25 * 40 / 500))
    assert {row["interval"] for row in rows} == {"fay-feuer"}


def test_a_funnel_is_a_table_and_a_figure(data: Path) -> None:
    paths = {ending: data.parent / f"funnel.{ending}" for ending in ("json", "csv", "svg")}
    outputs = [part for path in paths.values() for part in ("--output", str(path))]
    done = run("funnel", "--data", str(data), "--by", "unit", "--observed", "died", "--population", "people",
               "--strata", "age", *outputs)  # fmt: skip
    assert done.exit_code == 0, done.stderr
    rows = json.loads(paths["json"].read_text(encoding="utf-8"))
    assert {"lower_95", "upper_99.8", "place", "phi", "tau2"} < set(rows[0])
    assert "A: " in " ".join(ET.parse(paths["svg"]).getroot().itertext())


def test_a_difference_of_shares() -> None:
    rows = read(run("difference", "56/70", "48/80").stdout)
    assert [float(rows[2][name]) for name in ("value", "lower", "upper")] == pytest.approx(
        (0.2, 0.0524, 0.3339), abs=5e-5
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("difference", "70/56", "1/2"), "write a share"),
        (("indirect", "--by", "unit", "--observed", "age", "--expected", "people"), "row 2, 3, 4, 5"),
        (("indirect", "--by", "unit", "--observed", "died"), "--expected"),
        (("indirect", "--by", "unit", "--observed", "died", "--expected", "none"), "no column none"),
    ],
)
def test_what_cannot_be_compared_is_said(data: Path, options: tuple[str, ...], told: str) -> None:
    more = () if options[0] == "difference" else ("--data", str(data))
    done = run(*options, *more)
    assert (done.exit_code, done.stdout) == (1, "")
    assert told in done.stderr
