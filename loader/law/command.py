"""The command check-law: the law tables held against one printed act."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from loader.commands import lang_option, sources_option
from loader.errors import LoaderError, ResourceError
from loader.graph.terms import read_terms, scheme_files
from loader.law.against import against_text, rows_on
from loader.law.printed import Act
from loader.law.rows import TABLES, LawTables, law_tables
from loader.law.shelf import read_printed
from loader.model.codes import code_lists
from loader.model.findings import Finding, Language, render
from loader.model.layout import default_layouts
from loader.resources import find_resources
from loader.tables.records import Known, read_records
from loader.tables.reportcells import group_labels
from loader.tables.sources import read_sources
from loader.tables.subjects import index_subjects

BORNE_OUT, DIFFERS, UNREADABLE = 0, 1, 2


@click.command("check-law")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--act", help="The key of the act, where the file does not give its SFS number.")
@sources_option
@lang_option
def check_law(file: Path, act: str | None, sources: Path | None, lang: Language) -> None:
    """Hold the law tables against FILE, an act as the public databases print it.

    Lists every row whose section is not there or whose words differ. Exit code 0 when the text bears out every row,
    1 when it does not, 2 when it cannot be read or is no act of the tables.
    """
    try:
        tables = _tables(sources)
        printed = read_printed(file)
        key = _key(tables, printed, act)
        findings = against_text(tables, key, printed)
    except LoaderError as error:
        click.echo(f"registergraf: {error}", err=True)
        sys.exit(UNREADABLE)
    _say(findings, (key, rows_on(tables, key)), lang)
    sys.exit(DIFFERS if findings else BORNE_OUT)


def _tables(sources: Path | None) -> LawTables:
    """The law tables alone: what they refer to elsewhere is not looked up."""
    resources = find_resources()
    layouts = default_layouts()
    codes = code_lists(read_terms(scheme_files(resources)))
    tables = [table for table in read_sources(sources or resources.sources, layouts).tables if table.name in TABLES]
    subjects = index_subjects(tables, layouts, codes, frozenset())
    return law_tables(read_records(tables, Known(layouts, codes, subjects, group_labels(codes))).records)


def _key(tables: LawTables, printed: Act, given: str | None) -> str:
    keys = {row.text("sfs_number"): row.key for row in tables.of("legal_acts")}
    key = given or keys.get(printed.sfs_number or "")
    if key is None or key not in keys.values():
        known = ", ".join(sorted(keys.values()))
        raise ResourceError(f"Which act this is cannot be told. Name it with --act: {known}")
    return key


def _say(findings: tuple[Finding, ...], counted: tuple[str, int], lang: Language) -> None:
    for finding in findings:
        click.echo(render(finding, lang))
    act, rows = counted
    words = {"sv": f"{act}: {rows} rader, {len(findings)} fel", "en": f"{act}: {rows} rows, {len(findings)} faults"}
    click.echo(words[lang])
