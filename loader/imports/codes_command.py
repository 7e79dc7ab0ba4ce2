"""The command `registergraf import codes`: a code list of others as a graph that a build takes in."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from loader.commands import lang_option
from loader.errors import LoaderError
from loader.graph.terms import read_terms, scheme_files
from loader.imports.codes import About, code_quads, read_codes
from loader.model.codes import code_lists
from loader.model.findings import Language, blocks, render
from loader.release.exports import n_quads
from loader.resources import CODES_FOLDER, find_resources

_KEY = re.compile(r"[a-z][a-z0-9-]*")


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--list", "key", required=True, help="The list's key: icd-10-se, kva, atc, or one of your own.")
@click.option("--title", help="What the list is called.  [default: its key, or the classification's name]")
@click.option("--edition", help="Which edition the file holds, such as 2020.")
@click.option("--source", metavar="URL", help="Where the file is from.")
@click.option("--labels", "language", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
@click.option("--by-prefix", is_flag=True, help="Codes are below those that they begin with, as in ATC.")
@click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False), envvar=CODES_FOLDER, help="The folder of lists."
)
@lang_option
def codes(path: Path, key: str, to: Path | None, lang: Language, **said: str | bool | None) -> None:
    """Read a table of code, label and parent (CSV; `;` or tabulators will do) into a graph that builds take in.

    The folder is that of --to, or of the variable REGISTERGRAF_CODES, which a build reads, too. Exit code 0 when the
    list is written, 1 when rows are wrong (each is told at its place, and nothing is written), 2 when it cannot be.
    """
    if to is None or not _KEY.fullmatch(key):
        click.echo(f"registergraf: give --to or {CODES_FOLDER}, and a key such as icd-10-se.", err=True)
        raise SystemExit(2)
    listed = read_codes(path, by_prefix=bool(said["by_prefix"]))
    for finding in listed.findings:
        click.echo(render(finding, lang))
    if blocks(listed.findings):
        raise SystemExit(1)
    try:
        data = n_quads(code_quads(_about(key, said), listed.codes))
        to.mkdir(parents=True, exist_ok=True)
        (to / f"{key}.nq").write_bytes(data)
    except (LoaderError, OSError) as error:
        click.echo(f"registergraf: {error}", err=True)
        raise SystemExit(2) from error
    click.echo(f"{len(listed.codes)} codes in {to / f'{key}.nq'}{os.linesep}", nl=False, err=True)


def _about(key: str, said: dict[str, str | bool | None]) -> About:
    """What is said of the list; when its key is a classification that the graph names, the list leads to it."""
    known = code_lists(read_terms(scheme_files(find_resources())))["classification"].by_key.get(key)
    text = {name: str(value) if value else None for name, value in said.items()}
    return About(
        key=key,
        title=text["title"] or key.upper(),
        language=text["language"] or "sv",
        edition=text["edition"],
        source=text["source"],
        classification=known.iri if known else None,
    )
