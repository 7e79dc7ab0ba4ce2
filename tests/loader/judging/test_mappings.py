"""Mappings held against the graph and each other: each doubt is told at the line of its row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from loader.graph.alignments import read_alignments
from loader.judging.mappings import mapping_findings
from loader.model import iris
from loader.model.findings import Severity

HEAD = """#mapping_set_id: https://w3id.org/registergraf/alignment/x
#curie_map:
#  rgid: https://w3id.org/registergraf/id/
#  skos: http://www.w3.org/2004/02/skos/core#
#  semapv: https://w3id.org/semapv/vocab/
#  other: https://example.org/
subject_id\tsubject_label\tpredicate_modifier\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tconfidence\treviewer_id
"""
LABELS = {"service-area/a": "Care", "service-area/b": "Support", "agent/board": "Board"}
QUADS = [
    *(
        Quad(NamedNode(iris.thing(key)), NamedNode(iris.expand("skos:prefLabel")), Literal(label, language="en"))
        for key, label in LABELS.items()
    ),
    Quad(
        NamedNode(iris.thing("service-area/a")),
        NamedNode(iris.expand("skos:broader")),
        NamedNode(iris.thing("service-area/b")),
    ),
]
CARE, SUPPORT = ("rgid:service-area/a", "Care"), ("rgid:service-area/b", "Support")


def row(
    subject: tuple[str, str],
    predicate: str,
    target: tuple[str, str],
    *,
    negative: bool = False,
    reviewer: str = "rgid:agent/board",
) -> str:
    cells = (*subject, "Not" if negative else "", f"skos:{predicate}", *target, "semapv:ManualMappingCuration", "0.9")
    return "\t".join([*cells, reviewer]) + "\n"


def told(folder: Path, rows: Sequence[str]) -> list[tuple[str, Severity, int | None]]:
    (folder / "x.sssom.tsv").write_text(HEAD + "".join(rows), encoding="utf-8")
    found = read_alignments(folder, {iris.thing(key) for key in LABELS})
    assert found.findings == ()
    return [(item.rule, item.severity, item.position.line) for item in mapping_findings(found.mappings, QUADS)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(CARE, "closeMatch", ("other:1", "care"))], []),
        ([row(CARE, "relatedMatch", ("rgid:service-area/gone", "Gone"))], [("dead-target", Severity.VIOLATION, 8)]),
        ([row(CARE, "relatedMatch", ("rgid:service-area/b", "Aid"))], [("mapping-label", Severity.WARNING, 8)]),
        (
            [row(CARE, "relatedMatch", ("other:1", "x"), reviewer="other:somebody")],
            [("mapping-reviewer", Severity.VIOLATION, 8)],
        ),
        (
            [row(CARE, "relatedMatch", (f"other:{end}", "x"), reviewer="rgid:agent/nobody") for end in (1, 2)],
            [("mapping-reviewer", Severity.WARNING, 8)],
        ),
        (
            [
                row(CARE, "closeMatch", ("other:1", "care")),
                row(CARE, "closeMatch", ("other:1", "care"), negative=True),
            ],
            [("mapping-rejected", Severity.VIOLATION, 8)],
        ),
        (
            [row(CARE, "exactMatch", ("other:1", "care")), row(CARE, "closeMatch", ("other:2", "cares"))],
            [("mapping-one-to-many", Severity.WARNING, 9)],
        ),
        (
            [row(CARE, "exactMatch", ("other:1", "care")), row(SUPPORT, "exactMatch", ("other:1", "support"))],
            [
                ("mapping-cycle", Severity.WARNING, 8),
                ("mapping-one-to-many", Severity.WARNING, 9),
            ],
        ),
        (
            [row(CARE, "narrowMatch", ("other:1", "x")), row(SUPPORT, "broadMatch", ("other:1", "x"))],
            [("mapping-cycle", Severity.WARNING, 8)],
        ),
        ([row(CARE, "exactMatch", ("other:1", "zoology"))], [("mapping-labels-apart", Severity.INFO, 8)]),
    ],
)
def test_each_doubt(rows: list[str], expected: list[tuple[str, Severity, int]], tmp_path: Path) -> None:
    assert told(tmp_path, rows) == expected
