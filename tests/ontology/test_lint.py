"""The ontology conforms to shapes/ontology.ttl, and each constraint there has been seen to fail."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from tests.goldenfile import Golden
from tests.ontology.breaks import BREAKS, PREFIXES

RGS = Namespace("https://w3id.org/registergraf/shapes#")
VALID = Path(__file__).with_name("valid.ttl")
CONSTRAINT_PARAMETERS = (SH.pattern, SH["not"], SH.path)


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One validation result: what failed, where, by which shape, how severely."""

    focus: str
    path: str
    shape: str
    severity: str


def validate(data: Graph, shapes: Graph) -> list[Result]:
    """The results of pySHACL, sorted; no inference, no ontology but the data itself."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    assert isinstance(report, Graph)
    return sorted(_result(report, node) for node in report.subjects(RDF.type, SH.ValidationResult))


def _result(report: Graph, node: Node) -> Result:
    path = report.value(node, SH.resultPath)
    return Result(
        focus=_short(report.value(node, SH.focusNode)),
        path=_short(path) if isinstance(path, URIRef) else "-",
        shape=_short(report.value(node, SH.sourceShape)),
        severity=_short(report.value(node, SH.resultSeverity)),
    )


def _short(node: Node | None) -> str:
    return str(node).replace("https://w3id.org/registergraf/", "").replace("http://www.w3.org/", "")


def broken(case: str) -> Graph:
    """The small ontology with what the shape of the case guards broken."""
    graph = Graph().parse(VALID)
    before = len(graph), set(graph)
    graph.update(PREFIXES + BREAKS[case])
    assert before[1] != set(graph), "The break changed nothing."
    return graph


def constraint_shapes(shapes: Graph) -> set[str]:
    """The local names of every shape that states a constraint of its own."""
    found = {shape for parameter in CONSTRAINT_PARAMETERS for shape in shapes.subjects(parameter)}
    return {str(shape).removeprefix(str(RGS)) for shape in found if isinstance(shape, URIRef)}


def test_the_ontology_and_its_schemes_conform(ontology: Graph, concepts: Graph, lint_shapes: Graph) -> None:
    assert validate(ontology + concepts, lint_shapes) == []


def test_every_target_but_the_deprecated_has_focus_nodes(ontology: Graph, concepts: Graph, lint_shapes: Graph) -> None:
    data = ontology + concepts
    targets = set(lint_shapes.objects(None, SH.targetClass))
    assert targets
    assert [target for target in targets if not any(data.subjects(RDF.type, target))] == []


def test_the_small_ontology_conforms(lint_shapes: Graph) -> None:
    assert validate(Graph().parse(VALID), lint_shapes) == []


def test_every_constraint_has_a_break(lint_shapes: Graph) -> None:
    assert constraint_shapes(lint_shapes) == {case.partition("+")[0] for case in BREAKS}


@pytest.mark.parametrize("case", sorted(BREAKS))
def test_each_constraint_fails_when_broken(case: str, lint_shapes: Graph, golden: Golden) -> None:
    results = validate(broken(case), lint_shapes)
    assert f"shapes#{case.partition('+')[0]}" in {result.shape for result in results}
    golden(f"ontology/lint/{case}.tsv", "\n".join("\t".join(astuple(result)) for result in results))


def test_every_shape_has_name_message_and_severity(lint_shapes: Graph) -> None:
    names = constraint_shapes(lint_shapes)
    assert names
    for name in names:
        for path in (SH.name, SH.message):
            texts = [text for text in lint_shapes.objects(RGS[name], path) if isinstance(text, Literal)]
            assert sorted(str(text.language) for text in texts) == ["en", "sv"], (name, path)
        assert lint_shapes.value(RGS[name], SH.severity) == SH.Violation, name


def test_every_property_shape_is_named_in_a_node_shape(lint_shapes: Graph) -> None:
    written = set(lint_shapes.subjects(RDF.type, SH.PropertyShape))
    assert written
    assert written == set(lint_shapes.objects(None, SH.property))
