"""The services of the release itself are CPSV-AP 3.2.0, subclasses followed; without a mandatory value they are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, serialize
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.term import Node

from loader.release.manifest import current_release
from tests.server.exports.official import SH, found, needs_shapes, official

CPSV = "cpsv-ap-3.2.0/cpsv-ap-SHACL.ttl"
CV = Namespace("http://data.europa.eu/m8g/")
pytestmark = needs_shapes


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return official(CPSV)


@pytest.fixture(scope="module")
def release(shapes: Graph, real_root: Path) -> Graph:
    """What the shapes can see of the whole release: classes, and the statements by the properties that they name."""
    store = Store()
    store.bulk_load(path=str(current_release(real_root).graph), format=RdfFormat.N_QUADS)
    seen = {str(path) for path in shapes.objects(None, SH.path)} | {str(RDF.type), str(RDFS.subClassOf)}
    lines = serialize((quad.triple for quad in store if quad.predicate.value in seen), format=RdfFormat.N_TRIPLES)
    assert lines is not None
    return Graph().parse(data=lines, format="nt")


def mandatory(shapes: Graph) -> Iterator[tuple[URIRef, URIRef]]:
    """Class and property wherever the shapes demand at least one value."""
    for shape, kind in shapes.subject_objects(SH.targetClass):
        for constraint in shapes.objects(shape, SH.property):
            path = shapes.value(constraint, SH.path)
            if shapes.value(constraint, SH.minCount) is not None and isinstance(path, URIRef):
                assert isinstance(kind, URIRef)
                yield kind, path


def members(release: Graph, kind: Node) -> list[Node]:
    """What belongs to the class or to one below it, in order."""
    below = {kind, *release.transitive_subjects(RDFS.subClassOf, kind)}
    return sorted({thing for one in below for thing in release.subjects(RDF.type, one)}, key=str)


def test_no_violation(release: Graph, shapes: Graph) -> None:
    for kind in ("EvidenceType", "Output", "Channel", "PublicOrganisation"):
        assert members(release, CV[kind]), kind
    assert found(release, shapes) == []


def test_each_mandatory_value_taken_away_is_a_violation(release: Graph, shapes: Graph) -> None:
    tried = set()
    for kind, path in sorted(mandatory(shapes)):
        for thing in members(release, kind)[:1]:
            values = list(release.triples((thing, path, None)))
            assert values, (thing, path)
            for triple in values:
                release.remove(triple)
            assert any(line.startswith(f"{thing} ") for line in found(release, shapes)), (kind, path)
            for triple in values:
                release.add(triple)
            tried.add((kind, path))
    assert len(tried) >= 15


def test_a_service_whose_authority_is_no_public_organisation_is_a_violation(release: Graph, shapes: Graph) -> None:
    removed = list(release.triples((None, RDF.type, CV.PublicOrganisation)))
    assert removed
    release.remove((None, RDF.type, CV.PublicOrganisation))
    assert any("/id/service/" in line for line in found(release, shapes))
    for triple in removed:
        release.add(triple)
