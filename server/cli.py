"""The command `registergraf`: serve, query and manage releases; the loader's commands are mounted beside them."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import click

from loader.release.manifest import ReleaseError, current_release
from server.settings import Settings, SettingsError, load_settings

# Where the commands are, by module and name; `build` is the server's, for the loader's own knows no submissions.
COMMANDS = {
    "account": "server.handing_in.accounts.commands:account",
    "ask": "server.asking.command:ask",
    "audit": "server.handing_in.accounts.commands:audit",
    "backup": "server.handing_in.state.commands:backup",
    "build": "server.operations.release_commands:build",
    "check": "loader.check_commands:check_files",
    "check-law": "loader.law.command:check_law",
    "compare": "server.registerservice.comparing.compare_command:compare",
    "coverage": "server.registerservice.command:coverage",
    "doctor": "server.operations.doctor_command:doctor",
    "explain": "loader.commands:explain",
    "export": "server.exports.commands:export_profile",
    "figure": "server.pages.figures.commands:figure",
    "import": "loader.imports.commands:importing",
    "mappings": "loader.mappings.commands:mappings",
    "plan": "server.pages.plans.commands:plan",
    "mcp": "server.mcp.command:mcp",
    "publish": "server.operations.publish:publish",
    "query": "server.query.command:query",
    "release": "server.operations.release_commands:release",
    "restore": "server.handing_in.state.commands:restore",
    "state": "server.handing_in.state.commands:state",
    "submission": "server.handing_in.submissions.commands:submission",
    "synthesize": "server.registerservice.people.population_command:synthesize",
    "template": "loader.check_commands:template",
}


class Commands(click.Group):
    """Imports a command's module when it is asked for: `serve` is to be ready soon, and needs none of the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name, sorted."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None."""
        return _imported(cmd_name) if cmd_name in COMMANDS else super().get_command(ctx, cmd_name)


def _imported(name: str) -> click.Command:
    module, _, attribute = COMMANDS[name].partition(":")
    command: click.Command = getattr(import_module(module), attribute)
    return command


@click.group(cls=Commands)
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
    """Serve the current release; builds one first when there is none.

    Releases lie in the folder REGISTERGRAF_RELEASES (data/release), accounts and what is handed in in
    REGISTERGRAF_STATE (data/state): the same for every command, see docs/settings.md.
    """
    from server.operations.serve import serve as run

    given = {"host": host, "port": port, "engine": engine}
    overrides = {name: value for name, value in given.items() if value is not None}
    _ensure_release(settings)
    try:
        code = run(replace(settings, **overrides), overrides)  # type: ignore[arg-type]
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    raise SystemExit(code)


def _ensure_release(settings: Settings) -> None:
    """Build when there is no release; one that is damaged is never built over unasked."""
    if not (settings.releases / "current").exists():
        _build(settings)
    try:
        current_release(settings.releases)
    except ReleaseError as error:
        click.echo(f"registergraf: {error} Or go back: registergraf release rollback.", err=True)
        raise SystemExit(1) from error


def _build(settings: Settings) -> None:
    """Build into the release folder; a build that fails ends the program with its own exit code."""
    try:
        _imported("build").main([], prog_name="registergraf build", obj=settings)
    except SystemExit as end:
        if end.code:
            raise
