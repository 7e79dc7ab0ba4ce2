"""Turtle files of the ontology, the schemes and the shapes as quads: one named graph a file.

Blank nodes stay blank nodes, for an RDF list or a SHACL path of IRIs would be another one; their labels are the same at
each reading, so that a release is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from loader.errors import OntologyError
from loader.model import iris
from loader.resources import Resources


@dataclass(frozen=True, slots=True)
class TermFile:
    """One Turtle file and the named graph that it becomes."""

    path: Path
    graph: str


def ontology_files(resources: Resources) -> tuple[TermFile, ...]:
    """The modules of the ontology, sorted by name; OntologyError when there are none."""
    return _files(resources.ontology, "ontology/")


def outside_files(resources: Resources) -> tuple[TermFile, ...]:
    """The declarations of other vocabularies' terms, for which our rules of form do not hold."""
    return _files(resources.ontology / "outside", "ontology/")


def scheme_files(resources: Resources) -> tuple[TermFile, ...]:
    """The concept schemes, sorted by name; OntologyError when there are none."""
    return _files(resources.schemes, "scheme/")


def shape_files(resources: Resources) -> tuple[TermFile, ...]:
    """The shapes files, sorted by name; there may be none."""
    return tuple(TermFile(path, iris.SHAPES) for path in sorted(resources.shapes.glob("*.ttl")))


def _files(folder: Path, prefix: str) -> tuple[TermFile, ...]:
    found = tuple(TermFile(path, iris.graph(prefix + path.stem)) for path in sorted(folder.glob("*.ttl")))
    if not found:
        raise OntologyError(f"There is no .ttl file in {folder}.")
    return found


def read_terms(files: Iterable[TermFile]) -> Iterator[Quad]:
    """The quads of the files in their order; blank nodes are numbered by first occurrence."""
    for file in files:
        yield from _read(file)


def _read(file: TermFile) -> Iterator[Quad]:
    known: dict[str, BlankNode] = {}
    graph = NamedNode(file.graph)
    stem = f"{file.graph}-{file.path.stem}" if file.graph == iris.SHAPES else file.graph
    try:
        for quad in parse(path=str(file.path), format=RdfFormat.TURTLE):
            subject, value = _named(quad.subject, stem, known), _named(quad.object, stem, known)
            if isinstance(subject, Literal):
                raise ValueError(f"{subject} is a literal, which can be no subject")
            yield Quad(subject, quad.predicate, value, graph)
    except (SyntaxError, ValueError, OSError) as error:
        raise OntologyError(f"{file.path} cannot be read as Turtle: {error}") from error


def _named(node: object, stem: str, known: dict[str, BlankNode]) -> NamedNode | BlankNode | Literal:
    if isinstance(node, BlankNode):
        label = re.sub(r"[^A-Za-z0-9]+", "-", stem.removeprefix(iris.GRAPH))
        return known.setdefault(node.value, BlankNode(f"{label}-{len(known) + 1}"))
    if isinstance(node, NamedNode | Literal):
        return node
    raise ValueError(f"{node} is a quoted triple, which has no place in the ontology")
