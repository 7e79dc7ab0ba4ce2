"""The command `registergraf import codebook`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from loader.check import CheckOptions, CheckResult, Upload, check
from loader.check_commands import known_register
from loader.commands import lang_option, output_option
from loader.errors import LoaderError
from loader.imports.codebook import NEEDED, Listed, as_rows, read_listed
from loader.intake.sheets.aliases import known_tables
from loader.intake.world.context import Context, read_context
from loader.model.findings import Language, Severity
from loader.release.manifest import Release, current_release
from loader.template.model import Template, make_template
from loader.template.tables import csv_template
from loader.template.workbook import workbook_template

_LACKS = {
    "person": ("personnummer (utan det kan registret inte samköras)", "identity number (without it, no linkage)"),
    "time": ("datum", "date"),
    "care-unit": ("vårdenhet", "care unit"),
}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--register", required=True, help="Whose variables they are: a register's key, name or short name.")
@click.option("--where", multiple=True, help="Only variables of which the list says so: field=text. May be repeated.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="A file, .xlsx or .csv; else CSV is shown.")
@output_option
@lang_option
def codebook(  # noqa: PLR0913 - one parameter an option
    paths: tuple[Path, ...], register: str, where: tuple[str, ...], to: Path | None, output: Path, lang: Language
) -> None:
    """Read lists of variables (YAML, XLSX, CSV, REDCap, DDI, Frictionless) into the template, ready to hand in.

    What linkage needs and the list lacks is told. Exit code 0 when the result can be handed in, 1 when it has errors
    (they are shown, and the file is written all the same), 2 when nothing can be read.
    """
    try:
        release = current_release(output)
        context = read_context(release)
        key = known_register(context, register)
        listed = read_listed(paths, context, key, dict(_condition(text) for text in where))
        name, data = _written(_filled(context, lang, listed), to)
        result = _checked(release, name, data, lang)
    except (LoaderError, OSError, ValueError) as error:
        click.echo(f"registergraf: {error}", err=True)
        raise SystemExit(2) from error
    if to is None:
        click.echo(data.decode("utf-8-sig"), nl=False)
    else:
        to.write_bytes(data)
    _tell(listed, result, lang)
    if not result.conforms:
        raise SystemExit(1)


def _condition(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark:
        raise LoaderError(f"--where is written field=text; {text!r} has no equals sign.")
    return name, value


def _filled(context: Context, lang: Language, listed: Listed) -> Template:
    """The template with the sheet of variables alone, filled."""
    made = make_template(context, lang)
    sheet = next(sheet for sheet in made.sheets if sheet.table == "variables")
    rows = as_rows(listed, [column.layout.name for column in sheet.columns])
    return replace(made, sheets=(replace(sheet, rows=tuple(rows)),))


def _written(template: Template, to: Path | None) -> tuple[str, bytes]:
    """The name of a file and its bytes, as its ending asks for."""
    suffix = to.suffix.casefold() if to is not None else ".csv"
    if suffix == ".xlsx":
        return "variables.xlsx", workbook_template(template)
    if suffix == ".csv":
        return "variables.csv", csv_template(template)["variables.csv"]
    raise LoaderError(f"{to}: the file ends in .xlsx or .csv.")


def _checked(release: Release, name: str, data: bytes, lang: Language) -> CheckResult:
    return check([Upload(name, data)], release=release, options=CheckOptions(language=lang, today=date.today()))


def _tell(listed: Listed, result: CheckResult, lang: Language) -> None:
    """What was read, what linkage lacks, and what keeps it from being handed in, on standard error."""
    sv = lang == "sv"
    parts = (
        ("with codes", "med koder", "value_set"),
        ("with a unit", "med måttenhet", "unit"),
        ("with a period", "med giltighetstid", "holds_from"),
        ("with a concept", "med begrepp", "measures"),
    )
    told = ", ".join(f"{listed.having(column)} {swedish if sv else english}" for english, swedish, column in parts)
    words = "{} variabler: {}; {} utelämnade." if sv else "{} variables: {}; {} left out."
    click.echo(words.format(len(listed.rows), told, listed.left_out), err=True)
    if listed.kept:
        words = (
            "Listan har inte kolumnerna {}; där står det som registergrafen redan säger."
            if sv
            else ("The list does not have the columns {}; what the graph says already stands there.")
        )
        names = known_tables()["variables"].columns
        click.echo(words.format(", ".join(names[column].title(lang) for column in listed.kept)), err=True)
    if listed.lacks:
        lacking = ", ".join(_LACKS[kind][0 if sv else 1] for kind in NEEDED if kind in listed.lacks)
        click.echo(f"{'Listan saknar' if sv else 'The list lacks'}: {lacking}.", err=True)
    for finding in result.findings:
        if finding.severity is Severity.VIOLATION:
            message = finding.message.sv if sv else finding.message.en
            click.echo(f"{finding.rule}: {message} ({finding.position.line or ''} {finding.value or ''})", err=True)
