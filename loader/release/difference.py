"""What differs between two releases, record by record in words, and as the statements that came and went.

A record is a thing of ours with all that the sources and submissions state of it, whatever graph holds it, so that a
statement which moves from one graph to another is no difference. What is inferred follows from what is stated; it and
the apparatus of submissions are counted beside.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse

from loader.model import iris
from loader.release.manifest import Release
from loader.release.records import RecordChange, as_lines, by_record
from loader.release.words import Words, goes, labels_in

_LABEL = re.compile(rb"<[^>]*> <[^>]*(?:#prefLabel|#label)> ")
_INFERRED = f" <{iris.graph('inferred')}> .".encode()
_APPARATUS = (
    *("acceptance/", "withdrawal/", "submission/", "file/", "software/", "graph/submission/", "agent/account-"),
    *("document/submitted-", "part/submitted-", "passage/submitted-"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """The records that differ, those that go first; how many inferred statements came and went, and how many records
    of the apparatus (acceptances, files) differ.
    """

    records: tuple[RecordChange, ...]
    inferred: tuple[int, int]
    apparatus: int

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of records by change: removed, changed, new."""
        return Counter(item.change for item in self.records)


def difference(old: Release, new: Release) -> Difference:
    """Compare two releases whole."""
    subjects, inferred = _touched(changed_lines(old.graph, new.graph))
    said = [_said(release.graph, subjects) for release in (old, new)]
    words = Words(_labels(said, (old, new)))
    found = by_record(said[0], said[1], words, {})
    told = [item for item in found if not item.path.startswith(_APPARATUS)]
    return Difference(tuple(told), inferred, len(found) - len(told))


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


def write_lines(old: Release, new: Release, added: Path, removed: Path) -> None:
    """Write the statements that came and those that went, as N-Quads."""
    with added.open("wb") as come, removed.open("wb") as gone:
        for change, line in changed_lines(old.graph, new.graph):
            (come if change == "added" else gone).write(line.rstrip(b"\n") + b"\n")


def in_words(found: Difference, language: str) -> Iterator[str]:
    """The difference as lines: counts, then each record, those that go first."""
    swedish = language == "sv"
    come, gone = found.inferred
    if not found.records and not (come or gone or found.apparatus):
        yield "Versionerna säger detsamma." if swedish else "The releases say the same."
        return
    removed, changed, new = (found.counts.get(change, 0) for change in ("removed", "changed", "new"))
    if swedish:
        are = "är ny" if new == 1 else "är nya"
        yield f"{goes(removed, 'sv')}, {changed} ändras, {new} {are}. Härlett: +{come} −{gone} påståenden."
    else:
        yield f"{goes(removed, 'en')}, {changed} changed, {new} new. Inferred: +{come} −{gone} statements."
    if found.apparatus:
        about = "godtaganden och filer" if swedish else "acceptances and files"
        yield f"+{found.apparatus}: {about}."
    yield from as_lines(found.records, language)


def _touched(lines: Iterable[tuple[str, bytes]]) -> tuple[set[bytes], tuple[int, int]]:
    """The subjects of ours of which something stated differs, and the inferred statements that came and went."""
    subjects: set[bytes] = set()
    counts: Counter[str] = Counter()
    for change, line in lines:
        if line.rstrip(b"\n").endswith(_INFERRED):
            counts[change] += 1
        elif line.startswith(b"<" + iris.BASE.encode()):
            subjects.add(line.partition(b" ")[0])
    return subjects, (counts["added"], counts["removed"])


def _said(graph: Path, subjects: set[bytes]) -> dict[str, set[Triple]]:
    """All that is stated of the subjects, by the end of their IRI."""
    found: dict[str, set[Triple]] = defaultdict(set)
    with graph.open("rb") as file:
        for line in file:
            if line.partition(b" ")[0] in subjects and not line.rstrip(b"\n").endswith(_INFERRED):
                for quad in parse(line, format=RdfFormat.N_QUADS):
                    found[_path(quad.subject.value)].add(quad.triple)
    return found


def _path(iri: str) -> str:
    return iri.removeprefix(iris.ID) if iri.startswith(iris.ID) else iri.removeprefix(iris.BASE)


def _labels(said: Iterable[Mapping[str, set[Triple]]], releases: Iterable[Release]) -> dict[str, dict[str, str]]:
    """The labels of what is shown, the new release's before the old one's."""
    triples = [triple for records in said for found in records.values() for triple in found]
    nodes = {str(node).encode() for triple in triples for node in (triple.subject, triple.predicate, triple.object)}
    labels: dict[str, dict[str, str]] = {}
    for release in releases:
        for iri, names in labels_in(_labelling(release.graph, nodes)).items():
            labels[iri] = {**labels.get(iri, {}), **names}
    return labels


def _labelling(graph: Path, nodes: set[bytes]) -> Iterator[Triple]:
    with graph.open("rb") as file:
        for line in file:
            if line.partition(b" ")[0] in nodes and _LABEL.match(line):
                for quad in parse(line, format=RdfFormat.N_QUADS):
                    yield quad.triple
