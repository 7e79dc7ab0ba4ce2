"""The shapes and the ontology in a release are those that were written."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from rdflib import Graph, URIRef
from rdflib.compare import to_isomorphic

from loader.judging.validate import prepare, to_rdflib
from loader.model import iris
from loader.release.manifest import Release
from loader.resources import Resources


@pytest.fixture(scope="module")
def served(real_release: Release) -> list[Quad]:
    return list(parse(path=str(real_release.graph), format=RdfFormat.N_QUADS))


def test_shapes_and_ontology_are_as_written(served: list[Quad], resources: Resources) -> None:
    shapes = written(resources.shapes.glob("*.ttl"))
    assert len(shapes) > 1000
    assert to_isomorphic(graph_of(served, iris.SHAPES)) == to_isomorphic(shapes)
    core = graph_of(served, iris.graph("ontology/core"))
    assert set(written([resources.ontology / "core.ttl"]).predicates()) == set(core.predicates()) - generated()


def test_the_release_conforms_to_the_shapes_as_served(served: list[Quad], resources: Resources) -> None:
    """With other paths in the place of the blank nodes, pySHACL tells of hundreds of violations."""
    outside = (resources.ontology / "outside").glob("*.ttl")  # terms of others need not be described as ours are
    judged_not = {NamedNode(iris.SHAPES), NamedNode(iris.INFERRED)}
    judged_not |= {NamedNode(iris.graph(f"ontology/{file.stem}")) for file in outside}
    stated = to_rdflib(quad for quad in served if quad.graph_name not in judged_not)
    shapes = prepare(graph_of(served, iris.SHAPES))
    _, report, _ = pyshacl.validate(stated, shacl_graph=shapes, inplace=True)
    assert isinstance(report, Graph)
    violation = URIRef("http://www.w3.org/ns/shacl#Violation")
    assert list(report.subjects(URIRef("http://www.w3.org/ns/shacl#resultSeverity"), violation)) == []


def graph_of(quads: list[Quad], name: str) -> Graph:
    return to_rdflib(quad for quad in quads if quad.graph_name == NamedNode(name))


def written(files: object) -> Graph:
    graph = Graph()
    for file in sorted(Path(path) for path in files):  # type: ignore[attr-defined]
        graph.parse(file)
    return graph


def generated() -> set[URIRef]:
    """The predicates of the labels that are added to the ontology for other tools."""
    return {URIRef("http://www.w3.org/2000/01/rdf-schema#" + name) for name in ("label", "comment")}
