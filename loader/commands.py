"""The loader's commands: build, explain, synthesize; the program's group mounts them."""

from __future__ import annotations

import dataclasses
import locale
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from loader.errors import LoaderError
from loader.graph.accepted import AcceptedGraph
from loader.graph.descriptions import released_rules
from loader.graph.terms import read_terms, scheme_files
from loader.model import iris
from loader.model.codes import code_lists
from loader.model.findings import Language, count, count_rules, render
from loader.model.layout import default_layouts
from loader.reasoning.explain import DEPTH, Explainer, lines, show
from loader.release.build import Outcome
from loader.release.leaving import build_with_what_conforms
from loader.release.manifest import current_release
from loader.resources import find_resources
from loader.synthesize import Plan
from loader.synthesize import synthesize as make_up

RELEASES = "data/release"
SYNTHETIC = "build/synthetic"
_STAGES = ("terms", "tables", "inference", "validation", "release")


def default_language() -> Language:
    """Swedish where the locale is Swedish, English elsewhere."""
    name = locale.getlocale(locale.LC_MESSAGES)[0] or ""
    return "sv" if name.casefold().startswith(("sv", "swedish")) else "en"


def lang_option(command: Callable[..., None]) -> Callable[..., None]:
    """The option --lang: the language of findings."""
    option = click.option(
        "--lang", type=click.Choice(["sv", "en"]), default=default_language, help="Language of findings: sv or en."
    )
    return option(command)


def output_option(command: Callable[..., None]) -> Callable[..., None]:
    """The option --output: the folder of releases."""
    option = click.option(
        "--output",
        type=click.Path(path_type=Path, file_okay=False),
        default=RELEASES,
        envvar="REGISTERGRAF_RELEASES",
        show_default=True,
        help="The folder of releases.",
    )
    return option(command)


def sources_option(command: Callable[..., None]) -> Callable[..., None]:
    """The option --sources: the folder that a build reads."""
    option = click.option(
        "--sources",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        help="A folder with sources.toml and one folder per source.  [default: the curated sources]",
    )
    return option(command)


@click.command()
@sources_option
@output_option
@lang_option
def build(sources: Path | None, output: Path, lang: Language) -> None:
    """Build a release from the sources: read, infer, validate, write.

    Exit code 0 when the release is written, 1 when findings block it, 2 when it cannot be built here.
    """
    run_build(sources, output, lang)


def run_build(sources: Path | None, output: Path, lang: Language, *, submissions: Sequence[AcceptedGraph] = ()) -> None:
    """Build, say what came of it, and end the program with the exit code of the command `build`."""
    try:
        resources = find_resources()
        if sources is not None:
            resources = dataclasses.replace(resources, sources=sources)
        outcome = build_with_what_conforms(resources, output, show_stage, submissions=submissions)
    except LoaderError as error:
        click.echo(f"registergraf: {error}", err=True)
        sys.exit(2)
    blocked = outcome.release is None
    for finding in outcome.findings if blocked else ():
        click.echo(render(finding, lang), err=True)
    click.echo(summary(outcome), err=blocked)
    sys.exit(1 if blocked else 0)


@click.command()
@click.argument("statement", nargs=3, metavar="SUBJECT PREDICATE OBJECT")
@output_option
@lang_option
@click.option("--depth", type=click.IntRange(0, 50), default=DEPTH, show_default=True, help="Steps of inference shown.")
def explain(statement: tuple[str, str, str], output: Path, lang: Language, depth: int) -> None:
    """Say why the current release holds the statement SUBJECT PREDICATE OBJECT.

    IRIs in full, with a prefix (rg:, skos:), as register:riksstroke or id/register/riksstroke; literals in quotes.
    Exit code 0 when the statement is in the graph, 1 when it is not (statements near it are shown).
    """
    try:
        subject, predicate = (NamedNode(iris.expand(text)) for text in statement[:2])
        triple = Triple(subject, predicate, _object(statement[2]))
        release = current_release(output)
        store = Store()
        store.bulk_load(path=str(release.graph), format=RdfFormat.N_QUADS)
        explainer = Explainer(store, released_rules(store))
        explanation = explainer.explain(triple, depth)
    except (LoaderError, ValueError, SyntaxError) as error:
        click.echo(f"registergraf: {error}", err=True)
        sys.exit(2)
    if explanation is not None:
        click.echo("\n".join(lines(explanation, lang)))
        return
    known = {"sv": "finns inte i grafen. Närmast:", "en": "is not in the graph. Nearest:"}[lang]
    click.echo(
        "\n".join([f"{show(triple)} {known}", *(f"  {show(near)}" for near in explainer.near(triple))]), err=True
    )
    sys.exit(1)


def _object(text: str) -> NamedNode | Literal:
    """The object: an N-Triples literal when it begins with a quotation mark or digit, else an IRI."""
    if re.fullmatch(r"-?[0-9]+", text):
        return Literal(int(text))
    if text.startswith('"'):
        quads = list(parse(f"<x:s> <x:p> {text} .".encode(), format=RdfFormat.N_TRIPLES))
        value = quads[0].object
        return value if isinstance(value, Literal) else Literal(text)
    return NamedNode(iris.expand(text))


@click.command()
@click.option("--registers", type=click.IntRange(1, 10_000), required=True, help="How many registers to make up.")
@click.option("--indicators", type=click.IntRange(1, 1_000_000), required=True, help="How many indicators in all.")
@click.option("--seed", type=int, required=True, help="The same seed gives the same bytes.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=SYNTHETIC,
    show_default=True,
    help="The folder of sources to write; an older synthetic one is replaced.",
)
def synthesize(registers: int, indicators: int, seed: int, output: Path) -> None:
    """Make up an annex in the layouts of the real sources, marked as synthetic, to measure scale with.

    Build it with `registergraf build --sources DIR --output OTHER`: it never mixes with real sources or releases.
    """
    try:
        codes = code_lists(read_terms(scheme_files(find_resources())))
        made = make_up(Plan(registers, indicators, seed), codes, default_layouts(), output)
    except LoaderError as error:
        click.echo(f"registergraf: {error}", err=True)
        sys.exit(2)
    for table, rows in made.items():
        click.echo(f"{rows:>9}  {table}")
    click.echo(f"Synthetic sources in {output}")


def show_stage(stage: str) -> None:
    """One line per stage on standard error, when that is a terminal."""
    if sys.stderr.isatty():
        click.echo(f"[{_STAGES.index(stage) + 1}/{len(_STAGES)}] {stage}", err=True)


def summary(outcome: Outcome) -> str:
    """What came of a build in a few lines: statements, findings by severity and how to see them, the release's place.

    A build that is blocked also counts its findings by rule.
    """
    severities = ", ".join(f"{number} {severity}" for severity, number in count(outcome.findings).items())
    if outcome.release is None:
        rules = [f"{number:>9}  {rule}" for rule, number in count_rules(outcome.findings).items()]
        end = "No release was written; the current one is untouched."
        return "\n".join([f"Findings: {severities} (blocking)", *rules, end])
    told = f"Findings: {severities}" + (" (registergraf release findings)" if outcome.findings else "")
    size = f"{sum(outcome.graphs.values())} statements in {len(outcome.graphs)} graphs"
    return "\n".join([size, told, f"Release {outcome.release.version} in {outcome.release.directory}"])
