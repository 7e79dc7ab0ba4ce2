"""Check what a register holder submits, against the shapes, the code lists and the release that it would join."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from loader.findings import NOWHERE, Finding, Language, Position, blocks, ordered
from loader.intake.columns import ColumnReading
from loader.intake.context import Context, key_of, read_context
from loader.intake.judge import Case, rule_results, shape_results, subjects_of, with_value
from loader.intake.origin import origin_triples
from loader.intake.reading import Reading, read_uploads
from loader.intake.relocate import lenient
from loader.intake.upload import Upload
from loader.iris import PREFIXES
from loader.positions import index_positions
from loader.release import Release
from loader.results import Result
from loader.triples import record_quads

__all__ = ["CheckOptions", "CheckResult", "ColumnReading", "Upload", "check"]


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What to check against: `mapping` names columns by header, `shapes` is a folder of a profile's shapes."""

    profile: str = "registergraf"
    language: Language = "sv"
    mapping: Mapping[str, str] | None = None
    shapes: Path | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found, and what would be published: `registers` are the keys of the registers that are touched.

    `readable` is False when no file could be read at all; `conforms` is False when a finding blocks. `quads` replace
    what the release says of their subjects; they name no graph.
    """

    readable: bool
    conforms: bool
    findings: tuple[Finding, ...]
    quads: tuple[pyoxigraph.Triple, ...]
    registers: frozenset[str]
    columns: tuple[ColumnReading, ...]


def check(uploads: Sequence[Upload], *, release: Release, options: CheckOptions) -> CheckResult:
    """Read the uploads and judge them within the release; ReleaseError when the release cannot be read."""
    context = read_context(release)
    reading = read_uploads(uploads, context, options.mapping or {})
    stated = tuple(dict.fromkeys(quad.triple for quad in record_quads(reading.records)))
    origins = tuple(origin_triples(reading.places.sheets.values(), uploads))
    case = Case((*stated, *origins), subjects_of(stated))
    findings = [*reading.findings, *_judged(case, context, reading)]
    found = ordered(lenient(finding) for finding in findings)
    return CheckResult(
        readable=reading.readable,
        conforms=reading.readable and not blocks(found),
        findings=found,
        quads=case.triples,
        registers=_registers(case, context),
        columns=reading.columns,
    )


def _judged(case: Case, context: Context, reading: Reading) -> Iterator[Finding]:
    """What shapes and rules find, at the cell that states it; what a cell already has a finding for is left out."""
    if not case.triples:
        return
    positions = index_positions(reading.records)
    results = [*shape_results(case, context, context.flat_shapes), *rule_results(case, context)]
    results = [result for result in results if result.path is None or not positions.was_bad(result.focus, result.path)]
    found = []
    for result in map(with_value, results):
        position = positions.locate(result.focus, result.path, result.value)
        found.append(_finding(result, position or NOWHERE))
    yield from reading.places.put_back(found)


def _finding(result: Result, position: Position) -> Finding:
    return Finding(
        rule=result.rule,
        severity=result.severity,
        message=result.message,
        position=position,
        value=result.value,
        focus=result.focus,
        path=result.path,
    )


def _registers(case: Case, context: Context) -> frozenset[str]:
    """The keys of all registers that are described, or that what is described belongs to."""
    found = {key_of(subject, "register") for subject in case.subjects}
    owners = ("variableOf", "indicatorOf", "assesses", "nameOf", "listsRegister")
    belongs = {f"{PREFIXES['rg']}{name}" for name in owners} | {f"{PREFIXES['dqv']}computedOn"}
    found |= {
        key_of(triple.object.value, "register")
        for triple in case.triples
        if triple.predicate.value in belongs and isinstance(triple.object, pyoxigraph.NamedNode)
    }
    found |= {context.owners.get(subject) for subject in case.subjects}
    return frozenset(key for key in found if key is not None)
