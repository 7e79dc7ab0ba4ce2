"""Which registers a submission touches, and what it touches that belongs to no register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from server.handing_in.submissions.lookup import Lookup
from server.service import BASE

_REGISTER = BASE + "id/register/"
_NS = BASE + "ns#"
# How the things of a register refer to it.
_OWNERS = frozenset(
    _NS + name for name in ("indicatorOf", "variableOf", "nameOf", "assesses", "listsRegister", "statementAbout")
) | {"http://www.w3.org/ns/dqv#computedOn"}
# What is ours alone: the vocabulary, the shapes, the rules, the graphs themselves, the concepts.
_PROTECTED = tuple(BASE + path for path in ("ns", "shapes", "rule/", "question/", "graph/", "id/scheme/"))
_CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"
_IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"


@dataclass(frozen=True, slots=True)
class Touched:
    """Keys of the registers whose description changes, and IRIs of other things that would be described anew."""

    registers: frozenset[str]
    common: frozenset[str]


def touched(triples: Iterable[Triple], lookup: Lookup) -> Touched:
    """What would change by these statements, which alone would describe their subjects.

    A subject is a register's when it refers to it, in the release or in the submission. Repeating what the release says
    of a thing, neither more nor less, touches nothing.
    """
    stated: dict[NamedNode, set[Triple]] = defaultdict(set)
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            stated[triple.subject].add(triple)
    said = lookup.said(stated)
    registers: set[str] = set()
    common: set[str] = set()
    for subject, statements in stated.items():
        before = said.get(subject, set())
        if statements == before:
            continue
        owners = _owners(subject, statements) | _owners(subject, before)
        registers |= owners
        if _is_common(subject, statements | before) or (before and not _owners(subject, before)):
            common.add(subject.value)
    return Touched(frozenset(registers), frozenset(common))


def _owners(subject: NamedNode, triples: Iterable[Triple]) -> set[str]:
    """The keys of the registers that the subject is, or refers to as its own."""
    referred = [triple.object for triple in triples if triple.predicate.value in _OWNERS]
    found = {subject.value} | {node.value for node in referred if isinstance(node, NamedNode)}
    return {iri.removeprefix(_REGISTER) for iri in found if iri.startswith(_REGISTER)}


def _is_common(subject: NamedNode, triples: Iterable[Triple]) -> bool:
    """Whether the subject is part of what everyone shares: a term, a shape, a concept of a scheme."""
    if subject.value.startswith(_PROTECTED):
        return True
    return any(
        triple.predicate.value == _IN_SCHEME
        or (isinstance(triple.object, NamedNode) and triple.object.value == _CONCEPT)
        for triple in triples
    )
