"""What is doubtful in the mappings as a whole: dead ends, cycles, many matches for one, labels that are far apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import Literal, NamedNode, Quad
from rapidfuzz import fuzz, utils

from loader.graph.alignments import Alignment
from loader.model import iris
from loader.model.findings import Finding, Message, Severity

_SKOS = iris.PREFIXES["skos"]
_LABELS = {_SKOS + "prefLabel", _SKOS + "altLabel", iris.PREFIXES["rdfs"] + "label"}
_SAME = {_SKOS + "exactMatch", _SKOS + "closeMatch"}
_ALIKE = 50  # of 100: labels that are less alike are told
_AGENT = iris.thing("agent/x").removesuffix("x")


def mapping_findings(mappings: Sequence[Alignment], quads: Iterable[Quad]) -> list[Finding]:
    """What the mappings show, held against everything that is stated; in the order of the checks and the files."""
    labels: dict[str, set[str]] = defaultdict(set)
    broader: set[tuple[str, str]] = set()
    for quad in quads:
        if not isinstance(quad.subject, NamedNode):
            continue
        said = labels[quad.subject.value]
        if quad.predicate.value in _LABELS and isinstance(quad.object, Literal):
            said.add(quad.object.value)
        if quad.predicate.value == _SKOS + "broader" and isinstance(quad.object, NamedNode):
            broader.add((quad.subject.value, quad.object.value))
    positive = [item for item in mappings if not item.negative]
    checks = (
        *(finding for item in mappings for finding in _ends(item, labels)),
        *_reviewers(mappings, labels),
        *_denied(positive, [item for item in mappings if item.negative]),
        *_cycles(positive, broader),
        *_many(positive),
        *(finding for item in positive for finding in _apart(item, labels)),
    )
    return list(checks)


def _ends(item: Alignment, labels: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Ends of our own that are not there or are called otherwise."""
    for iri, label in ((item.subject, item.note("subject_label")), (item.object, item.note("object_label"))):
        if not iri.startswith(iris.BASE):
            continue
        if iri not in labels:
            if iri != item.subject:  # of a subject, the reading of the file tells
                sv, en = (
                    f"Målet {iris.compact(iri)} finns inte i grafen.",
                    f"The target {iris.compact(iri)} is not in the graph.",
                )
                yield _told("dead-target", Severity.VIOLATION, item, sv, en)
        elif label is not None and label not in labels[iri]:
            sv, en = f"{iris.compact(iri)} heter inte ”{label}”.", f"{iris.compact(iri)} is not called “{label}”."
            yield _told("mapping-label", Severity.WARNING, item, sv, en)


def _reviewers(mappings: Iterable[Alignment], labels: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Reviewers who are no agents, each time; agents whom these sources do not describe, once each."""
    undescribed: dict[str, Alignment] = {}
    for item in mappings:
        name = iris.compact(item.reviewer or "")
        if item.reviewer is not None and not item.reviewer.startswith(_AGENT):
            sv = f"Granskaren {name} är ingen av grafens aktörer: ange en roll eller en organisation, inte en person."
            en = f"The reviewer {name} is none of the graph’s agents: give a role or an organisation, not a person."
            yield _told("mapping-reviewer", Severity.VIOLATION, item, sv, en)
        elif item.reviewer is not None and item.reviewer not in labels:
            undescribed.setdefault(item.reviewer, item)
    for item in undescribed.values():
        name = iris.compact(item.reviewer or "")
        sv = f"Granskaren {name} beskrivs inte i dessa källor."
        en = f"The reviewer {name} is not described in these sources."
        yield _told("mapping-reviewer", Severity.WARNING, item, sv, en)


def _denied(positive: Iterable[Alignment], negative: Iterable[Alignment]) -> Iterator[Finding]:
    denied = {(item.subject, item.predicate, item.object): item.position for item in negative}
    for item in positive:
        place = denied.get((item.subject, item.predicate, item.object))
        if place is not None:
            sv, en = f"Samma mappning är förkastad: {place}.", f"The same mapping is rejected: {place}."
            yield _told("mapping-rejected", Severity.VIOLATION, item, sv, en)


def _cycles(positive: Sequence[Alignment], broader: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Where what is broader ends where it began; each cycle is told at one of its mappings, and opened there."""
    exact = [item for item in positive if item.predicate == _SKOS + "exactMatch"]
    same = _classes(exact)
    of = {edge: item for item in positive for edge in _edge(item, same)}
    below: dict[str, set[str]] = defaultdict(set)
    for one, other in [*((same.get(one, one), same.get(other, other)) for one, other in broader), *of]:
        below[one].add(other)
    while (steps := _cycle(below)) is not None:
        edge = next((edge for edge in steps if edge in of), steps[0])
        below[edge[0]].discard(edge[1])
        merged = next((item for item in exact if same[item.subject] in edge), None)
        if (blamed := of.get(edge, merged)) is not None:  # of a scheme that is a cycle by itself, its shapes tell
            names = " → ".join(iris.compact(one) for one, _ in steps)
            sv, en = f"Det vidare leder tillbaka: {names}.", f"What is broader leads back: {names}."
            yield _told("mapping-cycle", Severity.WARNING, blamed, sv, en)


def _cycle(below: Mapping[str, set[str]]) -> list[tuple[str, str]] | None:
    """The steps of a cycle, if there is one."""
    try:
        TopologicalSorter(below).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return list(zip(found[1:], found, strict=False))
    return None


def _edge(item: Alignment, same: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    ends = same.get(item.subject, item.subject), same.get(item.object, item.object)
    if item.predicate == _SKOS + "broadMatch":
        yield ends
    elif item.predicate == _SKOS + "narrowMatch":
        yield ends[::-1]


def _classes(exact: Iterable[Alignment]) -> dict[str, str]:
    """What is the same, under one name."""
    name: dict[str, str] = {}
    for item in exact:
        one, other = name.get(item.subject, item.subject), name.get(item.object, item.object)
        name |= {item.subject: one, item.object: one}
        name.update({iri: one for iri, known in name.items() if known == other})
    return name


def _many(positive: Iterable[Alignment]) -> Iterator[Finding]:
    """Of matches that say the same, those where one thing of a set has several."""
    known: dict[tuple[str | None, str], Alignment] = {}
    for item in positive:
        if item.predicate not in _SAME:
            continue
        for end in (item.subject, item.object):
            first = known.setdefault((item.position.file, end), item)
            if first is not item:
                sv = f"{iris.compact(end)} har flera motsvarigheter; den första står på {first.position}."
                en = f"{iris.compact(end)} has several matches; the first is at {first.position}."
                yield _told("mapping-one-to-many", Severity.WARNING, item, sv, en)


def _apart(item: Alignment, labels: Mapping[str, set[str]]) -> Iterator[Finding]:
    """A match that says the same of things whose labels are far apart."""
    label = item.note("object_label")
    ours = labels.get(item.subject) or set()
    if item.predicate not in _SAME or label is None or not ours:
        return
    alike = max(fuzz.token_sort_ratio(one, label, processor=utils.default_process) for one in ours)
    if alike < _ALIKE:
        sv = f"Namnen är till {alike:.0f} % lika: ”{item.note('subject_label')}” och ”{label}”."
        en = f"The labels are {alike:.0f}% alike: “{item.note('subject_label')}” and “{label}”."
        yield _told("mapping-labels-apart", Severity.INFO, item, sv, en)


def _told(rule: str, severity: Severity, item: Alignment, sv: str, en: str) -> Finding:
    return Finding(rule, severity, Message(sv, en), item.position, iris.compact(item.subject), focus=item.subject)
