"""What shapes and rules find in a submission: judged with what it refers to in the release, not with the world."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock

from pyoxigraph import NamedNode, Quad, Store, Triple
from rdflib import Graph

from loader.intake.world.context import Context
from loader.judging.checks import read_checks, run_checks
from loader.judging.results import Result
from loader.judging.screen import Facts, Told, nothing
from loader.judging.validate import validate_subjects
from loader.model import iris
from loader.model.findings import Message
from loader.resources import find_resources

_SUBCLASS = iris.PREFIXES["rdfs"] + "subClassOf"
_JOINING = Lock()


@dataclass(frozen=True, slots=True)
class Case:
    """A submission to be judged: its statements, the subjects that it says something of, and what is `told` of them.

    `kept` are the release's statements on these that stay, since no row can say them.
    """

    triples: tuple[Triple, ...]
    subjects: frozenset[str]
    told: Told = nothing
    kept: tuple[Triple, ...] = ()


def shape_results(case: Case, context: Context, flat: Graph) -> list[Result]:
    """What the flattened shapes find on the submission's own subjects; the release tells what it refers to.

    Nothing is asked of properties of which all is told.
    """
    facts = Facts([*case.triples, *case.kept, *_referred(case, context), *_subclasses(context)])
    return validate_subjects(facts, case.subjects, flat, case.told)


def rule_results(case: Case, context: Context) -> list[Result]:
    """What the rules across records find on the submission's own subjects, within the release that it would join.

    What else the release says of the submission's subjects is left out: the submission takes its place.
    """
    with _joined(case, _stored(context.quads)) as store:
        found = run_checks(store, read_checks(find_resources().checks))
        return [result for result in found if result.focus in case.subjects]


@lru_cache(maxsize=1)
def _stored(quads: tuple[Quad, ...]) -> Store:
    """The statements without their graphs, kept for the next submission that is judged by this process."""
    store = Store()
    store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)  # bulk_extend reserves 200 MB
    return store


@contextmanager
def _joined(case: Case, store: Store) -> Iterator[Store]:
    """The store with the submission in the place of what it says of its subjects, and at the end as it was before."""
    own = [Quad(triple.subject, triple.predicate, triple.object) for triple in (*case.triples, *case.kept)]
    named = [NamedNode(subject) for subject in case.subjects if iris.is_absolute(subject)]
    with _JOINING:
        aside = [quad for node in named for quad in store.quads_for_pattern(node, None, None)]
        for quad in aside:
            store.remove(quad)
        added = [quad for quad in dict.fromkeys(own) if quad not in store]
        store.extend(added)
        try:
            yield store
        finally:
            for quad in added:
                store.remove(quad)
            store.extend(aside)


def _referred(case: Case, context: Context) -> Iterator[Triple]:
    """The release's statements on what the submission refers to and does not describe itself."""
    seen: set[str] = set()
    for triple in (*case.triples, *case.kept):
        value = triple.object
        if isinstance(value, NamedNode) and value.value not in seen and value.value not in case.subjects:
            seen.add(value.value)
            yield from context.described.get(value.value, ())


def _subclasses(context: Context) -> Iterator[Triple]:
    return (quad.triple for quad in context.terms if quad.predicate.value == _SUBCLASS)


def with_value(result: Result, names: Collection[str] = ()) -> Result:
    """The result with the value found in its sentence, where the shape's sentence leaves it out."""
    value = result.value
    if (
        value is None
        or value in result.message.sv
        or (shown := iris.compact(value) if iris.is_absolute(value) else value) in result.message.sv
    ):
        return result
    short = shown if len(shown) <= 120 else shown[:119] + "…"
    message = Message(sv=f"{result.message.sv} Värdet är «{short}».", en=f"{result.message.en} The value is “{short}”.")
    return replace(result, message=message)


def subjects_of(triples: Iterable[Triple]) -> frozenset[str]:
    """The IRIs of all that the statements say something of; blank nodes by their identifiers."""
    return frozenset(triple.subject.value for triple in triples if not isinstance(triple.subject, Triple))
