"""The commands `registergraf mappings …`: list what is mapped, add a mapping, review one, and tell what is doubtful."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from loader.commands import lang_option
from loader.errors import LoaderError
from loader.graph.alignments import SUFFIX, Alignment, read_alignments
from loader.mappings.judged import surroundings
from loader.mappings.table import NEGATIVE, read_table
from loader.model import iris
from loader.model.findings import Language, blocks, render
from loader.resources import find_resources

COLUMNS = ("set", "subject", "predicate", "object", "confidence", "reviewer", "review_date", "standing", "comment")


def _folder(command: Callable[..., None]) -> Callable[..., None]:
    """The option --folder: where the mapping sets are."""
    option = click.option(
        "--folder",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        help="The folder of SSSOM files.  [default: that of the ontology]",
    )
    return option(command)


@click.group()
def mappings() -> None:
    """List, add and review the mappings to other vocabularies, which are SSSOM files."""


@mappings.command("list")
@click.option("--set", "name", help="One mapping set only.")
@click.option("--guesses/--no-guesses", default=True, show_default=True, help="With what is a guess.")
@_folder
def listed(name: str | None, guesses: bool, folder: Path | None) -> None:
    """Write the mappings as CSV: who has reviewed them, and which are stated, a guess, or rejected."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item in read_alignments(_here(folder), {}).mappings:
        if (guesses or not item.guess) and name in (None, _set_of(item)):
            writer.writerow(_listed(item))


@mappings.command("check")
@_folder
@lang_option
def checked(folder: Path | None, lang: Language) -> None:
    """Tell what is doubtful: dead targets, cycles, one to many, labels far apart; and how many are guesses.

    Exit code 0 when a build would take the mappings, 1 when it would not.
    """
    found, findings = surroundings().judged(_here(folder))
    for finding in findings:
        click.echo(render(finding, lang))
    kinds = Counter(map(_standing, found.mappings))
    counted = ", ".join(f"{kinds[kind]} {kind}" for kind in ("stated", "guess", "rejected"))
    click.echo(f"{len(found.mappings)} mappings: {counted}; {len(findings)} findings.", err=True)
    if blocks(findings):
        raise SystemExit(1)


@mappings.command()
@click.argument("name", metavar="SET")
@click.argument("subject")
@click.argument("predicate")
@click.argument("object_", metavar="OBJECT")
@click.option("--object-label", required=True, help="What the object is called where it comes from.")
@click.option("--confidence", type=click.FloatRange(0, 1), required=True, help="How sure it is, 0 to 1.")
@click.option("--comment", required=True, help="What was checked, and against what.")
@click.option("--justification", default="semapv:ManualMappingCuration", show_default=True)
@_folder
def add(name: str, subject: str, predicate: str, object_: str, folder: Path | None, **said: Any) -> None:
    """Add a mapping to a SET: three CURIEs, whose prefixes the set declares. It is a guess until it is reviewed.

    Exit code 0 when it is written, 2 when it cannot be: nothing is written then.
    """
    with _Refusing():
        around = surroundings()
        table = read_table(_here(folder), name)
        row = {
            "subject_id": subject,
            "subject_label": around.label(table.expand(subject)),
            "predicate_id": predicate,
            "object_id": object_,
            "object_label": said["object_label"],
            "mapping_justification": said["justification"],
            "confidence": f"{said['confidence']:g}",
            "mapping_date": date.today().isoformat(),
            "comment": said["comment"],
        }
        around.write(table.having(row))


@mappings.command()
@click.argument("name", metavar="SET")
@click.argument("subject")
@click.argument("object_", metavar="OBJECT")
@click.option("--reviewer", required=True, help="The key of an agent: a role or an organisation, no person.")
@click.option("--confidence", type=click.FloatRange(0, 1), help="How sure it is after the review.")
@click.option("--reject", metavar="WHY", help="It does not match: move it to the negative mappings, with the reason.")
@_folder
def review(name: str, subject: str, object_: str, folder: Path | None, **said: Any) -> None:
    """Note that a mapping of a SET was reviewed today, and by whom; or reject it.

    Exit code 0 when it is written, 2 when it cannot be: nothing is written then.
    """
    with _Refusing():
        if not surroundings().knows(f"{iris.ID}agent/{said['reviewer']}"):
            raise LoaderError(
                f"{said['reviewer']} is none of the graph’s agents (agents.csv): a role or an organisation."
            )
        table = read_table(_here(folder), name)
        found = table.find(subject, object_)
        row = {**found, "reviewer_id": f"rgid:agent/{said['reviewer']}", "review_date": date.today().isoformat()}
        if said["confidence"] is not None:
            row["confidence"] = f"{said['confidence']:g}"
        if said["reject"]:
            row |= {"predicate_modifier": "Not", "comment": said["reject"]}
            rejected = read_table(_here(folder), NEGATIVE).having(row, table.prefixes)
            surroundings().write(rejected, table.without(found))
        else:
            surroundings().write(table.without(found).having(row, {"rgid": iris.ID}))


class _Refusing:
    """Tells what cannot be done and ends with 2."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, LoaderError):
            click.echo(f"registergraf: {error}", err=True)
            raise SystemExit(2) from error


def _here(folder: Path | None) -> Path:
    return folder or find_resources().alignments


def _set_of(item: Alignment) -> str:
    return (item.position.file or "").rpartition("/")[2].removesuffix(SUFFIX)


def _standing(item: Alignment) -> str:
    if item.negative:
        return "rejected"
    return "guess" if item.guess else "stated"


def _listed(item: Alignment) -> list[str | float | None]:
    ends = (iris.compact(end) for end in (item.subject, item.predicate, item.object))
    reviewer = None if item.reviewer is None else iris.compact(item.reviewer)
    said = (item.confidence, reviewer, item.note("review_date"), _standing(item), item.note("comment"))
    return [_set_of(item), *ends, *said]
