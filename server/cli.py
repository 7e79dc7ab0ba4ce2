"""The command `registergraf`: serve, query and manage releases; the loader's commands are mounted beside them."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from loader import check_commands, commands
from loader.release import ReleaseError, current_release
from server.accounts.commands import account, audit
from server.engine.interface import EngineError
from server.local_query import answer_locally
from server.problem import Problem
from server.publish import publish
from server.release_commands import build, release
from server.settings import Settings, SettingsError, load_settings
from server.state.commands import backup, restore
from server.submissions.commands import submission

_OK, _FINDING, _USAGE = 0, 1, 2


@click.group()
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="TOML file with settings.")
@click.version_option(package_name="registergraf")
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Registergraf: Sweden's quality registers for social services, as a knowledge graph."""
    if config is not None:
        os.environ["REGISTERGRAF_CONFIG"] = str(config)
    try:
        context.obj = load_settings(os.environ)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@click.option("--engine", help="URL of a SPARQL 1.1 endpoint to answer instead of the embedded engine.")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None, engine: str | None) -> None:
    """Serve the current release; builds one first when there is none."""
    from server.serve import serve as run

    given = {"host": host, "port": port, "engine": engine}
    overrides = {name: value for name, value in given.items() if value is not None}
    _ensure_release(settings)
    try:
        code = run(replace(settings, **overrides), overrides)  # type: ignore[arg-type]
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    raise SystemExit(code)


@main.command()
@click.option(
    "--format", "format_name", default="", help="json, xml, csv or tsv; turtle, ntriples, rdfxml or jsonld for graphs."
)
@click.option("--timeout", type=float, help="Seconds the query may take.")
@click.argument("file_or_text")
@click.pass_obj
def query(settings: Settings, format_name: str, timeout: float | None, file_or_text: str) -> None:
    """Ask the current release without a server: FILE_OR_TEXT is a file, `-` for standard input, or the query itself."""
    text = _query_text(file_or_text)
    try:
        for chunk in answer_locally(settings, text, format_name, timeout or settings.timeout):
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
    except Problem as problem:
        _stop(problem.en, _USAGE if problem.slug == "not-acceptable" else _FINDING)
    except EngineError as error:
        _stop(str(error), _FINDING)
    except (ReleaseError, OSError) as error:
        _stop(str(error), _USAGE)


def _ensure_release(settings: Settings) -> None:
    try:
        current_release(settings.releases)
    except ReleaseError:
        _build(settings)


def _build(settings: Settings) -> None:
    """Build into the release folder; a build that fails ends the program with its own exit code."""
    try:
        build.main([], prog_name="registergraf build", obj=settings)
    except SystemExit as end:
        if end.code:
            raise


def _query_text(file_or_text: str) -> str:
    if file_or_text == "-":
        return sys.stdin.read()
    path = Path(file_or_text)
    looks_like_file = "\n" not in file_or_text and "{" not in file_or_text
    if not looks_like_file:
        return file_or_text
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        _stop(f"{file_or_text}: {error}", _USAGE)
        raise


def _stop(message: str, code: int) -> None:
    click.echo(message, err=True)
    raise SystemExit(code)


main.add_command(account)
main.add_command(audit)
main.add_command(backup)
main.add_command(restore)
main.add_command(publish)
main.add_command(release)
main.add_command(submission)
for _command in (*vars(commands).values(), *vars(check_commands).values()):
    if isinstance(_command, click.Command):
        main.add_command(_command)
main.add_command(build)  # in the place of the loader's own, which knows no submissions
