"""The official shapes of application profiles, where they are at hand, and what pySHACL finds by them."""

from __future__ import annotations

from collections.abc import Iterable

import pyshacl
from rdflib import OWL, Graph, Namespace

from tests.reference import needs, reference

SHAPES = reference("shapes")
SH = Namespace("http://www.w3.org/ns/shacl#")
needs_shapes = needs(SHAPES, "what importers and profiles rely on is tested beside it")


def official(*files: str) -> Graph:
    """The shapes of some files, in a form that an engine takes."""
    shapes = Graph()
    for name in files:
        shapes.parse(SHAPES / name)
    shapes.remove((None, OWL.imports, None))
    _lift_alternatives(shapes)
    return shapes


def violations(data: Graph, files: Iterable[str]) -> list[str]:
    """The results of the report itself that are violations; those below `sh:detail` are causes of warnings."""
    return found(Graph() + data, official(*files))


def found(data: Graph, shapes: Graph) -> list[str]:
    """The same of a graph that may be written to, by shapes that have been read."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, advanced=True)
    assert isinstance(report, Graph)
    return sorted(
        f"{report.value(result, SH.focusNode)} {report.value(result, SH.resultMessage)}"
        for result in report.objects(None, SH.result)
        if report.value(result, SH.resultSeverity) == SH.Violation
    )


def _lift_alternatives(shapes: Graph) -> None:
    """Release 8 has a property shape without a path, which no engine takes: its alternatives go to the node shape."""
    for shape in set(shapes.objects(None, SH.property)):
        if (shape, SH.path, None) not in shapes and (shape, SH["or"], None) in shapes:
            for owner in set(shapes.subjects(SH.property, shape)):
                shapes.remove((owner, SH.property, shape))
                for alternatives in shapes.objects(shape, SH["or"]):
                    shapes.add((owner, SH["or"], alternatives))
