"""Check what a register holder submits, against the shapes, the code lists and the release that it would join."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pyoxigraph

from loader.checked import OWN_PROFILE, CheckOptions, CheckResult, Effect
from loader.errors import ResourceError
from loader.graph.beyond import outlives
from loader.graph.scopes import OWNED_BY
from loader.graph.triples import record_quads
from loader.intake.across import Remark, remarks
from loader.intake.dependence import Dependence
from loader.intake.doubts.elsewhere import elsewhere
from loader.intake.doubts.renamed import renamed, unless_asked
from loader.intake.effects import effect_of, left_behind, without
from loader.intake.evidence import Evidence
from loader.intake.judge import Case, rule_results, shape_results, subjects_of, with_value
from loader.intake.leftout import left_out
from loader.intake.origin import origin_triples
from loader.intake.personal import personal_findings
from loader.intake.rdf.cells import CheckedStatements, check_statements
from loader.intake.rdf.profile import profile_shapes
from loader.intake.rdf.statements import StatementIndex
from loader.intake.reading import Reading, read_uploads
from loader.intake.sheets.columns import ColumnReading
from loader.intake.sheets.confirming import answered
from loader.intake.sheets.mapping import mapping_findings
from loader.intake.sheets.relocate import lenient
from loader.intake.truth.claims import Claims
from loader.intake.truth.every import untrue
from loader.intake.upload import Upload
from loader.intake.world.context import Context, read_context
from loader.intake.world.names import key_of
from loader.judging.positions import index_positions
from loader.model import iris
from loader.model.findings import NOWHERE, Finding, blocks, ordered
from loader.model.shown import plain, shown
from loader.release.manifest import Release

__all__ = ["CheckOptions", "CheckResult", "ColumnReading", "Upload", "check"]


def check(uploads: Sequence[Upload], *, release: Release, options: CheckOptions) -> CheckResult:
    """Read the uploads and judge them within the release.

    ReleaseError when the release cannot be read, ResourceError when the profile's shapes cannot.
    """
    own = options.shapes is None
    if own and options.profile != OWN_PROFILE:
        raise ResourceError(f"The profile {options.profile} needs the folder of its shapes.")
    context, mapping = read_context(release, options.accepted), options.mapping or {}
    reading = read_uploads(uploads, context, mapping)
    personal = personal_findings(uploads, reading.grids, said=mapping.values())
    if personal:  # told alone: what else there is to say might quote it
        return CheckResult(reading.readable, False, ordered(personal), (), frozenset(), ())
    rdf = check_statements(reading.rdf, context, own=own)
    stated = _stated(reading, rdf)
    removed = {removal.path: removal.replaced_by for removal in reading.removals}
    whole = reading.scopes if options.whole else frozenset()
    submission = _Submission(reading, rdf, stated, effect_of(stated, removed, whole, context), context)
    evidence = _evidence(reading, rdf)
    case = _case(submission, uploads, evidence)
    found = _findings(submission, case, evidence, options)
    return CheckResult(
        readable=reading.readable,
        conforms=reading.readable and not blocks(found),
        findings=found,
        quads=case.triples,
        registers=_registers(case, submission.effect.removed, context),
        columns=tuple(replace(one, header=shown(one.header)) for one in reading.columns),
        removes=removed,
        whole=whole,
        effect=submission.effect if reading.readable else None,
    )


@dataclass(frozen=True, slots=True)
class _Submission:
    """What is submitted, as it was read, with what it states and does to the records of `context`."""

    reading: Reading
    rdf: Sequence[CheckedStatements]
    stated: tuple[pyoxigraph.Triple, ...]
    effect: Effect
    context: Context


def _case(submission: _Submission, uploads: Sequence[Upload], evidence: Evidence) -> Case:
    """What is judged: the statements, and where they come from."""
    made = origin_triples(submission.reading.places.sheets.values(), uploads)
    subjects = subjects_of(submission.stated) - _passages(submission.reading)
    return Case((*submission.stated, *made), subjects, evidence.was_bad, tuple(_kept(subjects, submission.context)))


def _findings(submission: _Submission, case: Case, evidence: Evidence, options: CheckOptions) -> tuple[Finding, ...]:
    """Everything that is to be said, the worst first, fit to be shown."""
    reading, effect, context = submission.reading, submission.effect, submission.context
    world = without(context, effect.removed)
    asked = list(renamed(reading, submission.stated, effect, context))
    findings = [
        *asked,
        *elsewhere(reading, context),
        *left_behind(effect.removed, reading.removals, case.subjects, context),
        *mapping_findings(options.mapping or {}),
        *reading.findings,
        *left_out(reading, effect.changed, context),
        *(finding for checked in submission.rdf for finding in checked.findings),
        *_placed(_remarks(case, submission.stated, world, context, options), case, reading, evidence),
    ]
    told = map(lenient, unless_asked(findings, asked))
    return tuple(map(plain, ordered(answered(told, reading.confirmed))))


def _stated(reading: Reading, rdf: Sequence[CheckedStatements]) -> tuple[pyoxigraph.Triple, ...]:
    """What rows and RDF state, each statement once."""
    rows = (quad.triple for quad in record_quads(reading.records))
    statements = (item.triple for checked in rdf for item in checked.file.statements)
    return tuple(dict.fromkeys((*rows, *statements)))


def _remarks(
    case: Case, stated: tuple[pyoxigraph.Triple, ...], world: Context, context: Context, options: CheckOptions
) -> Iterator[Remark]:
    """What shapes find; by our own profile also what the rules find, across records and in what is known to be true.

    `world` is `context` without the records that go.
    """
    own = options.shapes is None
    flat = context.flat_shapes if options.shapes is None else profile_shapes(options.shapes)
    crossing = list(rule_results(case, world)) if own else []  # first: its store is gone before the shapes take room
    yield from (Remark(with_value(result)) for result in (*shape_results(case, world, flat), *crossing))
    if own:
        yield from remarks(case.triples, context)
        yield from untrue(Claims(stated, context, options.today or date.today(), options.code_lists))


def _kept(subjects: Iterable[str], context: Context) -> Iterator[pyoxigraph.Triple]:
    """What the graph says of the subjects that no row can say."""
    for subject in subjects:
        yield from outlives(subject.removeprefix(iris.ID), context.described.get(subject, ()))


def _passages(reading: Reading) -> frozenset[str]:
    """The IRIs of the rows as passages of their files: made here, so not judged."""
    places = ((record.source, record.passage) for record in reading.records)
    return frozenset(iris.passage(source, *passage) for source, passage in places if passage is not None)


def _evidence(reading: Reading, rdf: Sequence[CheckedStatements]) -> Evidence:
    """Where everything is stated, and what of it already has a finding."""
    evidence = Evidence(index_positions(reading.records), StatementIndex(checked.file for checked in rdf))
    evidence.statements.bad.update(place for checked in rdf for place in checked.bad)
    return evidence


def _placed(told: Iterable[Remark], case: Case, reading: Reading, evidence: Evidence) -> Iterator[Finding]:
    """What shapes and rules find, where it is stated; what follows from what already has a finding is left out."""
    depends = Dependence(evidence, case.triples)
    fresh = [
        remark
        for remark in told
        if not evidence.was_bad(remark.result.focus, remark.result.path) and not depends.on_bad(remark.result)
    ]
    yield from reading.places.put_back(_finding(remark, evidence) for remark in fresh)


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


def _registers(case: Case, removed: Iterable[str], context: Context) -> frozenset[str]:
    """The keys of all registers that are described, or that what is described belongs to."""
    found = {key_of(subject, "register") for subject in case.subjects}
    owners = (*filter(None, OWNED_BY.values()), "rg:assesses", "rg:nameOf", "rg:listsRegister")
    belongs = {iris.expand(name) for name in owners}
    found |= {
        key_of(triple.object.value, "register")
        for triple in case.triples
        if triple.predicate.value in belongs and isinstance(triple.object, pyoxigraph.NamedNode)
    }
    found |= {context.owners.get(subject) for subject in (*case.subjects, *map(iris.thing, removed))}
    found |= {key_of(iris.thing(path), "register") for path in removed}
    return frozenset(key for key in found if key is not None)
