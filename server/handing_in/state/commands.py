"""The commands `registergraf backup` and `registergraf restore`."""

from __future__ import annotations

from pathlib import Path

import click

from server.handing_in.state.backup import back_up
from server.handing_in.state.backup import restore as put_back
from server.handing_in.state.database import Database
from server.handing_in.state.errors import StorageError
from server.handing_in.state.kept import open_state
from server.handing_in.state.orphans import sweep
from server.handing_in.state.purge import purge
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


@click.group()
def state() -> None:
    """What the state keeps."""


@state.command("purge")
@click.argument("key")
@click.option(
    "--backup",
    "backups",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A backup to strike it out of as well; repeatable.",
)
@click.pass_obj
def purge_state(settings: Settings, key: str, backups: tuple[Path, ...]) -> None:
    """Strike out of the state, and of backups, what the submission KEY brought and must not be kept.

    Its row and its entries in the audit log stay without contents; `audit verify` knows of it. This cannot be undone.
    """
    try:
        for folder in (settings.state, *backups):
            own = open_state(settings).database if folder == settings.state else Database(folder)
            struck = purge(folder, key, own)
            click.echo(f"{folder}: {struck.files} files, {len(struck.entries)} entries of the audit log struck out.")
    except StorageError as error:
        _stop(error)
        raise


@state.command("sweep")
@click.pass_obj
def sweep_state(settings: Settings) -> None:
    """Remove kept files that no submission names, as a kill can leave them; a server does so when it starts."""
    try:
        click.echo(f"{sweep(settings.state, open_state(settings).database)} files removed")
    except StorageError as error:
        _stop(error)
        raise


def _stop(error: StorageError) -> None:
    click.echo(f"registergraf: {error}", err=True)
    raise SystemExit(_USAGE)
