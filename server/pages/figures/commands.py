"""The command `registergraf figure`: a figure of the current release as SVG, the same that /figures shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from loader.release.manifest import ReleaseError, current_release
from server.pages.figures.routes import FIGURES
from server.settings import Settings


@click.command()
@click.argument("name", type=click.Choice(sorted(FIGURES)))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; else standard output.")
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True, help="Language of the words.")
@click.pass_obj
def figure(settings: Settings, name: str, output: Path | None, lang: str) -> None:
    """Draw the figure NAME of the current release as SVG. Exit code 2 when there is no release."""
    from server.app import create_app
    from server.engine.opened import open_engine

    try:
        release = current_release(settings.releases)
    except ReleaseError as error:
        click.echo(f"registergraf: {error}", err=True)
        raise SystemExit(2) from error
    small = replace(settings, workers=1, queue=1, rate_per_minute=0, access_log="")
    engine = open_engine(small, release)
    try:
        data = create_app(small, engine, release).test_client().get(f"/figures/{name}.svg?lang={lang}").data
    finally:
        engine.close()
    if output is None:
        click.echo(data.decode("utf-8"))
    else:
        output.write_bytes(data)
