"""The command `registergraf doctor`."""

from __future__ import annotations

import click

from loader.commands import lang_option
from loader.model.findings import Language
from server.operations.doctor import ERROR, OK, WARNING, examine
from server.settings import Settings

_WORDS = {
    "sv": {OK: "bra", WARNING: "varning", ERROR: "fel"},
    "en": {OK: "ok", WARNING: "warning", ERROR: "error"},
}


@click.command()
@lang_option
@click.pass_obj
def doctor(settings: Settings, lang: Language) -> None:
    """Look at settings, disk, releases, kept state, rights and clock, and say what is wrong and what to do.

    Exit code 0 when nothing is wrong (warnings may be told), 1 when something is.
    """
    signs = list(examine(settings))
    for sign in signs:
        click.echo(f"{_WORDS[lang][sign.level]:<8} {sign.about}: {sign.sv if lang == 'sv' else sign.en}")
    if any(sign.level == ERROR for sign in signs):
        raise SystemExit(1)
