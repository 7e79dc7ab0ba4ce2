"""The command `registergraf coverage`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from loader.commands import lang_option
from loader.model.findings import Language
from server.registerservice.coverage.run import Rules, measure
from server.registerservice.disclosure.budget import Progress
from server.registerservice.messages import StopError
from server.registerservice.output.measurement import about
from server.registerservice.output.outputs import check_endings, render_all
from server.registerservice.output.summary import summary
from server.registerservice.output.writing import ended_cleanly, put
from server.registerservice.reading.dates import parse_days, parse_period
from server.registerservice.reading.identity import LOCAL
from server.registerservice.reading.question import Columns, Dimension, People, Question, Reading
from server.registerservice.reading.session import MEMORY
from server.registerservice.reading.sides import MOST_FINDINGS, Loaded
from server.registerservice.reading.tablefile import known_encoding

_FINDING, _USAGE = 1, 2
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)

_FILES = (
    click.option("--register", type=_FILE, required=True, help="The register's rows, CSV or Parquet."),
    click.option("--reference", type=_FILE, required=True, help="The reference's rows, CSV or Parquet."),
    click.option("--codes", type=_FILE, help="CSV of side, columns, system, prefix: which rows are cases."),
    click.option("--number-changes", type=_FILE, help="CSV of old, new, date: changed identity numbers."),
    click.option("--reused", type=_FILE, help="CSV of number and, if known, date: numbers with two holders."),
    click.option("--leave-out", "--opt-out", type=_FILE, multiple=True, help="CSV of numbers of people left out."),
    click.option("--residents", type=_FILE, help="CSV of number, from, to, died; with --at."),
    click.option("--eligible", type=_FILE, help="CSV of unit: units that could take part; gives the anslutningsgrad."),
    click.option("--reserve", type=_FILE, help="CSV of issuer, pattern: more local reserve numbers."),
    click.option("--with", "earlier", type=_FILE, multiple=True, help="An earlier result in JSON to audit beside."),
    click.option("--output", type=click.Path(path_type=Path, dir_okay=False), multiple=True,
                 help="File to write; .json, .csv, .xlsx, .ttl, .svg or .html. May be given several times."),
)  # fmt: skip
_ASKED = (
    click.option("--key", required=True, help="The identity number's column; pnr=PersonNr names it on each side."),
    click.option("--date", "day", help="The date's column; opdatum=INDATUM..UTDATUM for an interval."),
    click.option("--window", default="0d", show_default=True, help="Days that may lie between the dates."),
    click.option("--unit", help="A column that must be equal too."),
    click.option("--period", help="2024, 2024-03 or 2024-01-01..2024-12-31: which rows are counted."),
    click.option(
        "--by", multiple=True, help="Break down by unit,year (unit=a=b names columns); again for a table apart."
    ),
    click.option("--count", type=click.Choice(["persons", "events"]), required=True, help="What is counted."),
    click.option(
        "--washout", help="Days without an earlier row of the person, or `first` for the first contact alone."
    ),
    click.option("--at", help="The day at which people must be resident and alive."),
)
_MANNER = (
    click.option("--about", help="Key of the register that is measured, to hand in a .ttl."),
    click.option("--stated-by", help="Key of the agent who answers for it, with --about."),
    click.option("--reasons", is_flag=True, help="Give the reasons for every place, not for the whole alone."),
    click.option("--encoding", help="Encoding of the files, if not UTF-8."),
    click.option("--date-format", help="Form of the dates, as %d/%m/%Y, if not 2024-03-01 or 20240301."),
    click.option("--skip-bad", is_flag=True, help="Leave bad rows out; otherwise they count, with their reason."),
    click.option(
        "--threshold",
        type=click.IntRange(1, 100),
        default=5,
        show_default=True,
        help="Counts below it are hidden; 1 hides none.",
    ),
    click.option("--no-intervals", is_flag=True, help="Leave the confidence intervals out."),
    click.option(
        "--audit-budget", default="10m", show_default=True, help="Time for the disclosure audit: 90s, 10m, 2h."
    ),
    click.option("--memory", default=MEMORY, show_default=True, help="Memory that may be used; nothing is spilled."),
)


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed((*_FILES, *_ASKED, *_MANNER)):
        command = option(command)
    return command


@click.command()
@_options
@lang_option
def coverage(lang: Language, **given: Any) -> None:
    """How much of a register is found in a reference, and the reverse, with disclosure control.

    Exit code 0 when a result is given, 1 when it cannot be or is refused, 2 when the question is not understood.
    """
    try:
        question, rules = _question(given), _rules(given)
        subject = about(given["about"], given["stated_by"])
        check_endings(given["output"])
    except StopError as error:
        _end(error, lang, _USAGE)
        raise
    try:
        with ended_cleanly():
            result, loaded = measure(question, rules, _progress(lang))
            _tell(loaded, lang)
            put(render_all(result, given["output"], lang, subject))
    except StopError as error:
        _end(error, lang, _FINDING)
        raise
    click.echo(summary(result, lang))


def _tell(loaded: Loaded, lang: Language) -> None:
    """Findings go to standard error alone: a row's number is for those who hold the file."""
    for finding in loaded.findings:
        click.echo(finding.text(lang), err=True)
    for side, number in loaded.bad.items():
        if number:
            words = {
                "sv": f"{side}: {number} rader med fel, av vilka högst {MOST_FINDINGS} visas",
                "en": f"{side}: {number} bad rows, of which at most {MOST_FINDINGS} are shown",
            }
            click.echo(words[lang], err=True)


def _progress(lang: Language) -> Progress:
    """Says how far the audit of a large table is, on standard error."""

    def tell(rounds: int, done: int, of: int) -> None:
        words = {
            "sv": f"Röjandekontroll, omgång {rounds}: {done} av {of} dolda antal.",
            "en": f"Disclosure audit, round {rounds}: {done} of {of} hidden counts.",
        }
        click.echo(words[lang], err=True)

    return tell


def _end(error: StopError, lang: Language, code: int) -> None:
    click.echo(error.said.text(lang), err=True)
    raise SystemExit(code) from None


def _rules(given: Mapping[str, Any]) -> Rules:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?[KMG]i?B", given["memory"]):
        raise StopError("Minne skrivs som 4GB.", "Memory is written as 4GB.")
    budget = re.fullmatch(r"([0-9]{1,6})([smh])", given["audit_budget"])
    if budget is None:
        raise StopError("Tiden för röjandekontrollen skrivs som 10m.", "The time for the audit is written as 10m.")
    seconds = int(budget[1]) * {"s": 1, "m": 60, "h": 3600}[budget[2]]
    return Rules(
        given["threshold"], not given["no_intervals"], given["earlier"], given["memory"], seconds, given["eligible"]
    )


def _question(given: Mapping[str, Any]) -> Question:
    known_encoding(given["encoding"] or "utf-8")
    day = _columns(given["day"])
    period = _parsed(parse_period, given["period"], "--period")
    if (period is not None or given["washout"]) and day is None:
        raise StopError("Perioden och tvättiden behöver --date.", "Period and washout need --date.")
    return Question(
        register=given["register"],
        reference=given["reference"],
        key=Columns.parse(given["key"]),
        count=given["count"],
        date=day,
        window=_parsed(parse_days, given["window"], "--window"),
        unit=_columns(given["unit"]),
        by=tuple(tuple(Dimension.parse(part) for part in table.split(",")) for table in given["by"]),
        codes=given["codes"],
        period=period,
        washout=-1 if given["washout"] == "first" else _parsed(parse_days, given["washout"], "--washout"),
        people=_people(given),
        reasons_by_cell=given["reasons"],
        reading=Reading(given["encoding"], given["date_format"], given["skip_bad"]),
    )


def _people(given: Mapping[str, Any]) -> People:
    at = _parsed(date.fromisoformat, given["at"], "--at")
    if given["residents"] is not None and at is None:
        raise StopError("Ge dagen för bosättningen: --at.", "Give the day of residence: --at.")
    return People(
        given["number_changes"], given["reused"], given["leave_out"], given["residents"], at, _reserve(given["reserve"])
    )


def _reserve(path: Path | None) -> dict[str, str]:
    """Issuers and patterns of local reserve numbers."""
    patterns = dict(LOCAL)
    for line in path.read_text(encoding="utf-8-sig").splitlines()[1:] if path is not None else []:
        issuer, _, pattern = line.partition(";" if ";" in line else ",")
        if issuer.strip() and pattern.strip():
            patterns[issuer.strip()] = pattern.strip().strip('"')
    return patterns


def _columns(text: str | None) -> Columns | None:
    return Columns.parse(text) if text else None


def _parsed(parse: Callable[[str], Any], text: str | None, option: str) -> Any:
    if not text:
        return None
    try:
        return parse(text)
    except ValueError:
        raise StopError(f"{option}: går inte att läsa.", f"{option}: cannot be read.") from None
