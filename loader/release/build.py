"""The build from end to end; the only module that joins the stages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version as package_version
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from loader.graph.accepted import AcceptedGraph, graph_iri, manifest_entries
from loader.graph.alignments import Alignments, read_alignments
from loader.graph.codelists import read_code_graphs
from loader.graph.descriptions import question_quads, rule_quads
from loader.graph.joining import join
from loader.graph.terms import ontology_files, outside_files, read_terms, scheme_files, shape_files
from loader.graph.triples import document_quads, record_quads
from loader.intake.sheets.relocate import lenient
from loader.judging.checks import read_checks, run_checks
from loader.judging.mappings import mapping_findings
from loader.judging.positions import index_positions
from loader.judging.results import Origins, Result, origins, to_findings
from loader.judging.validate import to_rdflib, validate
from loader.law.guard import law_findings
from loader.law.rows import law_tables
from loader.law.shelf import shelf_findings
from loader.model import iris
from loader.model.codes import code_lists
from loader.model.findings import Finding, Message, Position, Severity, blocks, count, ordered
from loader.model.labels import generated_labels
from loader.model.layout import default_layouts
from loader.model.queryfiles import read_query_files
from loader.reasoning.contradictions import Contradiction, contradictions
from loader.reasoning.infer import Inference, infer
from loader.reasoning.rules import Rule, read_rules
from loader.release.exports import (
    digest,
    findings_json,
    graph_counts,
    joined,
    n_quads,
    to_json,
    turtle,
)
from loader.release.manifest import Release
from loader.release.publish import build_lock, publish, refuse_mixing
from loader.resources import Resources, project_version
from loader.tables.personal import personal_findings
from loader.tables.records import Known, Record, read_records
from loader.tables.reportcells import group_labels
from loader.tables.sources import Sources, agent_findings, read_sources, table_digests
from loader.tables.subjects import index_subjects

TOOLS = ("owlrl", "pyoxigraph", "pyshacl", "rapidfuzz", "rdflib", "sssom-pydantic")
Progress = Callable[[str], None]
SUBMISSION = "submission/"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build came to: a release, or None when findings block; all findings; statements by graph."""

    release: Release | None
    findings: tuple[Finding, ...]
    graphs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the ontology folder holds, as quads by role."""

    ontology: tuple[Quad, ...]
    schemes: tuple[Quad, ...]
    alignments: Alignments
    shapes: tuple[Quad, ...]
    outside: tuple[Quad, ...]

    @property
    def written(self) -> tuple[Quad, ...]:
        """The quads that are written in Turtle files: the ontology and the schemes."""
        return self.ontology + self.schemes


@dataclass(frozen=True)
class Reading:
    """The sources as read: records and findings; and what accepted submissions state."""

    sources: Sources
    records: tuple[Record, ...]
    findings: tuple[Finding, ...]
    submitted: tuple[Quad, ...] = ()
    used: tuple[AcceptedGraph, ...] = ()

    @cached_property
    def stated(self) -> tuple[Quad, ...]:
        """Everything that the sources and the submissions state."""
        return (*record_quads(self.records), *document_quads(self.sources.sources), *self.submitted)

    def joined_by(self, submissions: Sequence[AcceptedGraph]) -> Reading:
        """The same with accepted submissions: each record described once, by whom it stands."""
        joined = join(self.records, submissions)
        return replace(self, records=tuple(joined.left(self.records)), submitted=joined.quads, used=joined.used)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that goes into the release's graph."""

    quads: tuple[Quad, ...]
    inference: Inference
    rules: tuple[Rule, ...]


def build(
    resources: Resources,
    output: Path,
    progress: Progress = lambda stage: None,
    *,
    submissions: Sequence[AcceptedGraph] = (),
    noted: Sequence[Finding] = (),
) -> Outcome:
    """Build the sources and the accepted submissions into a release below `output`, validated together.

    `noted` are findings that were made before. A LoaderError when the environment does not allow it.
    """
    with build_lock(output):
        progress("terms")
        terms = read_all_terms(resources)
        progress("tables")
        reading = read_tables(resources, terms).joined_by(submissions)
        if blocks(reading.findings):
            return Outcome(None, reading.findings, {})
        refuse_mixing(output, synthetic=reading.sources.synthetic)
        progress("inference")
        knowledge = conclude(resources, terms, reading)
        progress("validation")
        findings = ordered([*noted, *reading.findings, *judge(resources, terms, reading, knowledge)])
        if blocks(findings):
            return Outcome(None, findings, {})
        progress("release")
        files = release_files(resources, terms, reading, knowledge, findings)
        files["manifest.json"] = _manifest(resources, reading, files, findings)
        release = publish(output, _version(files), files)
    return Outcome(release, findings, release.manifest["graphs"])


def read_all_terms(resources: Resources) -> Terms:
    """The ontology, the schemes, the mappings and the shapes; labels for other tools added to the ontology."""
    ontology = tuple(read_terms(ontology_files(resources)))
    schemes = tuple(read_terms(scheme_files(resources)))
    known = {quad.subject.value for quad in ontology + schemes if isinstance(quad.subject, NamedNode)}
    return Terms(
        ontology=(*ontology, *generated_labels(ontology)),
        schemes=schemes,
        alignments=read_alignments(resources.alignments, known),
        shapes=tuple(read_terms(shape_files(resources))),
        outside=tuple(read_terms(outside_files(resources))),
    )


def read_tables(resources: Resources, terms: Terms) -> Reading:
    """The sources' tables as records, with every finding about files, headers and cells, the worst first."""
    layouts = default_layouts()
    codes = code_lists(terms.schemes)
    sources = read_sources(resources.sources, layouts)
    subjects = index_subjects(sources.tables, layouts, codes, sources.unread)
    records = read_records(sources.tables, Known(layouts, codes, subjects, group_labels(codes)))
    judged = () if "agents" in subjects.uncertain else sources.sources
    agents = agent_findings(judged, subjects.places.get("agents", {}))
    personal = personal_findings(sources.tables)
    findings = [*terms.alignments.findings, *sources.findings, *personal, *records.findings, *agents]
    return Reading(sources, records.records, ordered([*findings, *_law(resources, records.records)]))


def _law(resources: Resources, records: Iterable[Record]) -> list[Finding]:
    """What the law tables show by themselves, and what the printed acts show where they are at hand."""
    tables = law_tables(records)
    at_hand = [] if resources.laws is None else shelf_findings(tables, resources.laws)
    return [*law_findings(tables), *at_hand]


def conclude(resources: Resources, terms: Terms, reading: Reading) -> Knowledge:
    """The asserted quads, what follows from them, and the descriptions of rules and questions."""
    rules = read_rules(resources.rules)
    asserted = (*terms.written, *terms.outside, *terms.alignments.quads, *reading.stated)
    inference = infer(asserted, rules)
    inferred = NamedNode(iris.INFERRED)
    quads = (
        *asserted,
        *(Quad(triple.subject, triple.predicate, triple.object, inferred) for triple in inference.triples),
        *terms.shapes,
        *rule_quads(rules),
        *question_quads(read_query_files(resources.questions)),
        *(() if resources.codes is None else read_code_graphs(resources.codes)),
    )
    return Knowledge(quads, inference, rules)


def judge(resources: Resources, terms: Terms, reading: Reading, knowledge: Knowledge) -> list[Finding]:
    """What the checks find in all that is known, and the shapes in what is stated, at the cells that it comes from.

    The shapes must not see what is inferred: by the ontology's ranges, whatever is referred to is of the right class.
    """
    checked = run_checks(knowledge.inference.store, read_checks(resources.checks))
    shaped = validate((*terms.written, *reading.stated), to_rdflib(terms.shapes)) if terms.shapes else []
    found = [*shaped, *checked, *opposed(terms, (*terms.schemes, *reading.stated))]
    mapped = mapping_findings(terms.alignments.mappings, (*terms.written, *terms.outside, *reading.stated))
    return [*located(resources, terms, reading, found), *mapped]


def opposed(terms: Terms, stated: Sequence[Quad]) -> list[Result]:
    """Where statements contradict the ontology."""
    return [_opposed(found) for found in contradictions((*terms.ontology, *terms.outside), stated)]


def located(resources: Resources, terms: Terms, reading: Reading, results: Iterable[Result]) -> list[Finding]:
    """The results as findings at the cells, lines and submissions that they come from."""
    files = [*ontology_files(resources), *scheme_files(resources)]
    known = _with_submissions(
        origins(index_positions(reading.records), reading.sources.sources, files, terms.written), reading.submitted
    )
    return [_judged(finding) for finding in to_findings(results, known)]


def _opposed(found: Contradiction) -> Result:
    message = Message(
        sv=f"Ontologin motsägs, enligt OWL 2 RL: {found.text}. Rätta uppgiften, eller axiomet i ontologin.",
        en=f"The ontology is contradicted, by OWL 2 RL: {found.text}. Correct the statement, or the ontology’s axiom.",
    )
    return Result("ontology-contradicted", Severity.VIOLATION, message, found.focus or iris.PREFIXES["rg"], None, None)


def _judged(finding: Finding) -> Finding:
    """The finding; where a submission is blamed, as mild as when the submission was checked."""
    return lenient(finding) if (finding.position.file or "").startswith(SUBMISSION) else finding


def _with_submissions(known: Origins, submitted: tuple[Quad, ...]) -> Origins:
    """The origins with what only submissions speak of, placed in the submission."""
    prefix = graph_iri("")
    places = {
        quad.subject.value: Position(SUBMISSION + quad.graph_name.value.removeprefix(prefix))
        for quad in submitted
        if isinstance(quad.subject, NamedNode) and isinstance(quad.graph_name, NamedNode)
    }
    return replace(known, documents={**places, **known.documents})


def release_files(
    resources: Resources, terms: Terms, reading: Reading, knowledge: Knowledge, findings: tuple[Finding, ...]
) -> dict[str, bytes]:
    """Every file of the release by name, but for the manifest."""
    described = [*ontology_files(resources), *outside_files(resources), *scheme_files(resources)]
    labels = turtle(generated_labels(terms.ontology))
    return {
        "graph.nq": n_quads(knowledge.quads),
        "ontology.ttl": joined((file.path for file in described), labels),
        "shapes.ttl": joined(file.path for file in shape_files(resources)),
        "questions.ttl": turtle(question_quads(read_query_files(resources.questions))),
        "findings.json": findings_json(findings),
    }


def _manifest(
    resources: Resources,
    reading: Reading,
    files: Mapping[str, bytes],
    findings: tuple[Finding, ...],
) -> bytes:
    graphs = graph_counts(files["graph.nq"])
    manifest = {
        "version": _version(files),
        "graphs": graphs,
        "files": {name: digest(data) for name, data in files.items()},
        "sources": table_digests(resources.sources, reading.sources),
        "tools": {"registergraf": project_version(), **{name: package_version(name) for name in TOOLS}},
        "counts": _counts(reading.records, graphs),
        "findings": count(findings),
        "submissions": manifest_entries(reading.used),
        "synthetic": reading.sources.synthetic,
    }
    return to_json(manifest)


def _counts(records: tuple[Record, ...], graphs: Mapping[str, int]) -> dict[str, int]:
    tables = Counter(record.table for record in records)
    statements = sum(graphs.values())
    inferred = graphs.get(iris.INFERRED, 0)
    return {**tables, "statements": statements, "asserted": statements - inferred, "inferred": inferred}


def _version(files: Mapping[str, bytes]) -> str:
    return f"{project_version()}-{digest(files['graph.nq'])[:12]}"
