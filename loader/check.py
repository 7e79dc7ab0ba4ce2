"""Check what a register holder submits, against the shapes, the code lists and the release that it would join."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from loader.findings import NOWHERE, Finding, Language, blocks, ordered
from loader.intake.across import Remark, remarks
from loader.intake.columns import ColumnReading
from loader.intake.context import Context, key_of, read_context
from loader.intake.evidence import Evidence
from loader.intake.judge import Case, rule_results, shape_results, subjects_of, with_value
from loader.intake.mapping import mapping_findings
from loader.intake.origin import origin_triples
from loader.intake.rdfcells import CheckedStatements, check_statements
from loader.intake.reading import Reading, read_uploads
from loader.intake.relocate import lenient
from loader.intake.statements import StatementIndex
from loader.intake.upload import Upload
from loader.iris import PREFIXES
from loader.positions import index_positions
from loader.release import Release
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
    rdf = check_statements(reading.rdf, context, own=True)
    rows = (quad.triple for quad in record_quads(reading.records))
    statements = (item.triple for checked in rdf for item in checked.file.statements)
    stated = tuple(dict.fromkeys((*rows, *statements)))
    case = Case((*stated, *origin_triples(reading.places.sheets.values(), uploads)), subjects_of(stated))
    findings = [
        *mapping_findings(options.mapping or {}),
        *reading.findings,
        *(finding for checked in rdf for finding in checked.findings),
    ]
    findings += _judged(case, context, reading, rdf)
    found = ordered(lenient(finding) for finding in findings)
    return CheckResult(
        readable=reading.readable,
        conforms=reading.readable and not blocks(found),
        findings=found,
        quads=case.triples,
        registers=_registers(case, context),
        columns=reading.columns,
    )


def _judged(case: Case, context: Context, reading: Reading, rdf: Sequence[CheckedStatements]) -> Iterator[Finding]:
    """What shapes and rules find, where it is stated; what follows from what already has a finding is left out."""
    if not case.triples:
        return
    evidence = Evidence(index_positions(reading.records), StatementIndex(checked.file for checked in rdf))
    evidence.statements.bad.update(place for checked in rdf for place in checked.bad)
    plain = [*shape_results(case, context, context.flat_shapes), *rule_results(case, context)]
    told = [*(Remark(with_value(result)) for result in plain), *remarks(case.triples, context)]
    found = [
        _finding(remark, evidence) for remark in told if not evidence.was_bad(remark.result.focus, remark.result.path)
    ]
    yield from reading.places.put_back(found)


def _finding(remark: Remark, evidence: Evidence) -> Finding:
    result = remark.result
    return Finding(
        rule=result.rule,
        severity=result.severity,
        message=result.message,
        position=evidence.locate(result.focus, result.path, result.value) or NOWHERE,
        value=result.value,
        suggestion=remark.suggestion,
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
