"""The files of a release as bytes: the graph, the ontology, the shapes and the questions on their own, the findings."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from loader.model.findings import Finding, to_dict
from loader.model.iris import PREFIXES

_PREFIXES = dict(PREFIXES)


def n_quads(quads: Iterable[Quad]) -> bytes:
    """The quads as N-Quads, one a line, without repetitions, sorted by bytes."""
    data = serialize(quads, format=RdfFormat.N_QUADS)
    return b"\n".join(sorted(set(data.splitlines()))) + b"\n" if data else b""


def turtle(quads: Iterable[Quad]) -> bytes:
    """The quads without their graphs as Turtle, sorted."""
    triples: Sequence[Triple] = sorted({quad.triple for quad in quads}, key=str)
    return serialize(triples, format=RdfFormat.TURTLE, prefixes=_PREFIXES) or b""


def joined(files: Iterable[Path], added: bytes = b"") -> bytes:
    """Turtle files one after the other as they were written, each under its name, then what is added."""
    parts = [f"# {path.name}\n\n".encode() + path.read_bytes().strip() + b"\n" for path in files]
    return b"\n".join([*parts, added] if added else parts)


def findings_json(findings: Iterable[Finding]) -> bytes:
    """The findings as a JSON object with the key findings, in their order."""
    return to_json({"findings": [to_dict(finding) for finding in findings]})


def to_json(data: Mapping[str, object]) -> bytes:
    """Indented JSON in UTF-8 with sorted keys and a newline at the end."""
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def graph_counts(graph: bytes) -> dict[str, int]:
    """How many statements each named graph of sorted N-Quads has."""
    counts = Counter(line.rsplit(b" ", 2)[1][1:-1].decode() for line in graph.splitlines())
    return dict(sorted(counts.items()))


def digest(data: bytes) -> str:
    """The SHA-256 of the bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
