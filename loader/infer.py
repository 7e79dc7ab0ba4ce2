"""Inference: the rules run set-wise in one store, stratum by stratum, until nothing new follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Store, Triple

from loader import iris
from loader.errors import RuleError
from loader.rules import Rule

MAX_ROUNDS = 50
_TYPE = iris.PREFIXES["rdf"] + "type"
_THING = iris.PREFIXES["owl"] + "Thing"


@dataclass(frozen=True, slots=True)
class Inference:
    """What was inferred: `store` holds everything known in its default graph, `triples` only what is new, sorted."""

    store: Store
    triples: tuple[Triple, ...]
    rounds: int


def infer(asserted: Iterable[Quad], closure: Iterable[Triple], rules: Iterable[Rule]) -> Inference:
    """Everything that follows from the asserted quads (read without their graphs) and the ontology's closure."""
    store = Store()
    known = {quad.triple for quad in asserted}
    store.bulk_extend(Quad(*triple) for triple in known)
    store.bulk_extend(Quad(*triple) for triple in closure)
    rounds = 0
    everything = tuple(rules)
    for stratum in sorted({rule.stratum for rule in everything}):
        rounds += _fixpoint(store, [rule for rule in everything if rule.stratum <= stratum])
    new = (quad.triple for quad in store)
    return Inference(store, tuple(sorted((t for t in new if t not in known and not is_noise(t)), key=str)), rounds)


def _fixpoint(store: Store, rules: list[Rule]) -> int:
    size = -1
    for number in range(1, MAX_ROUNDS + 1):
        if size == (size := len(store)):
            return number - 1
        for rule in rules:
            _run(store, rule)
    raise RuleError(f"The rules up to stratum {rules[-1].stratum} still conclude new things after {MAX_ROUNDS} rounds.")


def _run(store: Store, rule: Rule) -> None:
    try:
        store.update(rule.insert)
    except (SyntaxError, ValueError) as error:
        raise RuleError(f"The rule {rule.name} cannot be run: {error}") from error


def is_noise(triple: Triple) -> bool:
    """Whether a conclusion tells nothing: reflexive, or that something is an owl:Thing."""
    if triple.subject == triple.object:
        return True
    return triple.predicate.value == _TYPE and isinstance(triple.object, NamedNode) and triple.object.value == _THING
