"""Every constraint of every shape: the made-up world meets it, and one fault made for it is reported as expected."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import RDF, RDFS, SH, Graph
from rdflib.term import Node

from tests.goldenfile import Golden
from tests.shapes.mutations import Fault, Site, applied, fault, node_fault, parameters_of
from tests.shapes.report import Result, retarget, short, validate
from tests.shapes.world import shapes_graph, valid_graph


@pytest.fixture(scope="module")
def data() -> Graph:
    return valid_graph()


@pytest.fixture(scope="module", params=["required", "advised"])
def shapes(request: pytest.FixtureRequest) -> tuple[str, Graph]:
    return request.param, shapes_graph(request.param)


def test_the_made_up_world_meets_every_shape(data: Graph, shapes: tuple[str, Graph]) -> None:
    assert [str(result) for result in validate(data, shapes[1])] == []


def test_every_class_of_the_shapes_has_a_record_with_every_property(data: Graph, shapes: tuple[str, Graph]) -> None:
    missing = [
        f"{short(node_shape)} {short(site.shape)}"
        for node_shape in _node_shapes(shapes[1])
        for site in _sites(data, shapes[1], node_shape)
        if not site.statements
    ]
    assert missing == []


def test_every_constraint_is_seen_to_fail(data: Graph, shapes: tuple[str, Graph], golden: Golden) -> None:
    name, graph = shapes
    lines = list(_broken(data, graph))
    assert lines, "no constraint was found"
    golden(f"shapes/{name}.txt", "\n".join(lines))


def test_a_fault_leaves_the_world_as_it_was(data: Graph, shapes: tuple[str, Graph]) -> None:
    before = len(data)
    list(_broken(data, shapes[1], only=1))
    assert len(data) == before


def _broken(data: Graph, graph: Graph, only: int | None = None) -> Iterator[str]:
    """For each class, shape and constraint: a heading, then all results of the class on the broken record."""
    for node_shape in _node_shapes(graph)[:only]:
        for parameter in parameters_of(graph, node_shape):
            wrong = node_fault(data, _records(data, graph, node_shape)[0], parameter)
            yield from _tried(data, graph, (node_shape, node_shape), wrong)
        for site in _sites(data, graph, node_shape):
            for parameter in parameters_of(graph, site.shape):
                yield from _tried(data, graph, (node_shape, site.shape), fault(site, parameter))


def _tried(data: Graph, graph: Graph, shapes: tuple[Node, Node], wrong: Fault) -> Iterator[str]:
    with applied(data, wrong):
        results = validate(data, retarget(graph, shapes[0], wrong.focus))
    yield from _lines(*shapes, wrong.component, results)


def _lines(node_shape: Node, shape: Node, component: str, results: list[Result]) -> Iterator[str]:
    """The fault and its results; it fails here when the shape that was broken does not speak of that constraint."""
    hit = [result for result in results if (result.shape, result.component) == (short(shape), component)]
    assert hit, f"{short(node_shape)}: breaking {component} of {short(shape)} gave {results}"
    yield f"{short(node_shape)} {short(shape)} {component}"
    yield from (f"    {result}" for result in results)


def _node_shapes(graph: Graph) -> list[Node]:
    found = sorted(graph.subjects(SH.targetClass, None), key=str)
    assert found, "there is no shape with a target"
    return found


def _records(data: Graph, graph: Graph, node_shape: Node) -> list[Node]:
    """The records of the shape's class and of the classes below it."""
    target = graph.value(node_shape, SH.targetClass)
    classes = set(data.transitive_subjects(RDFS.subClassOf, target))
    records = sorted({record for kind in classes for record in data.subjects(RDF.type, kind)}, key=str)
    assert records, f"the world holds no {short(target)}"
    return records


def _sites(data: Graph, graph: Graph, node_shape: Node) -> Iterator[Site]:
    """Each property shape of the class on the first record that says something by its path."""
    records = _records(data, graph, node_shape)
    for shape in sorted(graph.objects(node_shape, SH.property), key=str):
        sites = [Site(data, graph, shape, record) for record in records]
        yield next((site for site in sites if site.statements), sites[0])
