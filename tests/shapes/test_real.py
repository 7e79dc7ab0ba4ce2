"""The shipped sources under the shapes: nothing is wrong, and the report's known conflicts are told with their rows."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from pyoxigraph import NamedNode, Quad
from rdflib import SH
from rdflib.term import Node

from loader.graph.triples import document_quads, record_quads
from loader.judging.validate import to_rdflib
from loader.judging.validate import validate as validate_stated
from loader.model.findings import Finding, Severity
from loader.model.iris import PREFIXES, compact, thing
from loader.release.build import read_all_terms, read_tables
from loader.release.manifest import Release, read_findings
from loader.resources import find_resources
from tests.shapes.report import class_members, short
from tests.shapes.world import ROOT, shapes_graph

TYPE = NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True, slots=True)
class Real:
    """The real sources: what they and the ontology state, and what shapes and checks find in them."""

    stated: tuple[Quad, ...]
    records: tuple[Quad, ...]
    findings: tuple[Finding, ...]


@pytest.fixture(scope="module")
def real(real_release: Release) -> Real:
    """The findings are those of the build."""
    resources = find_resources(ROOT)
    terms = read_all_terms(resources)
    reading = read_tables(resources, terms)
    records = (*record_quads(reading.records), *document_quads(reading.sources.sources))
    return Real((*terms.written, *records), records, tuple(read_findings(real_release)))


def test_the_shipped_data_conform(real: Real) -> None:
    assert [finding for finding in real.findings if finding.severity is Severity.VIOLATION] == []


def test_every_target_has_records(real: Real) -> None:
    shapes, data = shapes_graph(), to_rdflib(real.stated)
    targeted = set(shapes.subjects(SH.targetClass))
    assert targeted
    assert sorted(short(shape) for shape in targeted if not class_members(shapes, data, shape)) == []


def test_every_record_is_under_a_shape(real: Real) -> None:
    shapes, data = shapes_graph("required"), to_rdflib(real.stated)
    held: set[Node] = set()
    for shape in shapes.subjects(SH.targetClass):
        held |= class_members(shapes, data, shape)
    subjects = {quad.subject for quad in real.records}
    assert len(subjects) > 500
    assert sorted(str(node) for node in set(to_rdflib(real.records).subjects()) - held) == []


def test_every_class_of_the_records_has_its_own_shape(real: Real) -> None:
    classes = {
        quad.object.value for quad in real.records if quad.predicate == TYPE and isinstance(quad.object, NamedNode)
    }
    targets = {str(target) for target in shapes_graph("required").objects(None, SH.targetClass)}
    assert len(classes) > 30
    assert sorted(compact(iri) for iri in classes - targets) == []


def test_what_is_referred_to_must_be_of_the_class_that_is_wanted(real: Real) -> None:
    """A wrong reference is blamed on who makes it: inference by ranges has not given its object the class."""
    held_by = NamedNode(PREFIXES["rg"] + "heldBy")
    holder = next(quad for quad in real.records if quad.predicate == held_by)
    assert isinstance(holder.subject, NamedNode)
    wrong = Quad(holder.subject, held_by, NamedNode(thing("agent/nobody")), holder.graph_name)
    broken = [quad for quad in real.stated if quad != holder]
    found = [result for result in validate_stated([*broken, wrong], shapes_graph()) if result.severity == "Violation"]
    assert [(result.rule, result.focus) for result in found] == [("held-by-refers", holder.subject.value)]


def test_a_result_is_told_without_its_inner_causes() -> None:
    part, kind = thing("part/test.one"), PREFIXES["rg"] + "partKind"
    quads = [(part, PREFIXES["rdf"] + "type", PREFIXES["rg"] + "DocumentPart"), (part, kind, thing("unit/percent"))]
    data = [Quad(*(NamedNode(iri) for iri in triple)) for triple in quads]
    found = {(result.rule, result.focus) for result in validate_stated(data, shapes_graph("required"))}
    assert ("part-kind-code", part) in found
    assert {focus for _, focus in found} == {part}


@pytest.mark.parametrize(
    ("rule", "focus", "words"),
    [
        ("register-status-differs", "register:swespine", ("Punktlista 1", "rad 80", "Punktlista 2", "rad 1")),
        ("register-status-differs", "register:cpup", ("Punktlista 1", "rad 94", "Punktlista 2", "rad 2")),
        ("register-listed-twice", "list-entry:skr-2022.list-1.87", ("rad 56", "rad 87", "Svensk ", "Svenskt ")),
        ("counted-figure-differs", "figure:skr-2022.registers-analysed-93", ("93", "94")),
        ("sum-does-not-meet", "figure:skr-2022.registers-analysed-93", ("90", "93")),
        ("level-finer-than-variables", "indicator:skr-2022-t10-r1", ("Tabell 10", "rad 1", "kommun")),
        ("level-finer-than-variables", "indicator:skr-2022-t10-r3", ("Tabell 10", "rad 3", "kommun")),
        ("age-limit-without-target-group", "indicator:skr-2022-t05-r1", ("Tabell 5", "rad 1", "65", "Äldre")),
        ("age-limit-without-target-group", "indicator:skr-2022-t16-r3", ("Tabell 16", "rad 3", "65", "Äldre")),
    ],
)
def test_a_known_conflict_is_a_warning_that_names_rows(
    real: Real, rule: str, focus: str, words: tuple[str, ...]
) -> None:
    found = [finding for finding in real.findings if finding.rule == rule]
    finding = next(finding for finding in found if compact(finding.focus or "") == focus)
    assert finding.severity is Severity.WARNING
    assert [word for word in words if word not in finding.message.sv] == []
    assert finding.position.file
    assert finding.position.row


def test_every_discrepancy_is_told_with_its_place(real: Real) -> None:
    kind = NamedNode(PREFIXES["rg"] + "Discrepancy")
    known = {q.subject.value for q in real.records if q.object == kind and isinstance(q.subject, NamedNode)}
    told = [finding for finding in real.findings if finding.rule == "discrepancy-in-source"]
    assert known
    assert {finding.focus for finding in told} == known
    assert len(told) == len(known)
    assert not [finding for finding in told if "okänt ställe" in finding.message.sv]


def test_every_message_is_whole(real: Real) -> None:
    broken = [
        f for f in real.findings for text in (f.message.sv, f.message.en) if "{" in text or not text.endswith(".")
    ]
    assert broken == []
