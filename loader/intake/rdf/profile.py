"""The shapes of another profile, such as DCAT-AP or HealthDCAT-AP, from a folder of Turtle files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from rdflib import OWL, Graph

from loader.errors import OntologyError, ResourceError
from loader.intake.rdf.quiet import quiet_rdflib
from loader.judging.shapes import SH, flatten

_LOGICAL = (SH["or"], SH["and"], SH.xone, SH["not"])


def profile_shapes(folder: Path) -> Graph:
    """All shapes below the folder, flattened; ResourceError when there are none, OntologyError when one is not Turtle.

    Imports are not followed: everything that is checked stands in the folder. Terms that SHACL does not know say
    nothing, as the Recommendation has it. Property shapes without a path, which no engine can use, are mended.
    """
    return _read(folder.resolve(), _stamp(folder))


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    files = sorted(folder.rglob("*.ttl"))
    if not files:
        raise ResourceError(f"There is no .ttl file with shapes in {folder}.")
    return tuple((str(path), path.stat().st_mtime_ns) for path in files)


@lru_cache(maxsize=4)
def _read(folder: Path, stamp: tuple[tuple[str, int], ...]) -> Graph:
    shapes = Graph()
    for name, _ in stamp:
        try:
            with quiet_rdflib():
                shapes.parse(name, format="turtle")
        except Exception as error:  # rdflib's parsers raise whatever they stumble on
            raise OntologyError(f"{name} cannot be read as Turtle: {error}") from error
    shapes.remove((None, OWL.imports, None))
    mend_pathless(shapes)
    return flatten(shapes)


def mend_pathless(shapes: Graph) -> None:
    """Take away property shapes without a path; what they say by sh:or and the like is said by their node shape."""
    for parent, shape in list(shapes.subject_objects(SH.property)):
        if (shape, SH.path, None) in shapes:
            continue
        for predicate in _LOGICAL:
            for value in shapes.objects(shape, predicate):
                shapes.add((parent, predicate, value))
        shapes.remove((parent, SH.property, shape))
