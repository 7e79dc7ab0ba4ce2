"""The page of all rules is written from the shapes and checks, and every class and check stands in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import SH, Graph, Literal
from rdflib.term import Node

from loader.judging.checks import read_checks
from tests.goldenfile import Golden
from tests.shapes.report import path_text, short
from tests.shapes.world import ROOT, SHAPES, shapes_graph

HEAD = """# Rules

Every shape and check, written from `shapes/` by `pytest tests/shapes/test_docs.py --update-golden`; not edited by hand.
[Shapes and checks](shapes.md) explains them.
"""


@pytest.fixture
def page(golden: Golden) -> Golden:
    return Golden(ROOT / "docs", update=golden.update)


def test_the_page_of_rules_is_that_of_the_shapes(page: Golden) -> None:
    lines = [
        *_checks(),
        *_classes(),
        *_shapes("required", "Demands on one record"),
        *_shapes("advised", "Advice on one record"),
    ]
    page("rules.md", "\n".join([HEAD, *lines]))


def test_no_cell_of_the_page_breaks_its_table() -> None:
    text = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) > 300
    assert {row.replace("\\|", "").count("|") for row in rows} == {4, 5}


def _checks() -> Iterator[str]:
    yield from ("## Rules across records\n", "| rule | severity | message |", "|---|---|---|")
    checks = read_checks(SHAPES / "checks")
    assert checks
    for check in checks:
        yield f"| `{check.rule}` | {check.severity} | {_cell(check.sentence.en)} |"


def _classes() -> Iterator[str]:
    yield from ("\n## Demands by class\n", "| class | shape | demands |", "|---|---|---|")
    graph = shapes_graph("required")
    for shape, target in sorted(graph.subject_objects(SH.targetClass), key=str):
        demands = ", ".join(f"`{short(demand)}`" for demand in _ordered(graph, graph.objects(shape, SH.property)))
        yield f"| `{short(target)}` | `{short(shape)}` | {demands or 'its IRI alone'} |"


def _shapes(name: str, title: str) -> Iterator[str]:
    yield from (f"\n## {title}\n", "| shape | property | severity | message |", "|---|---|---|---|")
    graph = shapes_graph(name)
    for shape in _ordered(graph, graph.subjects(SH.path)):
        path = _cell(path_text(graph, graph.value(shape, SH.path)))
        severity = short(graph.value(shape, SH.severity)).removeprefix("sh:")
        yield f"| `{short(shape)}` | `{path}` | {severity} | {_cell(_english(graph, shape))} |"


def _ordered(graph: Graph, shapes: Iterator[Node]) -> list[Node]:
    return sorted(shapes, key=lambda shape: (int(str(graph.value(shape, SH.order))), str(shape)))


def _english(graph: Graph, shape: Node) -> str:
    texts = graph.objects(shape, SH.message)
    return next(str(text) for text in texts if isinstance(text, Literal) and text.language == "en")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
