"""The commands about submitted metadata: check and template; the program's group mounts them."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from loader.check import CheckOptions, CheckResult, Upload, check
from loader.commands import RELEASES, lang_option
from loader.errors import LoaderError
from loader.intake.limits import DEFAULT_LIMITS
from loader.intake.sheets.mapping import mapping_of, read_mapping, to_json
from loader.intake.world.context import Context, read_context
from loader.model.findings import Language
from loader.model.nearest import nearest
from loader.release.manifest import current_release
from loader.report.formats import REPORTS
from loader.report.model import Report
from loader.template.model import Template, make_template
from loader.template.tables import csv_template
from loader.template.workbook import workbook_template

CONFORMS, BLOCKED, UNREADABLE = 0, 1, 2
releases_option = click.option(
    "--releases",
    type=click.Path(path_type=Path, file_okay=False),
    default=RELEASES,
    envvar="REGISTERGRAF_RELEASES",
    show_default=True,
    help="The folder of releases; the current one is looked at.",
)


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--format", "form", type=click.Choice(list(REPORTS)), default="text", show_default=True)
@click.option("--profile", default="registergraf", show_default=True, help="registergraf, or a name for --shapes.")
@click.option(
    "--shapes",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with the SHACL shapes (Turtle) of another profile, such as DCAT-AP or HealthDCAT-AP.",
)
@lang_option
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the report to a file.")
@click.option("--mapping", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="JSON: header to column.")
@click.option("--save-mapping", type=click.Path(path_type=Path, dir_okay=False), help="Remember the columns as JSON.")
@click.option(
    "--code-lists",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with code lists: icd10se.csv, kva.csv, atc_sv.csv.",
)
@click.option("--whole", is_flag=True, help="The tables are whole lists: what they lack would be removed.")
@releases_option
def check_files(  # noqa: PLR0913 - one parameter an option
    files: tuple[Path, ...],
    form: str,
    profile: str,
    shapes: Path | None,
    lang: Language,
    output: Path | None,
    mapping: Path | None,
    save_mapping: Path | None,
    code_lists: Path | None,
    whole: bool,
    releases: Path,
) -> None:
    """Check FILES that are to be submitted together: workbooks, delimited text, RDF.

    Exit code 0 when they conform, 1 when findings block them, 2 when they cannot be read.
    """
    try:
        uploads = tuple(Upload(path.name, _read(path)) for path in files)
        release = current_release(releases)
        columns = None if mapping is None else read_mapping(mapping)
        options = CheckOptions(profile, lang, columns, shapes, code_lists=code_lists, whole=whole)
        with _without_collecting():
            result = check(uploads, release=release, options=options)
    except (LoaderError, OSError, ValueError) as error:
        click.echo(f"registergraf: {error}", err=True)
        sys.exit(UNREADABLE)
    if save_mapping is not None:
        save_mapping.write_text(to_json(mapping_of(result.columns)), encoding="utf-8")
    _write(REPORTS[form].write(Report(result, uploads, profile, release.version, lang)), output)
    sys.exit(exit_code(result))


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No search for cycles meanwhile: millions of statements and cells are made, none of which leads back to itself."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def exit_code(result: CheckResult) -> int:
    """0 conforms, 1 findings that block, 2 cannot be read."""
    if not result.readable:
        return UNREADABLE
    return CONFORMS if result.conforms else BLOCKED


def _read(path: Path) -> bytes:
    """The file's bytes, one more than the limit at most: the check says what is too large."""
    with path.open("rb") as file:
        return file.read(DEFAULT_LIMITS.upload_bytes + 1)


def _write(data: bytes, output: Path | None) -> None:
    if output is not None:
        output.write_bytes(data)
        return
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


@click.command()
@click.option("--output", type=click.Path(path_type=Path), help="The workbook, or the folder of CSV files, to write.")
@click.option("--format", "form", type=click.Choice(["xlsx", "csv"]), default="xlsx", show_default=True)
@click.option("--example", is_flag=True, help="Fill in one example row a table.")
@click.option("--register", help="Fill in what the graph says of a register today: its key, name or short name.")
@lang_option
@releases_option
def template(  # noqa: PLR0913 - one parameter an option
    output: Path | None, form: str, example: bool, register: str | None, lang: Language, releases: Path
) -> None:
    """Write the template for registers, variables, indicators and coverage, with help and drop-downs.

    As CSV it is a folder of tables with CSVW metadata beside them.
    """
    try:
        context = read_context(current_release(releases))
        made = make_template(context, lang, None if register is None else known_register(context, register))
        written = write_template(made, output, form, example=example)
    except (LoaderError, OSError) as error:
        click.echo(f"registergraf: {error}", err=True)
        sys.exit(UNREADABLE)
    click.echo(str(written))


def known_register(context: Context, text: str) -> str:
    """The key of the register that a text names; LoaderError with the nearest name when there is none."""
    key = context.register_key(text)
    if key is None:
        near = nearest(text, context.registers)
        raise LoaderError(f"There is no register {text!r}" + (f"; did you mean {near!r}?" if near else "."))
    return key


def write_template(made: Template, output: Path | None, form: str, *, example: bool) -> Path:
    """Write the template and return where it is."""
    name = "registergraf-mall" if made.language == "sv" else "registergraf-template"
    name += f"-{made.register}" if made.register else ""
    if form == "xlsx":
        target = output or Path(f"{name}.xlsx")
        target.write_bytes(workbook_template(made, example=example))
        return target
    target = output or Path(name)
    target.mkdir(parents=True, exist_ok=True)
    for file, data in csv_template(made, example=example).items():
        (target / file).write_bytes(data)
    return target
