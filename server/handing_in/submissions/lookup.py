"""What the release says of given things, asked in portions through the one query function."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from loader.checked import NOTHING, Accepted
from loader.graph.accepted import read_statements
from loader.graph.scopes import OWNED_BY, records_of
from loader.graph.traces import is_trace
from loader.model import iris
from server.query.answering import Answering, Question
from server.service import BASE, Service
from server.web.media import JSON

INFERRED = BASE + "graph/inferred"
_PORTION = 400
_SAID = "SELECT ?s ?p ?o { VALUES ?s { %s } GRAPH ?g { ?s ?p ?o } FILTER(?g != <" + INFERRED + ">) }"
_LABELS = (
    "SELECT ?s ?o { VALUES ?s { %s } "
    "?s <http://www.w3.org/2004/02/skos/core#prefLabel>|<http://www.w3.org/2000/01/rdf-schema#label> ?o }"
)
_SOURCE = iris.expand("dcterms:source")
_OWNED = (
    "SELECT ?s ?p ?thing ?source { VALUES ?s { %s } VALUES ?p { "
    + " ".join(sorted({f"<{iris.expand(name)}>" for name in OWNED_BY.values() if name is not None}))
    + f" }} ?thing ?p ?s OPTIONAL {{ ?thing <{_SOURCE}> ?source }} }}"
)
Node = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Lookup:
    """The questions that submissions have about the release that `answering` answers from."""

    answering: Answering
    timeout: float
    accepted: Accepted = NOTHING

    def over(self, accepted: Accepted) -> Lookup:
        """The same with what was accepted in the place of what the release says of it."""
        return replace(self, accepted=accepted)

    def said(self, subjects: Collection[NamedNode]) -> dict[NamedNode, set[Triple]]:
        """What is stated, not inferred, of each of the subjects that are known; of what is gone only a trace is left,
        which is nothing that stands.
        """
        found: dict[NamedNode, set[Triple]] = defaultdict(set)
        anew = self._anew(subjects)
        for node in anew:
            found[node] = anew[node]
        for row in self._each(_SAID, [node for node in subjects if node not in anew]):
            subject, predicate = row["s"], row["p"]
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
                found[subject].add(Triple(subject, predicate, row["o"]))
        return {subject: triples for subject, triples in found.items() if triples and not is_trace(triples)}

    def _anew(self, subjects: Collection[NamedNode]) -> dict[NamedNode, set[Triple]]:
        """What was accepted says of the subjects; an empty set for what is gone."""
        if self.accepted == NOTHING:
            return {}
        wanted = set(subjects)
        gone = {BASE + "id/" + path for path in self.accepted.gone}
        found: dict[NamedNode, set[Triple]] = {node: set() for node in wanted if node.value in gone}
        for triple in read_statements(self.accepted.statements):
            if isinstance(triple.subject, NamedNode) and triple.subject in wanted:
                found.setdefault(triple.subject, set()).add(triple)
        return found

    def records_in(self, scopes: Collection[str]) -> dict[str, str]:
        """The records of these scopes that stand, by path, with their scopes."""
        registers = {scope.partition(":")[2] for scope in scopes}
        if not registers:
            return {}
        things = [NamedNode(f"{BASE}id/register/{register}") for register in sorted(registers)]
        rows = list(self._each(_OWNED, things))
        triples = [Triple(row["thing"], row["p"], row["s"]) for row in rows]  # type: ignore[arg-type]
        source = NamedNode(_SOURCE)
        triples += [Triple(row["thing"], source, row["source"]) for row in rows if row["source"]]  # type: ignore[arg-type]
        released = records_of(triples)
        accepted = records_of(read_statements(self.accepted.statements))
        stay = {
            path: scope
            for path, scope in released.items()
            if path not in self.accepted.gone and scope not in self.accepted.whole
        }
        return {path: scope for path, scope in {**stay, **accepted}.items() if scope in scopes}

    def labels(self, things: Collection[NamedNode]) -> dict[str, Mapping[str, str]]:
        """The labels of the things by language; the empty language for one that has none."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in self._each(_LABELS, things):
            thing, label = row["s"], row["o"]
            if isinstance(thing, NamedNode) and isinstance(label, Literal):
                found[thing.value].setdefault(label.language or "", label.value)
        return dict(found)

    def _each(self, query: str, things: Collection[NamedNode]) -> Iterator[Mapping[str, Node]]:
        names = sorted({str(thing) for thing in things if isinstance(thing, NamedNode)})
        for start in range(0, len(names), _PORTION):
            solutions = self._rows(query % " ".join(names[start : start + _PORTION]))
            for row in solutions:
                yield {variable.value: row[variable] for variable in solutions.variables}

    def _rows(self, query: str) -> QuerySolutions:
        answer = self.answering.text(Question(query, "SELECT", JSON, self.timeout))
        solutions = parse_query_results(answer, format=QueryResultsFormat.JSON)
        if not isinstance(solutions, QuerySolutions):
            raise TypeError("The answer to a SELECT has no rows.")
        return solutions


def site_lookup(site: Service) -> Lookup:
    """The lookup in the release that the site answers from."""
    return Lookup(site.answering, site.settings.timeout)
