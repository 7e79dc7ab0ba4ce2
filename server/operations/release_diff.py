"""What differs between two releases: statements added and removed by graph, counted and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from loader.release.manifest import Release
from server.handing_in.submissions.neutral import shown
from server.handing_in.submissions.words import Words, labels_in
from server.query.prefixes import short_name

_LABEL = re.compile(rb"<[^>]*> <[^>]*(?:#prefLabel|#label)> ")


@dataclass(slots=True)
class GraphDiff:
    """How one named graph differs: how many statements came and went, and the first of them."""

    added: int = 0
    removed: int = 0
    shown: list[tuple[str, Triple]] = field(default_factory=list)


def diff(old: Release, new: Release, most: int) -> dict[str, GraphDiff]:
    """The graphs that differ, by IRI, with at most `most` statements of each."""
    found: dict[str, GraphDiff] = {}
    for change, line in changed_lines(old.graph, new.graph):
        graph = line.rsplit(b" ", 2)[1][1:-1].decode()
        item = found.setdefault(graph, GraphDiff())
        if change == "added":
            item.added += 1
        else:
            item.removed += 1
        if len(item.shown) < most:
            item.shown += [(change, quad.triple) for quad in parse(line, format=RdfFormat.N_QUADS)]
    return dict(sorted(found.items()))


def changed_lines(old: Path, new: Path) -> Iterator[tuple[str, bytes]]:
    """`added` and `removed` with the line, for two files of sorted lines; neither is held in memory."""
    with old.open("rb") as before, new.open("rb") as after:
        left, right = before.readline(), after.readline()
        while left or right:
            if left == right:
                left, right = before.readline(), after.readline()
            elif not right or (left and left.rstrip(b"\n") < right.rstrip(b"\n")):
                yield "removed", left
                left = before.readline()
            else:
                yield "added", right
                right = after.readline()


def in_words(found: dict[str, GraphDiff], releases: Iterable[Release], language: str) -> Iterator[str]:
    """The difference as lines: each graph with its counts, then its statements as sentences."""
    if not found:
        yield "Versionerna säger detsamma." if language == "sv" else "The releases say the same."
        return
    words = Words(_labels(found, releases))
    for graph, item in found.items():
        yield f"{short_name(graph)}: +{item.added} −{item.removed}"
        for change, triple in item.shown:
            yield shown("  " + words.sentence(change, triple, language))
        rest = item.added + item.removed - len(item.shown)
        if rest:
            yield f"  … {rest} till" if language == "sv" else f"  … {rest} more"


def _labels(found: dict[str, GraphDiff], releases: Iterable[Release]) -> dict[str, dict[str, str]]:
    """The labels of what is shown, the new release's before the old one's."""
    shown = [triple for item in found.values() for _, triple in item.shown]
    nodes = {str(node).encode() for triple in shown for node in _nodes(triple)}
    labels: dict[str, dict[str, str]] = {}
    for release in releases:
        for iri, names in labels_in(_labelling(release.graph, nodes)).items():
            labels[iri] = {**names, **labels.get(iri, {})}
    return labels


def _nodes(triple: Triple) -> Iterator[NamedNode]:
    for node in (triple.subject, triple.predicate, triple.object):
        if isinstance(node, NamedNode):
            yield node


def _labelling(graph: Path, nodes: set[bytes]) -> Iterator[Triple]:
    with graph.open("rb") as file:
        for line in file:
            if line.partition(b" ")[0] in nodes and _LABEL.match(line):
                for quad in parse(line, format=RdfFormat.N_QUADS):
                    yield quad.triple
