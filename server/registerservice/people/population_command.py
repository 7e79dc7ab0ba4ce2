"""The command `registergraf synthesize`: sources to measure scale with, as before, and invented people."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from loader.commands import lang_option
from loader.commands import synthesize as sources
from loader.model.findings import Language
from server.registerservice.messages import StopError
from server.registerservice.output.writing import put
from server.registerservice.people.population import WINDOW, Population, Row, make_up, truth
from server.registerservice.reading.question import DIRECTIONS

OUTPUT = "build/population"
_ASKED = (
    f"--key pnr=PersonNr --date opdatum=INDATUM..UTDATUM --window {WINDOW}d --count events --by sjukhus=SJUKHUS "
    "--by kommun=KOMMUN --number-changes number_changes.csv --reused reused.csv --leave-out leave_out.csv"
)


def _optional(parameter: click.Parameter) -> click.Parameter:
    made = copy.copy(parameter)
    made.required = False
    return made


def _synthesize(**given: Any) -> None:
    """Make up sources, unless a subcommand is asked for."""
    context = click.get_current_context()
    if context.invoked_subcommand is None:
        for parameter in sources.params:
            if parameter.required and given.get(parameter.name or "") is None:
                raise click.MissingParameter(ctx=context, param=parameter)
        context.invoke(sources, **given)


synthesize = click.Group(
    "synthesize",
    params=[_optional(parameter) for parameter in sources.params],
    callback=_synthesize,
    invoke_without_command=True,
    help=f"{sources.help}\n\n`registergraf synthesize population` makes up people instead.",
)


@synthesize.command()
@click.option("--people", type=click.IntRange(1, 5_000_000), default=10_000, show_default=True, help="How many people.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same files.")
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), default=OUTPUT, show_default=True, help="The folder."
)
@lang_option
def population(people: int, seed: int, output: Path, lang: Language) -> None:
    """Make up people, a register and a reference about them, and the truth of what can be linked.

    Nobody in them exists: the numbers are drawn by chance. Writes register.csv, reference.csv, number_changes.csv,
    reused.csv, leave_out.csv and truth.json, which says how to ask and what is then right.
    """
    made = make_up(people, seed)
    output.mkdir(parents=True, exist_ok=True)
    try:
        put({output / name: content.encode() for name, content in _files(made).items()})
    except StopError as error:
        raise click.ClickException(error.said.text(lang)) from None
    click.echo(str(output))


def _files(made: Population) -> dict[str, str]:
    register = [row for row in made.rows if row.side == "register"]
    reference = [row for row in made.rows if row.side == "reference"]
    return {
        "register.csv": _csv("pnr;opdatum;sjukhus;kommun", map(_registered, register)),
        "reference.csv": _csv("PersonNr;INDATUM;UTDATUM;SJUKHUS;KOMMUN", map(_referred, reference)),
        "number_changes.csv": _csv("old;new;date", made.changes),
        "reused.csv": _csv("number;date", made.reused),
        "leave_out.csv": _csv("number", [[number] for number in made.left_out]),
        "truth.json": json.dumps(_truth(made), ensure_ascii=False, indent=1) + "\n",
    }


def _registered(row: Row) -> list[str]:
    return [row.number, row.begin, row.unit, row.municipality]


def _referred(row: Row) -> list[str]:
    return [row.number, row.begin, row.end, row.unit, row.municipality]


def _csv(header: str, rows: Iterable[Sequence[str]]) -> str:
    return "\n".join([header, *(";".join(row) for row in rows)]) + "\n"


def _truth(made: Population) -> dict[str, Any]:
    """What a coverage run gives before suppression, in the shape of its result."""
    measurements = []
    for name, field in ((None, None), ("sjukhus", "unit"), ("kommun", "municipality")):
        for side, place, found, of, _ in truth(made, field):
            by = {name: place} if name else {}
            measurements.append({"direction": DIRECTIONS[side], "by": by, "found": found, "of": of})
    unmatched: list[dict[str, Any]] = [
        {"direction": DIRECTIONS[side], "by": {}, "reason": reason, "count": number}
        for side, _, _, _, reasons in truth(made)
        for reason, number in sorted(reasons.items())
    ]
    return {"asked": _ASKED, "measurements": measurements, "unmatched": unmatched}
