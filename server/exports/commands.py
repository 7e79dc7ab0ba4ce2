"""The command `registergraf export`: one profile of the current release, as a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from pyoxigraph import QuerySolutions, QueryTriples, RdfFormat, Store, Triple

from loader.release.manifest import Release, ReleaseError, current_release
from server.exports.csvw import KEY, Described, csvw_schema, variables_query
from server.exports.documents import FORMATS, written
from server.exports.operator import SettingNeededError, operator_of
from server.exports.profiles import PROFILES, export
from server.settings import Settings


@click.command("export")
@click.argument("profile", type=click.Choice([*sorted(PROFILES), "csvw"]))
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="ttl", show_default=True)
@click.option("--register", help="The key of a register: csvw is of one register.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; without it, standard output.")
@click.pass_obj
def export_profile(settings: Settings, profile: str, form: str, register: str | None, output: Path | None) -> None:
    """Write the current release as a catalogue in PROFILE, or the variables of a register as a CSVW schema (csvw).

    Exit code 0 when it is written; 2 when a setting is missing (it is named), there is no release, or no source names
    a variable of the register.
    """
    if profile == "csvw":
        _csvw(settings, register or "", output)
        return
    try:
        operator = operator_of(settings)
        release = current_release(settings.releases)
    except (SettingNeededError, ReleaseError) as error:
        click.echo(f"registergraf: {error}", err=True)
        raise SystemExit(2) from error
    store = _loaded(release)

    def construct(query: str) -> Iterator[Triple]:
        found = store.query(query, use_default_graph_as_union=True)
        return iter(found) if isinstance(found, QueryTriples) else iter(())

    _put(written(export(PROFILES[profile], construct, operator, release.version), form), output)


def _csvw(settings: Settings, key: str, output: Path | None) -> None:
    try:
        store = _loaded(current_release(settings.releases))
    except ReleaseError as error:
        click.echo(f"registergraf: {error}", err=True)
        raise SystemExit(2) from error
    text = variables_query(key) if KEY.fullmatch(key) else ""
    found = store.query(text, use_default_graph_as_union=True) if text else None
    rows = [[term.value if term else "" for term in row] for row in found] if isinstance(found, QuerySolutions) else []
    if not rows:
        click.echo(f"registergraf: no source names a variable of a register {key!r}.", err=True)
        raise SystemExit(2)
    address = f"{settings.public_url.rstrip('/')}/exports/csvw/{key}" if settings.public_url else ""
    _put(csvw_schema(key, (Described(*row) for row in rows), address), output)


def _loaded(release: Release) -> Store:
    store = Store()
    store.bulk_load(path=str(release.graph), format=RdfFormat.N_QUADS)
    return store


def _put(data: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.write_bytes(data)
