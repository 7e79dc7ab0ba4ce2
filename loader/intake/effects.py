"""What a submission does to what stands: which records it adds, changes, leaves as they were and takes away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pyoxigraph import NamedNode, Triple

from loader.checked import Effect
from loader.graph.beyond import stays
from loader.graph.scopes import record_path, records_of, table_of
from loader.intake.sheets.changes import Removal, still_used
from loader.intake.world.context import Context, scopes_in
from loader.model import iris
from loader.model.findings import NOWHERE, Finding, Message
from loader.release.words import labels_in

_SOURCE = iris.expand("dcterms:source")


def effect_of(stated: Iterable[Triple], removed: Iterable[str], whole: frozenset[str], context: Context) -> Effect:
    """What these statements and removals come to in the context's world."""
    said: dict[str, set[Triple]] = defaultdict(set)
    everything = tuple(stated)
    paths: dict[object, str | None] = {}
    for triple in everything:
        subject = triple.subject
        path = paths[subject] if subject in paths else paths.setdefault(subject, record_path(subject))
        if path is not None and triple.predicate.value != _SOURCE:
            said[path].add(triple)
    before = {path: _before(path, context) for path in said}
    taken = {*removed, *(_lacking(records_of(everything), whole, context) if whole else ())} - set(said)
    return Effect(
        removed=tuple(sorted(taken)),
        new=tuple(sorted(path for path, triples in before.items() if not triples)),
        changed=tuple(sorted(path for path, triples in before.items() if triples and triples != said[path])),
        same=tuple(sorted(path for path, triples in before.items() if triples and triples == said[path])),
        names={path: _called(path, context) for path in taken},
    )


def _called(path: str, context: Context) -> Message:
    """The record's label in either language, else its key."""
    iri = iris.thing(path)
    labels = labels_in(context.described.get(iri, ())).get(iri, {})
    sv, en = (labels.get(one) or labels.get(other) for one, other in (("sv", "en"), ("en", "sv")))
    return Message(sv=sv or labels.get("") or path, en=en or labels.get("") or path)


def _before(path: str, context: Context) -> set[Triple]:
    said = context.described.get(iris.thing(path), ())
    return {item for item in said if item.predicate.value != _SOURCE and not stays(path, item.predicate.value)}


def _lacking(puts: Mapping[str, str], whole: frozenset[str], context: Context) -> Iterator[str]:
    """The records of the scopes that stand and are not among those of the whole list."""
    for path, scope in scopes_in(context.described).items():
        if scope in whole and path not in puts and table_of(path) != "registers":
            yield path


def without(context: Context, removed: Iterable[str]) -> Context:
    """The context in which these records are gone."""
    names = {iris.thing(path) for path in removed}
    if not names:
        return context
    quads = tuple(quad for quad in context.quads if getattr(quad.subject, "value", "") not in names)
    described = {subject: triples for subject, triples in context.described.items() if subject not in names}
    return replace(context, quads=quads, described=described)


def left_behind(
    removed: Iterable[str], removals: Iterable[Removal], described: frozenset[str], context: Context
) -> Iterator[Finding]:
    """A finding for each record that goes while what stays refers to it."""
    gone = {iris.thing(path): path for path in removed}
    users: dict[str, list[str]] = defaultdict(list)
    for subject, triples in context.described.items() if gone else ():
        if subject in gone or subject in described:
            continue
        for triple in triples:
            if isinstance(triple.object, NamedNode) and triple.object.value in gone:
                users[triple.object.value].append(subject)
    places = {removal.path: removal.position for removal in removals}
    for iri, subjects in sorted(users.items()):
        yield still_used(gone[iri], sorted(set(subjects)), places.get(gone[iri], NOWHERE))
