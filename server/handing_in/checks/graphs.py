"""Accepted submissions on their way to the process that rehearses a build: facts in the header, statements as parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from loader.graph.accepted import AcceptedGraph, Provenance


def described(graph: AcceptedGraph) -> dict[str, Any]:
    """Everything but the statements, as JSON data."""
    return {
        "key": graph.key,
        "provenance": asdict(graph.provenance),
        "number": graph.number,
        "removes": dict(graph.removes),
        "whole": sorted(graph.whole),
        "instead_of": sorted(graph.instead_of),
    }


def graphs_from(facts: Sequence[dict[str, Any]], parts: Sequence[bytes]) -> tuple[AcceptedGraph, ...]:
    """The graphs that `described` wrote; KeyError, TypeError or ValueError when it did not."""
    return tuple(_graph(fact, statements) for fact, statements in zip(facts, parts, strict=True))


def _graph(fact: dict[str, Any], statements: bytes) -> AcceptedGraph:
    provenance = {**fact["provenance"], "files": tuple(fact["provenance"]["files"])}
    return AcceptedGraph(
        key=str(fact["key"]),
        statements=statements,
        provenance=Provenance(**provenance),
        number=int(fact["number"]),
        removes=dict(fact["removes"]),
        whole=frozenset(fact["whole"]),
        instead_of=frozenset(fact["instead_of"]),
    )
