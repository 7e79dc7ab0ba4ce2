"""The command `registergraf plan`: a plan of linkage by the current release, the same that /plan shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import click

from loader.commands import lang_option
from loader.model.findings import Language
from loader.release.manifest import Release, ReleaseError, current_release
from server.settings import Settings

FORMS = {".txt": "text", ".html": "html", ".xlsx": "xlsx", ".json": "json", ".csv": "csv"}


@click.command()
@click.option("--register", required=True, help="The register that plans: its key, name or short name.")
@click.option("--want", "route", help="What it wants: the key of a route, such as complications, adherence, coverage.")
@click.option("--concept", help="What it wants: the key of a conceptual variable, such as complication.")
@click.option("--indicator", help="The key of an indicator that it wants to compute.")
@click.option("--with", "other", help="The other register: its key, name or short name.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A .txt, .html, .xlsx or .json.")
@lang_option
@click.pass_obj
def plan(settings: Settings, /, output: Path | None, lang: Language, **asked: str | None) -> None:
    """Plan a linkage: keys on both sides, what selects the cases, what to order, send and get back.

    Each line is marked as the page's, another source's or ours. Exit code 0 when a plan is given, 2 when the question
    is not understood or there is no release.
    """
    if not any(asked[name] for name in ("route", "concept", "indicator", "other")):
        raise click.UsageError("Say what is wanted: --want, --concept, --indicator or --with.")
    form = FORMS.get(output.suffix.casefold(), "") if output is not None else "text"
    if not form:
        raise click.UsageError(f"The file ends in {', '.join(FORMS)}.")
    try:
        data = _asked(settings, current_release(settings.releases), {**asked, "format": form, "lang": lang})
    except ReleaseError as error:
        click.echo(f"registergraf: {error}", err=True)
        raise SystemExit(2) from error
    if output is None:
        click.echo(data.decode("utf-8"), nl=False)
    else:
        output.write_bytes(data)


def _asked(settings: Settings, release: Release, asked: dict[str, str | None]) -> bytes:
    """What the page answers; a question that is not understood ends the command."""
    from server.app import create_app
    from server.engine.opened import open_engine

    small = replace(settings, workers=1, queue=1, rate_per_minute=0, access_log="")
    engine = open_engine(small, release)
    asked["with"] = asked.pop("other")
    query = urlencode({name: value for name, value in asked.items() if value})
    try:
        accept = {"Accept": "text/html" if asked["format"] == "html" else "*/*"}
        response = create_app(small, engine, release).test_client().get(f"/plan?{query}", headers=accept)
    finally:
        engine.close()
    if response.status_code != 200:
        told = response.get_json(force=True, silent=True) or {}
        click.echo(f"registergraf: {told.get('detail', response.status)}", err=True)
        raise SystemExit(2)
    return bytes(response.data)
