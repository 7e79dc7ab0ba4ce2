"""The made-up world that shapes and checks are tried on: one record of every class, with the real ontology."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import DefaultGraph, RdfFormat, Store
from rdflib import Graph

ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "shapes"
VALID = Path(__file__).parent / "valid.ttl"


def terms() -> tuple[Path, ...]:
    """The files of the ontology and of the concept schemes."""
    found = (*sorted((ROOT / "ontology").glob("*.ttl")), *sorted((ROOT / "ontology/schemes").glob("*.ttl")))
    assert found, "there is no ontology"
    return found


def valid_graph() -> Graph:
    """The made-up world with the ontology and the schemes, in rdflib's Memory store."""
    graph = Graph()
    for path in (*terms(), VALID):
        graph.parse(path, format="turtle")
    return graph


def valid_store() -> Store:
    """The same in the default graph of a pyoxigraph store."""
    store = Store()
    for path in (*terms(), VALID):
        store.load(path=str(path), format=RdfFormat.TURTLE, to_graph=DefaultGraph())
    return store


def shapes_graph(*names: str) -> Graph:
    """The shapes files of the given names, both when none is given."""
    graph = Graph()
    for name in names or ("required", "advised"):
        graph.parse(SHAPES / f"{name}.ttl", format="turtle")
    return graph
