"""The command `registergraf query`: the current release, asked without a server."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from loader.release.manifest import ReleaseError
from server.engine.interface import EngineError
from server.query.local_query import Said, answer_locally
from server.settings import Settings
from server.web.problem import Problem

_FINDING, _USAGE = 1, 2


@click.command()
@click.option(
    "--format", "format_name", default="", help="json, xml, csv or tsv; turtle, ntriples, rdfxml or jsonld for graphs."
)
@click.option("--timeout", type=float, help="Seconds the query may take.")
@click.argument("file_or_text")
@click.pass_obj
def query(settings: Settings, format_name: str, timeout: float | None, file_or_text: str) -> None:
    """Ask the current release without a server: FILE_OR_TEXT is a file, `-` for standard input, or the query itself."""
    text, said = _query_text(file_or_text), Said()
    try:
        for chunk in answer_locally(settings, text, format_name, timeout or settings.timeout, said):
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        if said.explanation:
            click.echo(said.explanation, err=True)
    except Problem as problem:
        _stop(problem.en, _USAGE if problem.slug == "not-acceptable" else _FINDING)
    except EngineError as error:
        _stop(str(error), _FINDING)
    except (ReleaseError, OSError) as error:
        _stop(str(error), _USAGE)


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
