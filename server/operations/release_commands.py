"""The commands `registergraf release …`: build, list, findings, verify, use, rollback, diff."""

from __future__ import annotations

from pathlib import Path

import click

from loader.commands import lang_option, run_build, sources_option
from loader.model.findings import Language, render
from loader.release.difference import difference, in_words, write_lines
from loader.release.link import releases, roll_back, use_release
from loader.release.manifest import ReleaseError, current_release, open_release, read_findings
from server.handing_in.accounts.audit import Event, append
from server.handing_in.accounts.scopes import CONSOLE
from server.handing_in.state.errors import StorageError
from server.handing_in.state.kept import open_state
from server.handing_in.submissions.kept.accepted import accepted_graphs
from server.handing_in.submissions.kept.withdrawn import withdrawn_graphs
from server.settings import Settings

_FINDING, _USAGE = 1, 2


@click.group()
def release() -> None:
    """Build releases, list them, say which one answers, and compare them."""


@release.command()
@sources_option
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="The folder of releases, if another.")
@lang_option
@click.option(
    "--submissions/--no-submissions",
    default=None,
    help="Take in the accepted submissions.  [default: with the curated sources, not with other --sources]",
)
@click.pass_obj
def build(
    settings: Settings, sources: Path | None, output: Path | None, lang: Language, submissions: bool | None
) -> None:
    """Build a release from the sources and the accepted submissions: read, infer, validate, write.

    Exit code 0 when the release is written, 1 when findings block it, 2 when it cannot be built here.
    """
    wanted = sources is None if submissions is None else submissions
    try:
        state = open_state(settings)
        accepted = (*accepted_graphs(state), *withdrawn_graphs(state)) if wanted else ()
    except StorageError as error:
        _stop(str(error), _USAGE)
        raise
    try:
        run_build(sources, output or settings.releases, lang, submissions=accepted)
    except SystemExit as end:
        if not end.code and output is None:
            _enter(settings, "release-built", current_release(settings.releases).version)
        raise


@release.command("list")
@click.pass_obj
def list_releases(settings: Settings) -> None:
    """Every release in the release folder; the current one is marked with an asterisk."""
    found = releases(settings.releases)
    if not found:
        _stop(f"There is no release in {settings.releases}. Run 'registergraf build'.", _FINDING)
    for version, current in found:
        click.echo(f"{'*' if current else ' '} {version}")


@release.command()
@click.argument("version", required=False)
@lang_option
@click.pass_obj
def findings(settings: Settings, version: str | None, lang: Language) -> None:
    """What the build of VERSION (or of the current release) found remarkable, a line each, the worst first."""
    try:
        found = open_release(settings.releases / Path(version).name) if version else current_release(settings.releases)
    except ReleaseError as error:
        _stop(str(error), _USAGE)
        raise
    for finding in read_findings(found):
        click.echo(render(finding, lang))


@release.command()
@click.argument("version", required=False)
@click.pass_obj
def verify(settings: Settings, version: str | None) -> None:
    """Whether VERSION, or every release of the folder, is whole: each file as its manifest says, to the byte.

    Exit code 0 when all are whole, 1 when one is not; each that is not is named with its file.
    """
    names = [version] if version else [name for name, _ in releases(settings.releases)]
    damaged = 0
    for name in names:
        try:
            open_release(settings.releases / Path(name).name)
            click.echo(f"{name} is whole.")
        except ReleaseError as error:
            damaged += 1
            click.echo(str(error), err=True)
    if damaged or not names:
        raise SystemExit(_FINDING)


@release.command("use")
@click.argument("version")
@click.pass_obj
def use(settings: Settings, version: str) -> None:
    """Make VERSION current; running servers switch to it within a second, without losing an answer."""
    try:
        use_release(settings.releases, version)
    except ReleaseError as error:
        _stop(str(error), _USAGE)
    _enter(settings, "release-used", version)
    click.echo(f"{version} is current.")


@release.command()
@click.pass_obj
def rollback(settings: Settings) -> None:
    """Make the release current that was so before the last switch; once more to return."""
    try:
        version = roll_back(settings.releases)
    except ReleaseError as error:
        _stop(str(error), _USAGE)
        raise
    _enter(settings, "release-used", version)
    click.echo(f"{version} is current.")


@release.command()
@click.argument("old")
@click.argument("new")
@lang_option
@click.option("--statements", type=click.Path(file_okay=False, path_type=Path), help="Folder for the N-Quads.")
@click.pass_obj
def diff(settings: Settings, old: str, new: str, lang: Language, statements: Path | None) -> None:
    """What goes, changes and comes from OLD to NEW, record by record in words, those that go first."""
    try:
        before, after = (open_release(settings.releases / Path(name).name) for name in (old, new))
    except ReleaseError as error:
        _stop(str(error), _USAGE)
        raise
    for line in in_words(difference(before, after), lang):
        click.echo(line)
    if statements is not None:
        statements.mkdir(parents=True, exist_ok=True)
        write_lines(before, after, statements / "added.nq", statements / "removed.nq")


def _enter(settings: Settings, action: str, version: str) -> None:
    """Have the audit log know of the release, where there is one."""
    database = open_state(settings).database
    if not database.file.is_file():
        return
    try:
        with database.writing() as connection:
            append(connection, Event(CONSOLE, action, version, {}))
    except StorageError as error:
        click.echo(f"The audit log could not be written: {error}", err=True)


def _stop(message: str, code: int) -> None:
    click.echo(message, err=True)
    raise SystemExit(code)
