"""The ontology, the schemes and their shapes as they stand in the repository, read once a session."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

ROOT = Path(__file__).parents[2]


def read(*folders: str) -> dict[str, Graph]:
    """One graph a Turtle file, by the file's stem; fails when a folder has none."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).glob("*.ttl"))]
    assert paths, f"There is no Turtle file in {folders}."
    return {path.stem: Graph().parse(path) for path in paths}


def union(graphs: dict[str, Graph]) -> Graph:
    """All the graphs in one."""
    merged = Graph()
    for graph in graphs.values():
        merged += graph
    return merged


@pytest.fixture(scope="session")
def modules() -> dict[str, Graph]:
    """The modules of the ontology by name."""
    return read("ontology")


@pytest.fixture(scope="session")
def schemes() -> dict[str, Graph]:
    """The concept schemes by key."""
    return read("ontology/schemes")


@pytest.fixture(scope="session")
def ontology(modules: dict[str, Graph]) -> Graph:
    """All modules in one graph."""
    return union(modules)


@pytest.fixture(scope="session")
def concepts(schemes: dict[str, Graph]) -> Graph:
    """All schemes in one graph."""
    return union(schemes)


@pytest.fixture(scope="session")
def lint_shapes() -> Graph:
    """The shapes that hold the ontology itself."""
    return Graph().parse(ROOT / "shapes" / "ontology.ttl")
