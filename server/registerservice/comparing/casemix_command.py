"""The command `registergraf compare case-mix`: observed over expected events, for patients like the unit's own."""

from __future__ import annotations

import fnmatch
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from loader.commands import lang_option
from loader.model.findings import Language
from server.registerservice.messages import StopError
from server.registerservice.output.tabletext import table_of
from server.registerservice.output.writing import put
from server.registerservice.reading.session import memory_session
from server.registerservice.reading.tablefile import open_table
from server.registerservice.statistics.casemix import Fitted, fit
from server.registerservice.statistics.charlson import index
from server.registerservice.statistics.rates import indirect

_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True)
class Cases:
    """The cases of a file: unit, outcome and covariates of each, in the order of the rows."""

    units: list[str]
    outcomes: list[int]
    covariates: dict[str, list[float] | list[str]]


@click.command("case-mix")
@click.option("--data", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=True,
              help="One row a case, CSV or Parquet.")  # fmt: skip
@click.option("--by", "unit", required=True, help="The column of the units that are compared.")
@click.option("--outcome", required=True, help="The column of the outcome: 1 or 0, ja or nej.")
@click.option("--covariates", default="", help="Columns: age,sex. Texts are categories.")
@click.option("--categories", default="", help="Of these, columns of codes that are numbers but categories.")
@click.option("--charlson", help="Columns with earlier diagnoses, as HDIA,DIA*: their index joins the covariates.")
@click.option("--threshold", type=click.IntRange(1, 100), default=5, show_default=True, help="Counts below are hidden.")
@click.option("--output", type=_FILE, multiple=True, help="File to write: .json with the model, or .csv.")
@click.option("--encoding", help="Encoding of the file, if not UTF-8.")
@lang_option
def case_mix(lang: Language, data: Path, output: tuple[Path, ...], threshold: int, **given: Any) -> None:
    """Observed over expected events by unit, adjusted for who its patients are (logistic regression).

    Needs the extra `compare`. Exit code 1 when the model cannot be estimated or the file not be read.
    """
    try:
        cases = read_cases(data, given)
        fitted = fit(cases.outcomes, cases.covariates)
        rows = by_unit(cases, fitted, threshold)
        put({path: _rendered(path, rows, fitted) for path in output})
    except StopError as error:
        click.echo(error.said.text(lang), err=True)
        raise SystemExit(1) from None
    click.echo(table_of(rows, "\t"), nl=False)
    for term in fitted.terms:
        click.echo(f"{term.name}\t{term.coefficient:.6f}\t{term.error:.6f}", err=True)
    click.echo(f"AUC\t{fitted.area:.4f}", err=True)


def read_cases(path: Path, given: dict[str, Any]) -> Cases:
    """The cases of a file; stops at an outcome that is neither yes nor no, and at an empty covariate."""
    names = [name for name in given["covariates"].split(",") if name]
    categories = {name for name in given["categories"].split(",") if name}
    with memory_session() as connection:
        table = open_table(connection, path, given["encoding"])
        diagnoses = _matching(table.columns, given["charlson"]) if given["charlson"] else []
        columns = [given["unit"], given["outcome"], *names, *diagnoses]
        cells = ", ".join(table.cell(column) for column in columns)
        rows = connection.execute(f"SELECT {cells} FROM {table.relation}").fetchall()
    covariates = {
        name: _values(path, name, [row[2 + place] for row in rows], text=name in categories)
        for place, name in enumerate(names)
    }
    if diagnoses:
        covariates["charlson"] = [float(_index(row[2 + len(names) :])) for row in rows]
    if not covariates or not rows:
        raise StopError(
            "Ge --covariates eller --charlson, och en fil med rader.",
            "Give --covariates or --charlson, and a file with rows.",
        )
    units = [str(row[0] or "") for row in rows]
    return Cases(units, [_outcome(path, line, row[1]) for line, row in enumerate(rows, 2)], covariates)


def _matching(columns: tuple[str, ...], wanted: str) -> list[str]:
    patterns = wanted.casefold().split(",")
    found = [name for name in columns if any(fnmatch.fnmatch(name.casefold(), pattern) for pattern in patterns)]
    if not found:
        raise StopError(f"Ingen kolumn heter {wanted}.", f"No column is called {wanted}.")
    return found


def _index(cells: tuple[str | None, ...]) -> int:
    return index(code for cell in cells if cell for code in re.split(r"[\s,;|]+", cell)).weighted


def _outcome(path: Path, line: int, text: str | None) -> int:
    known = {"1": 1, "0": 0, "ja": 1, "nej": 0, "yes": 1, "no": 0, "true": 1, "false": 0}
    if (text or "").casefold() not in known:
        raise StopError(
            f"{path.name}, rad {line}: utfallet ska vara 1 eller 0.", f"{path.name}, row {line}: the outcome is 1 or 0."
        )
    return known[(text or "").casefold()]


def _values(path: Path, name: str, cells: list[str | None], *, text: bool) -> list[float] | list[str]:
    """The cells as numbers where all are, else as texts; an empty one stops, with its row."""
    empty = next((line for line, cell in enumerate(cells, 2) if cell is None), None)
    if empty is not None:
        raise StopError(f"{path.name}, rad {empty}: {name} är tom.", f"{path.name}, row {empty}: {name} is empty.")
    texts = [str(cell) for cell in cells]
    try:
        numbers = [float(value.replace(",", ".")) for value in texts]
    except ValueError:
        return texts
    return texts if text else numbers


def by_unit(cases: Cases, fitted: Fitted, threshold: int) -> list[dict[str, Any]]:
    """Cases, observed, expected and ratio by unit, hidden where few; never one alone, for observed meet expected."""
    sums: dict[str, list[float]] = {}
    for unit, outcome, probability in zip(cases.units, cases.outcomes, fitted.probabilities, strict=True):
        total = sums.setdefault(unit, [0, 0, 0.0])
        total[0] += 1
        total[1] += outcome
        total[2] += probability
    small = {unit for unit, (of, seen, _due) in sums.items() if any(0 < n < threshold for n in (of, seen, of - seen))}
    if len(small) == 1 and len(sums) > 1:
        small.add(min(sums.keys() - small, key=lambda unit: (sums[unit][0], unit)))
    return [_row(unit, sums[unit], hidden=unit in small) for unit in sorted(sums)]


def _row(unit: str, sums: list[float], *, hidden: bool) -> dict[str, Any]:
    names = ("cases", "observed", "expected", "ratio", "lower", "upper", "interval")
    if hidden:
        return {"unit": unit, **dict.fromkeys(names), "suppressed": True}
    found = indirect(sums[1], sums[2])
    values = (int(sums[0]), int(sums[1]), sums[2], found.value, found.lower, found.upper, found.interval)
    return {"unit": unit, **dict(zip(names, values, strict=True)), "suppressed": False}


def _rendered(path: Path, rows: list[dict[str, Any]], fitted: Fitted) -> bytes:
    if path.suffix == ".csv":
        return table_of(rows, ",").encode()
    if path.suffix == ".json":
        told = {"units": rows, "model": [asdict(term) for term in fitted.terms], "area": fitted.area}
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
    raise StopError(f"{path.name}: skriv .json eller .csv.", f"{path.name}: write .json or .csv.")
