"""The commands `registergraf import …`: lists of others, read by what the current release knows."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click
from pyoxigraph import QuerySolutions, RdfFormat, Store

from loader.commands import output_option
from loader.errors import LoaderError
from loader.imports.codebook_command import codebook
from loader.imports.codes_command import codes
from loader.imports.kolada import KoladaError, citations, read_kpis
from loader.imports.names import Names
from loader.release.manifest import Release, current_release

COLUMNS = ("kpi", "register", "role", "confidence", "evidence")
_NAMES = """
PREFIX rg: <https://w3id.org/registergraf/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?register ?name WHERE {
  { ?register a rg:DataCollection ; skos:prefLabel|skos:altLabel|rg:shortName ?name }
  UNION { ?printed rg:nameOf ?register ; rg:printedAs ?name }
  FILTER(LANG(?name) != "en")
}"""


@click.group("import")
def importing() -> None:
    """Read lists of others into statements about what the graph knows."""


importing.add_command(codebook)
importing.add_command(codes)


@importing.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@output_option
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="A file; without it, standard output.")
def kolada(path: Path, output: Path, to: Path | None) -> None:
    """Tell which registers Kolada’s key indicators name, and as what (source, component, target-setter, guess), as CSV.

    PATH is the list as CSV, an answer of Kolada's API as JSON, or a folder of either. Nothing is fetched.
    Exit code 0 when all was read, 2 when a file is no such list (it is named with the place) or there is no release.
    """
    try:
        found = list(citations(read_kpis(path), Names(known_names(current_release(output)))))
    except (KoladaError, LoaderError, OSError, UnicodeDecodeError) as error:
        click.echo(f"registergraf: {error}", err=True)
        raise SystemExit(2) from error
    with to.open("w", encoding="utf-8", newline="") if to else sys.stdout as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([getattr(item, column) for column in COLUMNS] for item in found)


def known_names(release: Release) -> list[tuple[str, str]]:
    """Every Swedish name of a register in a release, with the register's key."""
    store = Store()
    store.bulk_load(path=str(release.graph), format=RdfFormat.N_QUADS)
    rows = store.query(_NAMES, use_default_graph_as_union=True)
    if not isinstance(rows, QuerySolutions):
        raise TypeError("the query for names is a SELECT")
    return [(row["register"].value.rpartition("/")[2], row["name"].value) for row in rows]
