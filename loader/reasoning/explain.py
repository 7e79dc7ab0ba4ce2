"""Why a statement is in the graph: asserted in a source, concluded by a rule from premises, or an axiom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple
from rapidfuzz import fuzz

from loader.errors import RuleError
from loader.model import iris
from loader.model.findings import Language
from loader.reasoning.patterns import (
    Bindings,
    Pattern,
    RulePatterns,
    instantiate,
    rule_patterns,
    unify,
)
from loader.reasoning.rules import Rule

DEPTH = 6
SOLUTIONS = 100
_SOURCE = NamedNode(iris.PREFIXES["dcterms"] + "source")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One statement: the graphs that assert it with the passages of its subject, or a rule.

    `cut` tells that the depth limit was met before the premises were explained.
    """

    triple: Triple
    graphs: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    rule: Rule | None = None
    premises: tuple[Explanation, ...] = field(default=())
    cut: bool = False


class Explainer:
    """Explains statements of one release's store (named graphs as released) by the rules that made it."""

    def __init__(self, store: Store, rules: Iterable[Rule]) -> None:
        """Take the rules apart once."""
        self._store = store
        self._rules = tuple((rule, rule_patterns(rule)) for rule in rules)

    def explain(self, triple: Triple, depth: int = DEPTH) -> Explanation | None:
        """Why the statement holds, or None when it is not in the graph."""
        return self._explain(triple, depth, frozenset())

    def _explain(self, triple: Triple, depth: int, above: frozenset[Triple]) -> Explanation | None:
        graphs = self._graphs(triple)
        if not graphs:
            return None
        asserted = tuple(graph for graph in graphs if graph != iris.INFERRED)
        if asserted:
            return Explanation(triple, graphs=asserted, passages=self._passages(triple, asserted))
        if depth <= 0:
            return Explanation(triple, cut=True)
        for rule, patterns in self._rules:
            premises = self._premises(rule, patterns, triple, above | {triple})
            if premises is not None:
                below = [self._explain(premise, depth - 1, above | {triple}) for premise in premises]
                return Explanation(triple, rule=rule, premises=tuple(item for item in below if item is not None))
        return Explanation(triple)

    def near(self, triple: Triple, limit: int = 5) -> tuple[Triple, ...]:
        """Statements that share subject and predicate, subject and object, or predicate and object, in this order."""
        patterns = (
            (triple.subject, triple.predicate, None),
            (triple.subject, None, triple.object),
            (None, triple.predicate, triple.object),
        )
        wanted = show(triple)
        found: dict[Triple, None] = {}
        for subject, predicate, value in patterns:
            quads = self._store.quads_for_pattern(subject, predicate, value, None)
            like = sorted(
                {quad.triple for quad in quads}, key=lambda near: (-fuzz.ratio(wanted, show(near)), str(near))
            )
            found |= dict.fromkeys(like[:limit])
        return tuple(found)[:limit]

    def _graphs(self, triple: Triple) -> tuple[str, ...]:
        quads = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return tuple(sorted(quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)))

    def _passages(self, triple: Triple, graphs: tuple[str, ...]) -> tuple[str, ...]:
        found = (self._store.quads_for_pattern(triple.subject, _SOURCE, None, NamedNode(graph)) for graph in graphs)
        return tuple(
            sorted({quad.object.value for quads in found for quad in quads if isinstance(quad.object, NamedNode)})
        )

    def _premises(
        self, rule: Rule, patterns: RulePatterns, triple: Triple, above: frozenset[Triple]
    ) -> list[Triple] | None:
        """The premises from which the rule concludes the triple, without those that are being explained already."""
        for conclusion in patterns.conclusions:
            unified = unify(conclusion, triple)
            if unified is None:
                continue
            for bindings in self._heads(patterns, unified):
                for solution in self._solutions(rule, patterns, bindings):
                    premises = self._present(patterns.premises, solution)
                    if premises is not None and not above & set(premises):
                        return premises
        return None

    def _heads(self, patterns: RulePatterns, bindings: Bindings) -> list[Bindings]:
        """The bindings completed so that all the rule's conclusions are in the graph, as they are when it has run."""
        body = " . ".join(" ".join(str(node) for node in pattern) for pattern in patterns.conclusions)
        return self._ask(f"SELECT DISTINCT * WHERE {{ {_values(bindings)} {body} }} LIMIT {SOLUTIONS}", bindings)

    def _present(self, patterns: tuple[Pattern, ...], solution: Bindings) -> list[Triple] | None:
        premises = [instantiate(pattern, solution) for pattern in patterns]
        if any(premise is None for premise in premises):
            return None
        return list(dict.fromkeys(premise for premise in premises if premise is not None))

    def _solutions(self, rule: Rule, patterns: RulePatterns, bindings: Bindings) -> list[Bindings]:
        """Solutions of the rule's WHERE clause that agree with the bindings."""
        prologue = rule.construct.split("CONSTRUCT", 1)[0]
        where = patterns.opened.split("WHERE {", 1)[1]
        given = {name: node for name, node in bindings.items() if name not in patterns.computed}
        query = f"SELECT DISTINCT * WHERE {{ {_values(given)} {where} LIMIT {SOLUTIONS} {_values(bindings)}"
        return self._ask(prologue + query, bindings)

    def _ask(self, query: str, bindings: Bindings) -> list[Bindings]:
        """The solutions with the bindings, sorted."""
        solutions = self._store.query(query, use_default_graph_as_union=True)
        if not isinstance(solutions, QuerySolutions):
            raise RuleError("A rule cannot be asked for its premises.")
        names = [variable.value for variable in solutions.variables]
        found = [{name: solution[name] for name in names} for solution in solutions]
        plain = [
            {**bindings, **{name: node for name, node in item.items() if isinstance(node, NamedNode | Literal)}}
            for item in found
        ]
        return sorted(plain, key=lambda item: [str(item.get(name)) for name in names])


def _values(bindings: Bindings) -> str:
    """A VALUES clause for the bindings; nothing when there are none."""
    if not bindings:
        return ""
    heads = " ".join(f"?{name}" for name in bindings)
    return f"VALUES ({heads}) {{ ({' '.join(str(node) for node in bindings.values())}) }}"


def lines(explanation: Explanation, language: Language) -> list[str]:
    """The explanation as indented text: the statement, why it holds, its premises below; each is explained once."""
    return list(_lines(explanation, language, indent=0, shown=set()))


def _lines(explanation: Explanation, language: Language, *, indent: int, shown: set[Triple]) -> Iterator[str]:
    space = "  " * indent
    yield f"{space}{show(explanation.triple)}"
    if explanation.premises and explanation.triple in shown:
        yield f"{space}  {'se ovan' if language == 'sv' else 'see above'}"
        return
    shown.add(explanation.triple)
    yield f"{space}  {_reason(explanation, language)}"
    for premise in explanation.premises:
        yield from _lines(premise, language, indent=indent + 2, shown=shown)


def show(triple: Triple) -> str:
    """The statement in short forms."""
    return " ".join(_short(node) for node in (triple.subject, triple.predicate, triple.object))


def _short(node: object) -> str:
    return iris.compact(node.value) if isinstance(node, NamedNode) else str(node)


def _reason(explanation: Explanation, language: Language) -> str:
    swedish = language == "sv"
    if explanation.graphs:
        graphs = ", ".join(iris.compact(graph) for graph in explanation.graphs)
        text = f"{'står i' if swedish else 'asserted in'} {graphs}"
        places = ", ".join(iris.compact(passage) for passage in explanation.passages)
        return f"{text}; {'källställe' if swedish else 'passage'} {places}" if places else text
    if explanation.rule is not None:
        rule = explanation.rule
        return f"{'härlett med regeln' if swedish else 'inferred by rule'} {rule.name}: {rule.sentence.text(language)}"
    if explanation.cut:
        return "härlett; djupet är nått" if swedish else "inferred; depth limit reached"
    return "härlett, men ingen regel ger det nu" if swedish else "inferred, but no rule of this version gives it"
