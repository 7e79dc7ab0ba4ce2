"""Accepted submissions in the build: their statements, blank nodes, provenance, and who describes what."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from loader.errors import ReleaseError
from loader.graph.accepted import (
    AcceptedGraph,
    Provenance,
    graph_iri,
    read_statements,
    to_statements,
)
from loader.graph.joining import join
from loader.model.iris import GENID, expand
from loader.release.build import build
from loader.resources import find_resources

FACTS = Provenance(
    account="riksstroke-office",
    steward="stewards",
    received="2026-11-22T10:00:00Z",
    accepted="2026-11-23T11:00:00Z",
    files=("a" * 64, "b" * 64),
    tool="0.1.0",
    proof="c" * 64,
    revises="before",
)
SUBJECT, NAME = NamedNode(expand("variable:riksstroke.x")), NamedNode(expand("skos:prefLabel"))


OWNER = Triple(SUBJECT, NamedNode(expand("rg:variableOf")), NamedNode(expand("register:riksstroke")))


def graph(key: str, *names: str, number: int = 1) -> AcceptedGraph:
    triples = [OWNER, *(Triple(SUBJECT, NAME, Literal(name, language="sv")) for name in names)]
    return AcceptedGraph(key, to_statements(key, triples), FACTS, number)


def submitted_quads(graphs: list[AcceptedGraph]) -> list[Quad]:
    return list(join((), graphs).quads)


def names_by_graph(quads: list[Quad]) -> set[tuple[str, str]]:
    return {
        (quad.graph_name.value, quad.object.value)
        for quad in quads
        if quad.subject == SUBJECT and isinstance(quad.graph_name, NamedNode) and isinstance(quad.object, Literal)
    }


def test_statements_are_sorted_and_without_blank_nodes() -> None:
    def made() -> bytes:
        node, other = BlankNode(), BlankNode()
        return to_statements(
            "k", [Triple(SUBJECT, NAME, node), Triple(node, NAME, other), Triple(other, NAME, Literal("å\n"))]
        )

    assert made() == made()
    lines = made().splitlines()
    assert lines == sorted(lines)
    assert sorted(line.decode().count(f"<{GENID}submission/k/") for line in lines) == [1, 1, 2]
    assert not any(b"_:" in line for line in lines)
    assert to_statements("k", read_statements(made())) == made()
    assert to_statements("k", []) == b""


def test_the_last_accepted_describes_alone() -> None:
    """By the number of the acceptance: two within the same second are told apart."""
    quads = submitted_quads([graph("late", "Sent", number=8), graph("early", "Tidigt", "Förr", number=7)])
    assert names_by_graph(quads) == {(graph_iri("late"), "Sent")}
    assert not any(quad.graph_name == NamedNode(graph_iri("early")) for quad in quads)


def test_provenance_says_who_when_what_and_with_what() -> None:
    quads = [quad for quad in submitted_quads([graph("k", "x")]) if quad.subject != SUBJECT]
    said = {(quad.predicate.value, getattr(quad.object, "value", "")) for quad in quads}
    wanted = {
        ("prov:wasAttributedTo", expand("id/agent/account-riksstroke-office")),
        ("prov:wasAssociatedWith", expand("id/agent/account-stewards")),
        ("prov:wasAssociatedWith", expand("id/software/registergraf-0.1.0")),
        ("prov:endedAtTime", FACTS.received),
        ("prov:endedAtTime", FACTS.accepted),
        ("prov:wasRevisionOf", graph_iri("before")),
        ("dcterms:identifier", FACTS.proof),
        ("dcterms:identifier", "account-stewards"),
        ("schema:sha256", "a" * 64),
        ("schema:sha256", "b" * 64),
    }
    assert {(expand(name), value) for name, value in wanted} - said == set()
    assert {quad.graph_name for quad in quads} == {NamedNode(graph_iri("k"))}


def test_the_acceptance_alone_generates_the_graph_from_the_files() -> None:
    quads = submitted_quads([graph("k", "x")])
    generated, used = (expand(f"prov:{name}") for name in ("wasGeneratedBy", "used"))
    acceptance, submission = (expand(f"id/{kind}/k") for kind in ("acceptance", "submission"))
    made = [(quad.subject, quad.object) for quad in quads if quad.predicate.value == generated]
    assert made == [(NamedNode(graph_iri("k")), NamedNode(acceptance))]
    users = [quad.subject for quad in quads if quad.predicate.value == used]
    assert users.count(NamedNode(acceptance)) == users.count(NamedNode(submission)) == 2


def test_documents_without_publisher_are_published_by_the_account() -> None:
    document = NamedNode(expand("document:submitted-1"))
    statement = Triple(document, NamedNode(expand("rdf:type")), NamedNode(expand("rg:Document")))
    publisher = NamedNode(expand("dcterms:publisher"))
    other = Triple(document, publisher, NamedNode(expand("agent:skr")))
    for triples, expected in (([statement], "agent/account-riksstroke-office"), ([statement, other], "agent/skr")):
        accepted = AcceptedGraph("k", to_statements("k", triples), FACTS)
        found = [quad.object for quad in submitted_quads([accepted]) if quad.predicate == publisher]
        assert found == [NamedNode(expand(f"id/{expected}"))]


def test_statements_that_cannot_be_read_stop_the_build(tmp_path: Path) -> None:
    broken = AcceptedGraph("k", b"<x> <y>", FACTS)
    with pytest.raises(ReleaseError, match="The submission k cannot be read"):
        build(find_resources(), tmp_path, submissions=[broken])
    assert not (tmp_path / "current").exists()
