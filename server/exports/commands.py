"""The command `registergraf export`: one profile of the current release, as a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from pyoxigraph import QueryTriples, RdfFormat, Store, Triple

from loader.release.manifest import ReleaseError, current_release
from server.exports.documents import FORMATS, written
from server.exports.operator import SettingNeededError, operator_of
from server.exports.profiles import PROFILES, export
from server.settings import Settings


@click.command("export")
@click.argument("profile", type=click.Choice(sorted(PROFILES)))
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="ttl", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; without it, standard output.")
@click.pass_obj
def export_profile(settings: Settings, profile: str, form: str, output: Path | None) -> None:
    """Write the current release as a catalogue in PROFILE.

    Exit code 0 when it is written; 2 when a setting is missing (it is named) or there is no release.
    """
    try:
        operator = operator_of(settings)
        release = current_release(settings.releases)
    except (SettingNeededError, ReleaseError) as error:
        click.echo(f"registergraf: {error}", err=True)
        raise SystemExit(2) from error
    store = Store()
    store.bulk_load(path=str(release.graph), format=RdfFormat.N_QUADS)

    def construct(query: str) -> Iterator[Triple]:
        found = store.query(query, use_default_graph_as_union=True)
        return iter(found) if isinstance(found, QueryTriples) else iter(())

    data = written(export(PROFILES[profile], construct, operator, release.version), form)
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.write_bytes(data)
