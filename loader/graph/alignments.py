"""Mapping sets to other vocabularies: SSSOM files as plain matches, each with a node that says how sure it is."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Container, Iterable, Iterator
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
_TYPE = NamedNode(iris.PREFIXES["rdf"] + "type")
_XSD = iris.PREFIXES["xsd"]
# sssom-pydantic counts from the row of column names, which is one more than its own count of lines before it
_OFF_BY = 1


@dataclass(frozen=True, slots=True)
class Alignment:
    """One mapping: IRIs, with what the file says about it; `negative` when it says that they do not match."""

    subject: str
    predicate: str
    object: str
    justification: str
    notes: tuple[tuple[str, str, str | None], ...]
    negative: bool


@dataclass(frozen=True, slots=True)
class Alignments:
    """The mapping sets of a folder: their quads, and findings about rows that cannot be used."""

    quads: tuple[Quad, ...]
    findings: tuple[Finding, ...]


def read_alignments(folder: Path, known: Container[str]) -> Alignments:
    """Read every mapping set of the folder; subjects must be among the known IRIs."""
    quads: list[Quad] = []
    findings: list[Finding] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        found = _read(path, known)
        quads += found.quads
        findings += found.findings
    return Alignments(tuple(quads), tuple(findings))


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
    findings = [_finding("bad-mapping", file, error.line_number + _OFF_BY, str(error.exception)) for error in errors]
    alignments = [_alignment(mapping, converter) for mapping in mappings]
    for alignment in alignments:
        if alignment.subject not in known:
            line = _line(path, alignment.subject, converter)
            findings.append(_unknown_subject(file, line, alignment.subject))
    graph = NamedNode(iris.graph("alignment/" + path.name.removesuffix(SUFFIX)))
    quads = [*_set_quads(mapping_set, graph), *(quad for item in alignments for quad in _quads(item, graph))]
    return Alignments(tuple(quads), tuple(findings))


def _alignment(mapping: SemanticMapping, converter: Converter) -> Alignment:
    notes = (
        ("subject_label", mapping.subject_name, None),
        ("object_label", mapping.object_name, None),
        ("confidence", mapping.confidence, "decimal"),
        ("mapping_date", mapping.mapping_date, "date"),
        ("comment", mapping.comment, None),
    )
    return Alignment(
        subject=converter.expand_reference(mapping.subject, strict=True),
        predicate=converter.expand_reference(mapping.predicate, strict=True),
        object=converter.expand_reference(mapping.object, strict=True),
        justification=converter.expand_reference(mapping.justification, strict=True),
        notes=tuple((name, str(value), kind) for name, value, kind in notes if value is not None),
        negative=mapping.predicate_modifier is not None,
    )


def _quads(item: Alignment, graph: NamedNode) -> Iterator[Quad]:
    subject, predicate, value = NamedNode(item.subject), NamedNode(item.predicate), NamedNode(item.object)
    key = hashlib.sha256(f"{item.subject} {item.predicate} {item.object}".encode()).hexdigest()[:12]
    node = NamedNode(iris.thing(f"mapping/{graph.value.rpartition('/')[2]}.{key}"))
    if not item.negative:
        yield Quad(subject, predicate, value, graph)
    yield Quad(node, _TYPE, _sssom("Mapping"), graph)
    yield Quad(node, _sssom("subject_id"), subject, graph)
    yield Quad(node, _sssom("predicate_id"), predicate, graph)
    yield Quad(node, _sssom("object_id"), value, graph)
    yield Quad(node, _sssom("mapping_justification"), NamedNode(item.justification), graph)
    if item.negative:
        yield Quad(node, _sssom("predicate_modifier"), Literal("Not"), graph)
    for name, text, kind in item.notes:
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


def _line(path: Path, subject: str, converter: Converter) -> int | None:
    curie = converter.compress(subject) or subject
    lines: Iterable[str] = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.split("\t")[0] == curie), None)


def _unknown_subject(file: str, line: int | None, subject: str) -> Finding:
    message = Message(
        sv=f"{iris.compact(subject)} finns inte i grafen. Mappa ett begrepp, en klass eller en egenskap som finns.",
        en=f"{iris.compact(subject)} is not in the graph. Map a concept, class or property that is there.",
    )
    position = Position(file, line=line, column="subject_id")
    return Finding("dangling-mapping", Severity.VIOLATION, message, position, iris.compact(subject), focus=subject)


def _finding(rule: str, file: str, line: int | None, reason: str) -> Finding:
    text = " ".join(reason.split())[:300]
    message = Message(sv=f"Raden är inte SSSOM: {text}", en=f"This is not SSSOM: {text}")
    return Finding(rule, Severity.VIOLATION, message, Position(file, line=line))
