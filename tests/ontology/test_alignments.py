"""The alignments: SSSOM that is read back without errors, about things that exist, and that says how sure it is."""

from __future__ import annotations

from pathlib import Path

import pytest
import sssom_pydantic
from rdflib import SKOS, Graph, Literal, URIRef
from sssom_pydantic import SemanticMapping

from tests.ontology.conftest import ROOT

FILES = sorted((ROOT / "ontology" / "alignments").glob("*.sssom.tsv"))
OWN = "https://w3id.org/registergraf/"
CURIES = {"rgid": f"{OWN}id/", "rg": f"{OWN}ns#"}
PREDICATES = {"closeMatch", "exactMatch", "broadMatch", "narrowMatch", "relatedMatch"}


def mappings(path: Path) -> list[SemanticMapping]:
    """The mappings of a file; fails on any error of the reader."""
    found, _, _, errors = sssom_pydantic.read(path, return_errors=True)
    assert errors == []
    assert found
    return list(found)


def test_there_are_alignments() -> None:
    assert [path.name.removesuffix(".sssom.tsv") for path in FILES] == [
        *("cofog", "eurovoc", "kolada", "negative", "terms"),
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_mapping_says_how_it_was_made_and_how_sure_it_is(path: Path) -> None:
    for mapping in mappings(path):
        assert mapping.negated == path.name.startswith("negative")
        assert (mapping.reviewers is None) == (mapping.review_date is None)
        assert mapping.reviewers or not mapping.negated
        assert mapping.justification.curie == "semapv:ManualMappingCuration"
        if path.name.startswith("terms"):  # classes and properties are no concepts, so SKOS has nothing to say of them
            assert mapping.predicate.curie == "rdfs:seeAlso"
        else:
            assert mapping.predicate.prefix == "skos"
            assert mapping.predicate.identifier in PREDICATES
        assert mapping.confidence is not None
        assert 0 < mapping.confidence < 1
        assert mapping.comment
        assert mapping.comment.endswith(".")
        assert mapping.mapping_date


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_both_ends_of_our_own_exist_under_the_label_given(path: Path, ontology: Graph, concepts: Graph) -> None:
    known = ontology + concepts
    for mapping in mappings(path):
        assert mapping.subject.prefix in CURIES
        for end in (mapping.subject, mapping.object):
            if end.prefix in CURIES:
                iri = URIRef(CURIES[end.prefix] + end.identifier)
                assert Literal(getattr(end, "name", None), lang="en") in set(known.objects(iri, SKOS.prefLabel)), iri


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_unchecked_is_said_and_held_low(path: Path) -> None:
    for mapping in mappings(path):
        if "not checked" in (mapping.comment or "").lower():
            assert mapping.confidence is not None
            assert mapping.confidence <= 0.7


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_pair_is_mapped_twice(path: Path) -> None:
    pairs = [(mapping.subject.curie, mapping.object.curie) for mapping in mappings(path)]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_reader_reports_a_broken_row(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    broken = tmp_path / path.name
    broken.write_text(text.replace("\t0.", "\t7.", 1), encoding="utf-8")
    _, _, _, errors = sssom_pydantic.read(broken, return_errors=True)
    assert len(errors) == 1
