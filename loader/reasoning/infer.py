"""Inference: the rules run set-wise in one store, stratum by stratum, until nothing new follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Triple

from loader.errors import RuleError
from loader.model import iris
from loader.reasoning.rules import Rule

MAX_ROUNDS = 50
_TYPE = iris.PREFIXES["rdf"] + "type"
_THING = iris.PREFIXES["owl"] + "Thing"


@dataclass(frozen=True, slots=True)
class Inference:
    """What was inferred: `store` holds everything known in its default graph, `triples` only what is new, sorted."""

    store: Store
    triples: tuple[Triple, ...]
    rounds: int


def infer(asserted: Iterable[Quad], rules: Iterable[Rule]) -> Inference:
    """Everything that follows from the asserted quads, read without their graphs."""
    store = Store()
    known = {quad.triple for quad in asserted}
    store.bulk_extend(Quad(*triple) for triple in known)
    rounds = 0
    everything = tuple(rules)
    for stratum in sorted({rule.stratum for rule in everything}):
        rounds += _fixpoint(store, everything, stratum)
    new = (quad.triple for quad in store)
    return Inference(store, tuple(sorted((t for t in new if t not in known and not is_noise(t)), key=str)), rounds)


def _fixpoint(store: Store, rules: Iterable[Rule], stratum: int) -> int:
    """Run the stratum's own rules, then all rules up to it wherever the predicates that they read have changed."""
    before = _sizes(store)
    for rule in rules:
        if rule.stratum == stratum:
            _run(store, rule, None)
    for number in range(1, MAX_ROUNDS + 1):
        after = _sizes(store)
        changed = frozenset(predicate for predicate, size in after.items() if before.get(predicate) != size)
        if not changed:
            return number
        before = after
        for rule in rules:
            if rule.stratum <= stratum and (rule.reads is None or rule.reads & changed):
                _run(store, rule, changed)
    raise RuleError(f"The rules up to stratum {stratum} still conclude new things after {MAX_ROUNDS} rounds.")


def _sizes(store: Store) -> dict[str, int]:
    """How many statements each predicate has."""
    solutions = store.query("SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p")
    if not isinstance(solutions, QuerySolutions):
        raise RuleError("The statements cannot be counted.")
    return {row[0].value: int(row[1].value) for row in solutions}


def _run(store: Store, rule: Rule, changed: frozenset[str] | None) -> None:
    try:
        store.update(rule.insert(changed))
    except (SyntaxError, ValueError) as error:
        raise RuleError(f"The rule {rule.name} cannot be run: {error}") from error


def is_noise(triple: Triple) -> bool:
    """Whether a conclusion tells nothing: reflexive, or that something is an owl:Thing."""
    if triple.subject == triple.object:
        return True
    return triple.predicate.value == _TYPE and isinstance(triple.object, NamedNode) and triple.object.value == _THING
