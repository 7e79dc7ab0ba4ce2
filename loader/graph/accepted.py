"""Accepted submissions: their statements in a named graph each, with where they come from in PROV.

Everything here is data of the submission, the moments too: the same sources and submissions give the same release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from loader.errors import ReleaseError
from loader.graph.scopes import records_of
from loader.graph.standing import Change
from loader.model import iris

_XSD = iris.PREFIXES["xsd"]
_TYPE, _PUBLISHER, _DOCUMENT = (
    NamedNode(iris.expand(name)) for name in ("rdf:type", "dcterms:publisher", "rg:Document")
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who handed in (`account`) and who accepted (`steward`), by their labels; when (xsd:dateTime in UTC); which files.

    `files` are SHA-256 digests, `tool` the version that read them, `proof` the hash of the acceptance in the audit log,
    `revises` the key of the submission that this one superseded.
    """

    account: str
    steward: str
    received: str
    accepted: str
    files: tuple[str, ...]
    tool: str
    proof: str
    revises: str | None = None


@dataclass(frozen=True, slots=True)
class AcceptedGraph:
    """One accepted submission: its key, its statements as `to_statements` wrote them, and its provenance.

    `withdrawn` is the moment when it was taken back after a release had it: it states nothing then, and only what has
    gone with it is traced. `number` is that of its acceptance in the audit log; `removes`, `whole` and `instead_of` are
    what a `loader.graph.standing.Change` calls removes, whole and revises.
    """

    key: str
    statements: bytes
    provenance: Provenance
    number: int = 0
    removes: Mapping[str, str | None] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    instead_of: frozenset[str] = frozenset()
    withdrawn: str = ""

    def triples(self) -> list[Triple]:
        """Its statements; ReleaseError when they cannot be read."""
        try:
            return read_statements(self.statements)
        except (SyntaxError, ValueError) as error:
            raise ReleaseError(f"The submission {self.key} cannot be read: {error}") from error

    def change(self, triples: Iterable[Triple]) -> Change:
        """What it does to the records that stand, given its statements."""
        return Change(self.key, self.number, records_of(triples), self.removes, self.whole, self.instead_of)


def graph_iri(key: str) -> str:
    """The IRI of a submission's named graph."""
    return iris.graph(f"submission/{key}")


def to_statements(key: str, triples: Iterable[Triple]) -> bytes:
    """The triples as N-Triples, one a line, sorted; blank nodes become genid IRIs, numbered by first occurrence."""
    known: dict[str, NamedNode] = {}
    graph = graph_iri(key)

    def named(node: object) -> object:
        if isinstance(node, BlankNode):
            return known.setdefault(node.value, NamedNode(iris.skolem(graph, len(known) + 1)))
        return node

    return to_lines(Triple(named(triple.subject), triple.predicate, named(triple.object)) for triple in triples)  # type: ignore[arg-type]


def to_lines(triples: Iterable[Triple]) -> bytes:
    """The triples as N-Triples, one a line, sorted, without repetitions."""
    data = serialize(triples, format=RdfFormat.N_TRIPLES)
    return b"".join(line + b"\n" for line in sorted(set(data.splitlines()))) if data else b""


def read_statements(statements: bytes) -> list[Triple]:
    """The triples that `to_statements` wrote."""
    return [quad.triple for quad in parse(statements, format=RdfFormat.N_TRIPLES)]


def manifest_entries(graphs: Iterable[AcceptedGraph]) -> dict[str, dict[str, object]]:
    """What the manifest says of each submission."""
    return {graph.key: asdict(graph.provenance) for graph in graphs}


def provenance_of(graph: AcceptedGraph) -> Iterator[Triple]:
    """Who handed in, who accepted, when, which files, with what, and what it is a revision of.

    The acceptance alone generates the graph: by the constraints of PROV (generation-generation-ordering) an entity
    comes to be at one moment.
    """
    facts = graph.provenance
    name, handing_in = NamedNode(graph_iri(graph.key)), _thing(f"submission/{graph.key}")
    accepting, account = _thing(f"acceptance/{graph.key}"), _agent(facts.account)
    steward, tool = _agent(facts.steward), _thing(f"software/registergraf-{facts.tool}")
    yield _typed(name, "prov:Entity")
    yield Triple(name, _term("rdfs:label"), Literal(f"Inlämning {graph.key}", language="sv"))
    yield Triple(name, _term("rdfs:label"), Literal(f"Submission {graph.key}", language="en"))
    yield Triple(name, _term("prov:wasAttributedTo"), account)
    yield Triple(name, _term("prov:generatedAtTime"), _moment(facts.accepted))
    for activity in (handing_in, accepting):
        yield _typed(activity, "prov:Activity")
        yield Triple(activity, _term("prov:wasAssociatedWith"), tool)
    yield Triple(name, _term("prov:wasGeneratedBy"), accepting)
    yield Triple(accepting, _term("prov:wasInformedBy"), handing_in)
    yield Triple(handing_in, _term("prov:endedAtTime"), _moment(facts.received))
    yield Triple(handing_in, _term("prov:wasAssociatedWith"), account)
    yield Triple(accepting, _term("prov:endedAtTime"), _moment(facts.accepted))
    yield Triple(accepting, _term("prov:wasAssociatedWith"), steward)
    yield Triple(accepting, _term("dcterms:identifier"), Literal(facts.proof))
    yield from _agents((account, facts.account), (steward, facts.steward))
    yield _typed(tool, "prov:SoftwareAgent")
    yield Triple(tool, _term("schema:softwareVersion"), Literal(facts.tool))
    yield from _files(name, (handing_in, accepting), facts.files)
    if facts.revises is not None:
        yield Triple(name, _term("prov:wasRevisionOf"), NamedNode(graph_iri(facts.revises)))


def published_by(triples: Iterable[Triple], account: str) -> Iterator[Triple]:
    """Who publishes the documents that the submission consists of: the account, where nothing else is said."""
    documents = {triple.subject for triple in triples if triple == Triple(triple.subject, _TYPE, _DOCUMENT)}
    named = {triple.subject for triple in triples if triple.predicate == _PUBLISHER}
    for document in documents - named:
        yield Triple(document, _PUBLISHER, _agent(account))


def _agent(account: str) -> NamedNode:
    return _thing(f"agent/account-{account}")


def _agents(*agents: tuple[NamedNode, str]) -> Iterator[Triple]:
    for agent, label in agents:
        yield _typed(agent, "rg:Agent")
        yield Triple(agent, _term("dcterms:identifier"), Literal(f"account-{label}"))
        yield Triple(agent, _term("skos:prefLabel"), Literal(label, language="sv"))
        yield Triple(agent, _term("skos:prefLabel"), Literal(label, language="en"))


def _files(name: NamedNode, users: Iterable[NamedNode], digests: Iterable[str]) -> Iterator[Triple]:
    for digest in digests:
        file = _thing(f"file/{digest}")
        yield _typed(file, "prov:Entity")
        yield Triple(file, _term("schema:sha256"), Literal(digest))
        yield Triple(name, _term("prov:wasDerivedFrom"), file)
        for activity in users:
            yield Triple(activity, _term("prov:used"), file)


def _thing(path: str) -> NamedNode:
    return NamedNode(iris.thing(path))


def _term(name: str) -> NamedNode:
    return NamedNode(iris.expand(name))


def _typed(node: NamedNode, name: str) -> Triple:
    return Triple(node, _term("rdf:type"), _term(name))


def _moment(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(_XSD + "dateTime"))
