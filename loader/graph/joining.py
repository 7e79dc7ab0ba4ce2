"""Accepted submissions joined to the sources: each record described once, by whom it stands; what went leaves a trace.

Of a record that was taken away its IRI, its names, who took it away and what replaces it stay. Of a measurement that
was corrected the earlier value stays beside it, as a node that counts nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, Triple

from loader.graph.accepted import AcceptedGraph, graph_iri, provenance_of, published_by
from loader.graph.beyond import remainder
from loader.graph.scopes import base_scopes, record_path
from loader.graph.standing import Gone, Standing, stand
from loader.graph.triples import record_quads
from loader.model import iris
from loader.tables.records import Record

_LABELS = frozenset({iris.expand("skos:prefLabel"), iris.expand("skos:notation")})
_VALUES = tuple(iris.expand(f"rg:{name}") for name in ("percentFrom", "percentTo", "percentUnder"))
_PRINTED = iris.expand("rg:printedAs")
_SOURCE, _TYPE = iris.expand("dcterms:source"), iris.expand("rdf:type")
_COVERAGE = "coverage/"


@dataclass(frozen=True, slots=True)
class Joined:
    """The quads of the accepted submissions, and the paths of the sources' records that do not stand.

    Of these, submissions describe the ones in `anew`, with the class that each has there; the others are gone.
    """

    quads: tuple[Quad, ...]
    displaced: frozenset[str]
    used: tuple[AcceptedGraph, ...]
    anew: Mapping[str, str] = field(default_factory=dict)

    def left(self, records: Iterable[Record]) -> Iterator[Record]:
        """What stands of the sources' records: all of those that nobody describes anew, of others what no row says."""
        for record in records:
            kept = record if record.path not in self.displaced else None
            if record.path in self.anew:
                kept = remainder(record, self.anew[record.path])
            if kept is not None:
                yield kept


def join(records: Sequence[Record], graphs: Iterable[AcceptedGraph]) -> Joined:
    """Join accepted submissions to the sources' records; ReleaseError when one of them cannot be read."""
    known = sorted(graphs, key=lambda graph: graph.number)
    ordered = [graph for graph in known if not graph.withdrawn]
    stated = {graph.key: graph.triples() for graph in ordered}
    base = base_scopes(records)
    standing = stand(base, [graph.change(stated[graph.key]) for graph in ordered])
    used = tuple(graph for graph in ordered if graph.key not in standing.idle)
    before = _Before(records, ordered, stated) if used else None
    quads: list[Quad] = []
    described: set[object] = set()
    for graph in reversed(used):
        own = _in_force(graph.key, stated[graph.key], standing, described)
        traces = _traces(graph, standing, before) if before is not None else ()
        name = NamedNode(graph_iri(graph.key))
        account = graph.provenance.account
        for triple in (*own, *traces, *published_by(own, account), *provenance_of(graph)):
            quads.append(Quad(triple.subject, triple.predicate, triple.object, name))
    quads += _withdrawn([graph for graph in known if graph.withdrawn], standing)
    displaced = {path for path in base if standing.held.get(path, "") is not None}
    kinds = _kinds(quads)
    anew = {path: kinds.get(path, "") for path in displaced if path in standing.held}
    return Joined(tuple(quads), frozenset(displaced), used, anew)


def _kinds(quads: Iterable[Quad]) -> dict[str | None, str]:
    """The class of each record that is described, as a prefixed name."""
    return {
        record_path(quad.subject): iris.compact(quad.object.value)
        for quad in quads
        if quad.predicate.value == _TYPE and isinstance(quad.object, NamedNode)
    }


def _withdrawn(graphs: Iterable[AcceptedGraph], standing: Standing) -> Iterator[Quad]:
    """What went with the submissions that were taken back, and stands by no other: by the last that described it."""
    told = set(standing.gone) | set(standing.held)
    for graph in sorted(graphs, key=lambda graph: graph.withdrawn, reverse=True):
        triples = graph.triples()
        paths = [path for path in graph.change(triples).puts if path not in told]
        told.update(paths)
        traces = [triple for path in paths for triple in _left(path, graph, triples)]
        if traces:
            name, activity = NamedNode(graph_iri(graph.key)), NamedNode(iris.thing(f"withdrawal/{graph.key}"))
            traces += [
                Triple(activity, _term("rdf:type"), _term("prov:Activity")),
                Triple(activity, _term("prov:endedAtTime"), _moment(graph.withdrawn)),
            ]
            yield from (Quad(triple.subject, triple.predicate, triple.object, name) for triple in traces)


def _left(path: str, graph: AcceptedGraph, said: Iterable[Triple]) -> Iterator[Triple]:
    node = NamedNode(iris.thing(path))
    yield from _names(node, (triple for triple in said if triple.subject == node))
    yield from _invalid(node, graph.withdrawn, f"withdrawal/{graph.key}")


def _in_force(key: str, triples: Sequence[Triple], standing: Standing, described: set[object]) -> list[Triple]:
    """The statements on records that stand by this submission, on what they refer to in their file, and on the file.

    `described` are subjects that a later submission has described already, and is added to.
    """
    lost, wanted = set(), set()
    for triple in triples:
        path = record_path(triple.subject)
        if path is not None and standing.held.get(path) != key:
            lost.add(triple.subject)
    for triple in triples:
        if triple.predicate.value == _SOURCE and triple.subject not in lost:
            wanted.add(triple.object)
    passages = {triple.subject for triple in triples if _is_passage(triple.subject)}
    dropped = lost | (passages - wanted) | described
    kept = [triple for triple in triples if triple.subject not in dropped]
    described.update(triple.subject for triple in kept)
    return kept


def _is_passage(node: object) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(iris.ID + "passage/")


class _Before:
    """What was said of each record before, oldest first: by the sources, then by each submission."""

    def __init__(
        self, records: Iterable[Record], graphs: Iterable[AcceptedGraph], stated: Mapping[str, Sequence[Triple]]
    ) -> None:
        self._said: dict[str, dict[str, list[Triple]]] = defaultdict(dict)
        spoken = {record_path(triple.subject) for triples in stated.values() for triple in triples}
        spoken |= {path for graph in graphs for path in graph.removes}
        whole = any(graph.whole for graph in graphs)
        for quad in record_quads(record for record in records if whole or record.path in spoken):
            self._add("source", quad.triple)
        for graph in graphs:
            for triple in stated[graph.key]:
                self._add(graph.key, triple)

    def _add(self, by: str, triple: Triple) -> None:
        path = record_path(triple.subject)
        if path is not None:
            self._said[path].setdefault(by, []).append(triple)

    def last(self, path: str) -> list[Triple]:
        """The latest statements on the record."""
        return next(reversed(self._said[path].values()), [])

    def earlier(self, path: str, key: str) -> Iterator[tuple[str, list[Triple]]]:
        """What others said of the record before this submission did."""
        for by, triples in self._said[path].items():
            if by == key:
                return
            yield by, triples


def _traces(graph: AcceptedGraph, standing: Standing, before: _Before) -> Iterator[Triple]:
    for path, gone in sorted(standing.gone.items()):
        if gone.by == graph.key:
            yield from _tombstone(path, gone, graph, before.last(path))
    for path, key in sorted(standing.held.items()):
        if key == graph.key and path.startswith(_COVERAGE):
            yield from _superseded(path, graph, before)


def _tombstone(path: str, gone: Gone, graph: AcceptedGraph, said: Iterable[Triple]) -> Iterator[Triple]:
    node = NamedNode(iris.thing(path))
    yield from _ended(node, graph)
    yield from _names(node, said)
    if gone.replaced_by is not None:
        yield Triple(node, _term("dcterms:isReplacedBy"), NamedNode(iris.thing(gone.replaced_by)))


def _names(node: NamedNode, said: Iterable[Triple]) -> Iterator[Triple]:
    for triple in said:
        if triple.predicate.value in _LABELS:
            yield Triple(node, _term("rdfs:label"), triple.object)


def _superseded(path: str, graph: AcceptedGraph, before: _Before) -> Iterator[Triple]:
    """The values that a measurement had before it was corrected."""
    values = [(by, triples, _measured(triples)) for by, triples in before.earlier(path, graph.key)]
    now = _measured(dict(before.earlier(path, "")).get(graph.key, []))
    seen = {now}
    for by, triples, value in values:
        if value in seen:
            continue
        seen.add(value)
        node = NamedNode(iris.thing(f"superseded/{path.partition('/')[2]}.{by}"))
        yield from _ended(node, graph)
        yield Triple(node, _term("prov:specializationOf"), NamedNode(iris.thing(path)))
        yield Triple(node, _term("dcterms:isReplacedBy"), NamedNode(iris.thing(path)))
        yield Triple(node, _term("rdf:value"), Literal(_printed(triples)))


def _measured(triples: Iterable[Triple]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (triple.predicate.value, triple.object.value)
        for triple in triples
        if triple.predicate.value in _VALUES and isinstance(triple.object, Literal)
    )


def _printed(triples: Iterable[Triple]) -> str:
    said = tuple(triples)
    printed = (triple.object for triple in said if triple.predicate.value == _PRINTED)
    texts = [text.value for text in printed if isinstance(text, Literal)]
    return min(texts, default=" ".join(sorted(value for _, value in _measured(said))))


def _ended(node: NamedNode, graph: AcceptedGraph) -> Iterator[Triple]:
    yield from _invalid(node, graph.provenance.accepted, f"acceptance/{graph.key}")


def _invalid(node: NamedNode, moment: str, activity: str) -> Iterator[Triple]:
    yield Triple(node, _term("rdf:type"), _term("prov:Entity"))
    yield Triple(node, _term("prov:invalidatedAtTime"), _moment(moment))
    yield Triple(node, _term("prov:wasInvalidatedBy"), NamedNode(iris.thing(activity)))


def _moment(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(iris.expand("xsd:dateTime")))


def _term(name: str) -> NamedNode:
    return NamedNode(iris.expand(name))
