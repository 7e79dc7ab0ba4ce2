"""A check's result as bytes and back, between processes that do not trust each other: JSON and N-Triples."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse, serialize

from loader.checked import CheckResult, Effect
from loader.intake.sheets.columns import ColumnReading, How
from loader.model.findings import Message, from_dict, to_dict


def to_wire(result: CheckResult) -> bytes:
    """The result as bytes."""
    statements = serialize(result.quads, format=RdfFormat.N_TRIPLES) or b""
    data = {
        "readable": result.readable,
        "conforms": result.conforms,
        "findings": [to_dict(finding) for finding in result.findings],
        "quads": statements.decode(),
        "registers": sorted(result.registers),
        "removes": dict(result.removes),
        "whole": sorted(result.whole),
        "effect": None if result.effect is None else asdict(result.effect),
        "columns": [{**asdict(reading), "how": reading.how.value} for reading in result.columns],
    }
    return json.dumps(data, ensure_ascii=False).encode()


def from_wire(data: bytes) -> CheckResult:
    """The result that `to_wire` wrote; ValueError, KeyError or TypeError when it is none."""
    raw: dict[str, Any] = json.loads(data)
    triples = [quad.triple for quad in parse(raw["quads"].encode(), format=RdfFormat.N_TRIPLES)]
    return CheckResult(
        readable=bool(raw["readable"]),
        conforms=bool(raw["conforms"]),
        findings=tuple(from_dict(item) for item in raw["findings"]),
        quads=tuple(triple for triple in triples if _plain(triple)),
        registers=frozenset(raw["registers"]),
        columns=tuple(ColumnReading(**{**item, "how": How(item["how"])}) for item in raw["columns"]),
        removes=dict(raw["removes"]),
        whole=frozenset(raw["whole"]),
        effect=_effect(raw["effect"]),
    )


def _effect(raw: dict[str, Any] | None) -> Effect | None:
    if raw is None:
        return None
    names = {path: Message(**name) for path, name in raw["names"].items()}
    return Effect(tuple(raw["removed"]), tuple(raw["new"]), tuple(raw["changed"]), tuple(raw["same"]), names)


def _plain(triple: Triple) -> bool:
    return isinstance(triple.subject, NamedNode | BlankNode) and not isinstance(triple.object, Triple)
