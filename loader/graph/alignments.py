"""Mapping sets to other vocabularies: SSSOM files as matches, each with a node that says how sure it is, by whom.

A guess, which nobody has reviewed or whose confidence is below a half, and a negative mapping have that node alone:
what is stated plainly can be trusted.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import sssom_pydantic
import yaml
from curies import Converter
from pyoxigraph import Literal, NamedNode, Quad
from sssom_pydantic import MappingSet, SemanticMapping

from loader.model import iris
from loader.model.findings import Finding, Message, Position, Severity
from loader.tables.files import read_text

SUFFIX = ".sssom.tsv"
SURE = 0.5
_TYPE = NamedNode(iris.PREFIXES["rdf"] + "type")
_XSD = iris.PREFIXES["xsd"]
# sssom-pydantic counts from the row of column names, which is one more than its own count of lines before it
_OFF_BY = 1


@dataclass(frozen=True, slots=True)
class Alignment:
    """One mapping: IRIs, with what the file says about it; `negative` when it says that they do not match.

    `reviewer` is the IRI of a role or organisation; `notes` are slots of SSSOM, with the text and its datatype.
    """

    subject: str
    predicate: str
    object: str
    justification: str
    confidence: float | None
    reviewer: str | None
    notes: Mapping[str, tuple[str, str | None]]
    negative: bool
    position: Position

    @property
    def guess(self) -> bool:
        """Whether it is only a guess: seen by nobody else, or less sure than SURE."""
        return self.reviewer is None or (self.confidence or 0) < SURE

    def note(self, name: str) -> str | None:
        """The text of a slot."""
        return self.notes.get(name, (None, None))[0]


@dataclass(frozen=True, slots=True)
class Alignments:
    """The mapping sets of a folder: their mappings and quads, and findings about rows that cannot be used."""

    quads: tuple[Quad, ...]
    findings: tuple[Finding, ...]
    mappings: tuple[Alignment, ...] = ()


def read_alignments(folder: Path, known: Container[str]) -> Alignments:
    """Read every mapping set of the folder; subjects must be among the known IRIs."""
    quads: list[Quad] = []
    findings: list[Finding] = []
    mappings: list[Alignment] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        found = _read(path, known)
        quads += found.quads
        findings += found.findings
        mappings += found.mappings
    return Alignments(tuple(quads), tuple(findings), tuple(mappings))


def _read(path: Path, known: Container[str]) -> Alignments:
    file = f"alignments/{path.name}"
    logging.getLogger("sssom_pydantic").setLevel(logging.ERROR)
    text = read_text(path, file)
    if isinstance(text, Finding):
        return Alignments((), (text,))
    try:
        mappings, converter, mapping_set, errors = sssom_pydantic.read(path, return_errors=True)
    except (ValueError, TypeError, KeyError, AttributeError, yaml.YAMLError) as error:
        return Alignments((), (_finding("broken-mapping-set", file, None, str(error)),))
    findings = [_finding("bad-mapping", file, error.line_number + _OFF_BY, _why(error.exception)) for error in errors]
    lines = _lines(path)
    alignments = tuple(_alignment(mapping, converter, file, lines) for mapping in mappings)
    findings += [_unknown_subject(item) for item in alignments if item.subject not in known]
    graph = NamedNode(iris.graph("alignment/" + path.name.removesuffix(SUFFIX)))
    quads = [*_set_quads(mapping_set, graph), *(quad for item in alignments for quad in _quads(item, graph))]
    return Alignments(tuple(quads), tuple(findings), alignments)


def _alignment(
    mapping: SemanticMapping, converter: Converter, file: str, lines: Mapping[tuple[str, ...], int]
) -> Alignment:
    notes = {
        "subject_label": (mapping.subject_name, None),
        "object_label": (mapping.object_name, None),
        "confidence": (mapping.confidence, "decimal"),
        "mapping_date": (mapping.mapping_date, "date"),
        "review_date": (mapping.review_date, "date"),
        "comment": (mapping.comment, None),
    }
    ends = (mapping.subject.curie, mapping.predicate.curie, mapping.object.curie)
    return Alignment(
        subject=converter.expand_reference(mapping.subject, strict=True),
        predicate=converter.expand_reference(mapping.predicate, strict=True),
        object=converter.expand_reference(mapping.object, strict=True),
        justification=converter.expand_reference(mapping.justification, strict=True),
        confidence=mapping.confidence,
        reviewer=converter.expand_reference(mapping.reviewers[0], strict=True) if mapping.reviewers else None,
        notes={name: (str(value), kind) for name, (value, kind) in notes.items() if value is not None},
        negative=mapping.negated,
        position=Position(file, line=lines.get(ends), column="subject_id"),
    )


def _lines(path: Path) -> dict[tuple[str, ...], int]:
    """The line of each mapping, by its three CURIEs."""
    lines: dict[tuple[str, ...], int] = {}
    columns: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = line.split("\t")
        if line.startswith("#"):
            continue
        if not columns:
            columns = cells
            continue
        row = dict(zip(columns, cells, strict=False))
        lines.setdefault(tuple(row.get(f"{end}_id", "") for end in ("subject", "predicate", "object")), number)
    return lines


def _quads(item: Alignment, graph: NamedNode) -> Iterator[Quad]:
    subject, predicate, value = NamedNode(item.subject), NamedNode(item.predicate), NamedNode(item.object)
    key = hashlib.sha256(f"{item.subject} {item.predicate} {item.object}".encode()).hexdigest()[:12]
    node = NamedNode(iris.thing(f"mapping/{graph.value.rpartition('/')[2]}.{key}"))
    if not item.negative and not item.guess:
        yield Quad(subject, predicate, value, graph)
    yield Quad(node, _TYPE, _sssom("Mapping"), graph)
    yield Quad(node, _sssom("subject_id"), subject, graph)
    yield Quad(node, _sssom("predicate_id"), predicate, graph)
    yield Quad(node, _sssom("object_id"), value, graph)
    yield Quad(node, _sssom("mapping_justification"), NamedNode(item.justification), graph)
    if item.reviewer is not None:
        yield Quad(node, _sssom("reviewer_id"), NamedNode(item.reviewer), graph)
    if item.negative:
        yield Quad(node, _sssom("predicate_modifier"), Literal("Not"), graph)
    for name, (text, kind) in item.notes.items():
        literal = Literal(text) if kind is None else Literal(text, datatype=NamedNode(_XSD + kind))
        yield Quad(node, _sssom(name), literal, graph)


def _set_quads(mapping_set: MappingSet, graph: NamedNode) -> Iterator[Quad]:
    yield Quad(graph, _TYPE, _sssom("MappingSet"), graph)
    described = (
        ("dcterms:title", mapping_set.title),
        ("dcterms:description", mapping_set.description),
        ("dcterms:license", mapping_set.license),
        ("owl:versionInfo", mapping_set.version),
    )
    for predicate, value in described:
        if value is not None:
            text = str(value)
            node = NamedNode(text) if iris.is_absolute(text) else Literal(text)
            yield Quad(graph, NamedNode(iris.expand(predicate)), node, graph)


def _sssom(name: str) -> NamedNode:
    return NamedNode(iris.PREFIXES["sssom"] + name)


def _unknown_subject(item: Alignment) -> Finding:
    name = iris.compact(item.subject)
    message = Message(
        sv=f"{name} finns inte i grafen. Mappa ett begrepp, en klass eller en egenskap som finns.",
        en=f"{name} is not in the graph. Map a concept, class or property that is there.",
    )
    return Finding("dangling-mapping", Severity.VIOLATION, message, item.position, name, focus=item.subject)


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _finding(rule: str, file: str, line: int | None, reason: str) -> Finding:
    text = " ".join(reason.split())[:300]
    message = Message(sv=f"Raden är inte SSSOM: {text}", en=f"This is not SSSOM: {text}")
    return Finding(rule, Severity.VIOLATION, message, Position(file, line=line))
