"""The commands `registergraf compare …`: standardised rates, ratios, funnels and differences of shares."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from loader.commands import lang_option
from loader.model.findings import Language
from server.registerservice.comparing.aggregates import sums
from server.registerservice.comparing.casemix_command import case_mix
from server.registerservice.comparing.funnel_figure import funnel_svg
from server.registerservice.messages import StopError
from server.registerservice.output.tabletext import table_of
from server.registerservice.output.writing import put
from server.registerservice.statistics.funnel import LEVELS, Dispersion, Scale, dispersion, limits, placed
from server.registerservice.statistics.intervals import newcombe, wilson
from server.registerservice.statistics.rates import Estimate, Interval, Stratum, direct, indirect

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_OUTPUT = click.Path(path_type=Path, dir_okay=False)
_DATA = (
    click.option("--data", type=_FILE, required=True, help="Counts, CSV or Parquet; rows of one unit are added up."),
    click.option("--by", "unit", required=True, help="The column of the units that are compared."),
    click.option("--output", type=_OUTPUT, multiple=True, help="File to write: .json or .csv, for a funnel also .svg."),
    click.option("--encoding", help="Encoding of the file, if not UTF-8."),
)

Rows = list[dict[str, Any]]


def _data(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_DATA):
        command = option(command)
    return lang_option(command)


@click.group()
def compare() -> None:
    """Compare units fairly: standardised rates and ratios, funnel limits, differences of shares.

    The counts that are given are published as they are: hide small ones before.
    """


compare.add_command(case_mix)


@compare.command("direct")
@_data
@click.option("--events", required=True, help="The column of events.")
@click.option("--population", required=True, help="The column of people, or person-time.")
@click.option("--strata", required=True, help="The columns of the strata: age,sex.")
@click.option("--standard", type=_FILE, help="Strata and `standard`; without it, all units together.")
@click.option("--interval", type=click.Choice(["fay-feuer", "dobson"]), default="fay-feuer", show_default=True)
@click.option("--per", type=click.FloatRange(min=0, min_open=True), default=100_000, show_default=True)
def _direct(lang: Language, unit: str, events: str, population: str, strata: str, **given: Any) -> None:
    """Directly standardised rates: what a standard population would have at each unit's rates."""
    names = tuple(strata.split(","))

    def work() -> Rows:
        counts = sums(given["data"], (unit, *names), (events, population), given["encoding"])
        standard = _standard(given["standard"], names, counts, given["encoding"])
        units = sorted({key[0] for key in counts})
        return [
            {"unit": name, **_estimate(_rate(counts, standard, name, given["interval"]), given["per"])}
            for name in units
        ]

    _say(work, given["output"], lang)


def _standard(
    path: Path | None, names: tuple[str, ...], counts: dict[tuple[str, ...], tuple[float, ...]], encoding: str | None
) -> dict[tuple[str, ...], float]:
    if path is not None:
        return {key: values[0] for key, values in sums(path, names, ("standard",), encoding).items()}
    found: dict[tuple[str, ...], float] = {}
    for key, values in counts.items():
        found[key[1:]] = found.get(key[1:], 0) + values[1]
    return found


def _rate(
    counts: dict[tuple[str, ...], tuple[float, ...]],
    standard: dict[tuple[str, ...], float],
    unit: str,
    interval: Interval,
) -> Estimate:
    strata = []
    for key, size in standard.items():
        seen, people = counts.get((unit, *key), (0.0, 0.0))
        strata.append(Stratum(seen, people, size))
    return direct(strata, interval)


@compare.command("indirect")
@_data
@click.option("--observed", required=True, help="The column of observed events.")
@click.option("--expected", help="The column of expected events; without it, --population and --strata.")
@click.option("--population", help="The column of people, when the expected events are to be worked out.")
@click.option("--strata", help="The columns of the strata: age,sex.")
def _indirect(lang: Language, observed: str, **given: Any) -> None:
    """Observed over expected events; expected at the rates of all units together where no column has them."""

    def work() -> Rows:
        units = _units(observed, given)
        return [
            {"unit": name, "observed": seen, "expected": due, **_estimate(indirect(seen, due), 1)}
            for name, seen, due in units
        ]

    _say(work, given["output"], lang)


@compare.command("funnel")
@_data
@click.option("--observed", required=True, help="The column of observed events.")
@click.option("--expected", help="The column of expected events; without it, --population and --strata.")
@click.option("--population", help="The column of people, when the expected events are to be worked out.")
@click.option("--strata", help="The columns of the strata: age,sex.")
@click.option("--scale", type=click.Choice(["sqrt", "log"]), default="sqrt", show_default=True)
@click.option("--no-overdispersion", is_flag=True, help="Poisson limits alone.")
def _funnel(lang: Language, observed: str, scale: Scale, no_overdispersion: bool, **given: Any) -> None:
    """Funnel limits at 95 and 99.8 %, widened for how much units vary anyhow."""
    drawn: list[str] = []

    def work() -> Rows:
        units = _units(observed, given)
        spread = None if no_overdispersion else dispersion([(seen, due) for _, seen, due in units], scale)
        title = {"sv": "Observerat mot förväntat", "en": "Observed against expected"}[lang]
        axes = {"sv": ("Förväntat antal", "Kvot"), "en": ("Expected events", "Ratio")}[lang]
        drawn.append(funnel_svg(units, spread, title, axes))
        return [_placed(name, seen, due, spread) for name, seen, due in units]

    _say(work, given["output"], lang, drawn)


def _units(observed: str, given: dict[str, Any]) -> list[tuple[str, float, float]]:
    """Unit, observed and expected; the expected from a column, or from the rates of all units together."""
    path, unit, encoding = given["data"], given["unit"], given["encoding"]
    if given["expected"]:
        found = sums(path, (unit,), (observed, given["expected"]), encoding)
        return [(key[0], seen, due) for key, (seen, due) in found.items()]
    if not given["population"] or not given["strata"]:
        raise StopError(
            "Ge --expected, eller --population och --strata.", "Give --expected, or --population and --strata."
        )
    names = tuple(given["strata"].split(","))
    rates = {
        key: seen / people if people else 0.0
        for key, (seen, people) in sums(path, names, (observed, given["population"]), encoding).items()
    }
    units: dict[str, list[float]] = {}
    for (name, *key), (seen, people) in sums(path, (unit, *names), (observed, given["population"]), encoding).items():
        total = units.setdefault(name, [0.0, 0.0])
        total[0] += seen
        total[1] += people * rates[tuple(key)]
    return [(name, seen, due) for name, (seen, due) in units.items()]


def _placed(name: str, seen: float, due: float, spread: Dispersion | None) -> dict[str, Any]:
    row: dict[str, Any] = {"unit": name, "observed": seen, "expected": due, "ratio": seen / due}
    for level in LEVELS:
        row[f"lower_{100 * level:g}"], row[f"upper_{100 * level:g}"] = limits(due, level, spread)
    row["place"] = placed(seen, due, spread)
    row["phi"], row["tau2"] = (spread.phi, spread.tau2) if spread is not None else (None, None)
    return row


@compare.command("difference")
@click.argument("first")
@click.argument("second")
@lang_option
def _difference(first: str, second: str, lang: Language) -> None:
    """The difference of two shares, as 56/70 48/80, with Newcombe's interval, and Wilson's of each."""

    def work() -> Rows:
        pairs = [_pair(text) for text in (first, second)]
        value, lower, upper = newcombe(pairs[0], pairs[1])
        shares = [
            {"what": f"{found}/{of}", "value": found / of, "lower": ends[0], "upper": ends[1], "interval": "wilson"}
            for (found, of), ends in zip(pairs, (wilson(*pair) for pair in pairs), strict=True)
        ]
        return [*shares, {"what": "difference", "value": value, "lower": lower, "upper": upper, "interval": "newcombe"}]

    _say(work, (), lang)


def _pair(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,12})/(\d{1,12})", text)
    if match is None or not 0 <= int(match[1]) <= int(match[2]) or int(match[2]) == 0:
        raise StopError(f"{text}: skriv en andel som 56/70.", f"{text}: write a share as 56/70.")
    return int(match[1]), int(match[2])


def _estimate(found: Estimate, per: float) -> dict[str, Any]:
    limits_of = {"value": found.value * per, "lower": found.lower * per, "upper": found.upper * per}
    return {**limits_of, "interval": found.interval}


def _say(work: Callable[[], Rows], outputs: Sequence[Path], lang: Language, drawn: Sequence[str] = ()) -> None:
    """Work, print a table, write the files; exit code 1 when the input does not allow it."""
    try:
        rows = work()
        put({path: _rendered(path, rows, drawn) for path in outputs})
    except StopError as error:
        click.echo(error.said.text(lang), err=True)
        raise SystemExit(1) from None
    except ValueError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
    click.echo(table_of(rows, "\t"), nl=False)


def _rendered(path: Path, rows: Rows, drawn: Sequence[str]) -> bytes:
    if path.suffix == ".json":
        return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
    if path.suffix == ".csv":
        return table_of(rows, ",").encode()
    if path.suffix == ".svg" and drawn:
        return (drawn[0] + "\n").encode()
    raise StopError(f"{path.name}: skriv .json eller .csv.", f"{path.name}: write .json or .csv.")
