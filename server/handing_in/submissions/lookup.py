"""What the release says of given things, asked in portions through the one query function."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from server.query.answering import Answering, Question
from server.service import BASE, Site
from server.web.media import JSON

INFERRED = BASE + "graph/inferred"
_PORTION = 400
_SAID = "SELECT ?s ?p ?o { VALUES ?s { %s } GRAPH ?g { ?s ?p ?o } FILTER(?g != <" + INFERRED + ">) }"
_LABELS = (
    "SELECT ?s ?o { VALUES ?s { %s } "
    "?s <http://www.w3.org/2004/02/skos/core#prefLabel>|<http://www.w3.org/2000/01/rdf-schema#label> ?o }"
)
Node = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Lookup:
    """The questions that submissions have about the release that `answering` answers from."""

    answering: Answering
    timeout: float

    def said(self, subjects: Collection[NamedNode]) -> dict[NamedNode, set[Triple]]:
        """What is stated, not inferred, of each of the subjects that the release knows."""
        found: dict[NamedNode, set[Triple]] = defaultdict(set)
        for row in self._each(_SAID, subjects):
            subject, predicate = row["s"], row["p"]
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
                found[subject].add(Triple(subject, predicate, row["o"]))
        return dict(found)

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


def site_lookup(site: Site) -> Lookup:
    """The lookup in the release that the site answers from."""
    return Lookup(site.answering, site.settings.timeout)
