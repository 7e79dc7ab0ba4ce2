"""The commands `registergraf backup` and `registergraf restore`."""

from __future__ import annotations

from pathlib import Path

import click

from server.handing_in.state.backup import back_up
from server.handing_in.state.backup import restore as put_back
from server.handing_in.state.errors import StorageError
from server.handing_in.state.kept import open_state
from server.settings import Settings

_USAGE = 2


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.pass_obj
def backup(settings: Settings, target: Path) -> None:
    """Copy submissions, accounts and audit log into the new folder TARGET, while servers run, and verify the copy."""
    try:
        copied = back_up(open_state(settings), target)
    except StorageError as error:
        _stop(error)
        raise
    click.echo(f"{copied.submissions} submissions, {copied.files} files, audit log {copied.head}")


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.pass_obj
def restore(settings: Settings, source: Path) -> None:
    """Put the backup SOURCE into the state's folder, which must be empty; all of it is verified before."""
    try:
        copied = put_back(source, settings.state, open_state(settings).witness.file)
    except StorageError as error:
        _stop(error)
        raise
    click.echo(f"{copied.submissions} submissions, {copied.files} files, audit log {copied.head}")


def _stop(error: StorageError) -> None:
    click.echo(f"registergraf: {error}", err=True)
    raise SystemExit(_USAGE)
