"""The form of the shapes: known terms only, IRIs, names and messages in both languages, targets that exist."""

from __future__ import annotations

import re

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from loader.judging.shapes import flatten
from loader.model.iris import PREFIXES
from tests.shapes.lint import problems
from tests.shapes.report import path_members, short, validate
from tests.shapes.world import SHAPES, shapes_graph, terms, valid_graph

RGS = PREFIXES["rgs"]
SAMPLE = URIRef(RGS + "indicator-of-once")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return shapes_graph()


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for path in terms():
        graph.parse(path, format="turtle")
    return graph


def test_the_shapes_are_in_form(shapes: Graph) -> None:
    assert len(set(shapes.subjects(RDF.type, SH.PropertyShape))) > 100
    assert problems(shapes) == []


@pytest.mark.parametrize(
    ("predicate", "value", "problem"),
    [
        (URIRef(PREFIXES["sh"] + "minLenght"), Literal(1), "sh:minLenght is no term"),
        (SH.sparql, URIRef(RGS + "query"), "sh:sparql is no term"),
        (SH.message, Literal("Igen.", lang="sv"), "has sh:message in ['en', 'sv', 'sv']"),
        (SH.name, Literal("Name", lang="en"), "has sh:name in ['en', 'en', 'sv']"),
        (SH.severity, SH.Warning, "has no severity of its own"),
        (SH.order, Literal("first"), "has no sh:order"),
        (SH.node, URIRef(RGS + "nowhere"), "rgs:nowhere is used but not there"),
    ],
)
def test_the_lint_sees_what_is_out_of_form(predicate: URIRef, value: Node, problem: str) -> None:
    shapes = shapes_graph()
    shapes.add((SAMPLE, predicate, value))
    assert any(problem in found for found in problems(shapes))


def test_the_lint_sees_a_property_shape_without_an_iri() -> None:
    shapes = shapes_graph()
    shapes.add((BNode(), SH.path, SKOS.prefLabel))
    assert any("has no IRI" in found for found in problems(shapes))


def test_every_target_is_a_class_that_exists(shapes: Graph, ontology: Graph) -> None:
    ours = {node for node in shapes.objects(None, SH.targetClass) if str(node).startswith(PREFIXES["rg"])}
    assert ours
    assert sorted(short(node) for node in ours if (node, RDF.type, OWL.Class) not in ontology) == []
    borrowed = set(shapes.objects(None, SH.targetClass)) - ours
    assert {short(node) for node in borrowed} == {
        "skos:Concept",
        "dqv:Metric",
        "eli:LegalResource",
        "eli:LegalResourceSubdivision",
    }


def test_every_property_is_one_that_exists(shapes: Graph, ontology: Graph) -> None:
    used = {p for path in shapes.objects(None, SH.path) for p in path_members(shapes, path)}
    used |= set(shapes.objects(None, SH.disjoint))  # type: ignore[arg-type]
    ours = {node for node in used if str(node).startswith(PREFIXES["rg"])}
    known = {*ontology.subjects(RDF.type, OWL.ObjectProperty), *ontology.subjects(RDF.type, OWL.DatatypeProperty)}
    assert ours
    assert sorted(short(node) for node in ours - known) == []


def test_names_are_the_labels_of_the_properties(shapes: Graph, ontology: Graph) -> None:
    different = [
        f"{short(shape)}: {name!r} is not {label!r}"
        for shape, path in shapes.subject_objects(SH.path)
        for name in shapes.objects(shape, SH.name)
        for label in ontology.objects(path, SKOS.prefLabel)
        if isinstance(name, Literal) and isinstance(label, Literal) and name.language == label.language
        if str(name).casefold() != str(label).casefold()
    ]
    assert different == []


def test_names_of_shapes_are_the_labels_of_their_classes(shapes: Graph, ontology: Graph) -> None:
    different = [
        f"{short(shape)}: {name!r} is not {label!r}"
        for shape, target in shapes.subject_objects(SH.targetClass)
        for name in shapes.objects(shape, SH.name)
        for label in ontology.objects(target, SKOS.prefLabel)
        if _language(name) == _language(label) and str(name).split(", ")[0] != str(label)
    ]
    assert different == []


def test_code_lists_are_named_by_their_labels(shapes: Graph, ontology: Graph) -> None:
    schemes = set(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    labels = {str(label) for scheme in schemes for label in ontology.objects(scheme, SKOS.prefLabel)}
    texts = [str(text) for predicate in (SH.name, SH.message) for text in shapes.objects(None, predicate)]
    named = {name for text in texts for name in re.findall(r"(?:kodlistan «|code list “)([^»”]+)", text)}
    assert len(named) > 20
    assert sorted(named - labels) == []


def test_messages_name_the_property_and_say_what_to_do(shapes: Graph) -> None:
    silent = []
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        for message in shapes.objects(shape, SH.message):
            name = next(n for n in shapes.objects(shape, SH.name) if _language(n) == _language(message))
            quoted = f"Uppgiften «{name}»" if _language(message) == "sv" else f"The property “{name}”"
            sentences = [sentence for sentence in str(message).split(". ") if sentence]
            if not str(message).startswith(quoted) or len(sentences) < 2 or not str(message).endswith("."):
                silent.append(f"{short(shape)}: {message}")
    assert silent == []


def test_severities_are_where_they_belong() -> None:
    required = set(shapes_graph("required").objects(None, SH.severity))
    advised = set(shapes_graph("advised").objects(None, SH.severity))
    assert required == {SH.Violation}
    assert advised == {SH.Warning, SH.Info}


def test_no_shape_is_defined_twice() -> None:
    files = sorted(SHAPES.glob("*.ttl"))
    assert {"required.ttl", "advised.ttl"} <= {path.name for path in files}
    graphs = [Graph().parse(path, format="turtle") for path in files]
    defined = [shape for graph in graphs for shape in set(graph.subjects()) if isinstance(shape, URIRef)]
    assert sorted({short(shape) for shape in defined if defined.count(shape) > 1}) == []


def test_flattened_shapes_find_the_same(shapes: Graph) -> None:
    data = valid_graph()
    data.remove((None, URIRef(PREFIXES["rg"] + "indicatorOf"), None))
    data.remove((None, URIRef(PREFIXES["rg"] + "inPart"), None))
    kind = URIRef(PREFIXES["rg"] + "partKind")
    for part in list(data.subjects(kind)):
        data.set((part, kind, RDFS.Class))
    found = validate(data, shapes)
    assert len(found) > 5
    assert validate(data, flatten(shapes)) == found


def _language(node: Node) -> str | None:
    return node.language if isinstance(node, Literal) else None
