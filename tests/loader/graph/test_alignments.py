"""Mapping sets: plain matches with their justification; rows that cannot be used are findings at their line."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode

from loader.graph.alignments import read_alignments
from loader.model import iris
from loader.release.build import read_all_terms
from loader.resources import Resources

CARE = iris.thing("service-area/elderly-care")
HEAD = """#mapping_set_id: https://w3id.org/registergraf/alignment/x
#curie_map:
#  rgid: https://w3id.org/registergraf/id/
#  skos: http://www.w3.org/2004/02/skos/core#
#  semapv: https://w3id.org/semapv/vocab/
#  eurovoc: http://eurovoc.europa.eu/
subject_id\tpredicate_modifier\tpredicate_id\tobject_id\tmapping_justification\tconfidence\treviewer_id\treview_date
"""
SEEN = "\trgid:agent/registergraf\t2026-11-28"
CURIES = "rgid:service-area/elderly-care\t{}\tskos:closeMatch\teurovoc:6233\tsemapv:ManualMappingCuration\t{}"
ROW = f"{CURIES}{SEEN}\n"
UNSEEN = f"{CURIES}\t\t\n"


def write(folder: Path, *rows: str) -> Path:
    (folder / "x.sssom.tsv").write_text(HEAD + "".join(rows), encoding="utf-8")
    return folder


def test_a_match_is_stated_plainly_and_described(tmp_path: Path) -> None:
    found = read_alignments(write(tmp_path, ROW.format("", "0.9")), {CARE})
    assert found.findings == ()
    texts = {f"{iris.compact(quad.predicate.value)} {quad.object}" for quad in found.quads}
    assert "skos:closeMatch <http://eurovoc.europa.eu/6233>" in texts
    assert 'sssom:confidence "0.9"^^<http://www.w3.org/2001/XMLSchema#decimal>' in texts
    assert "sssom:mapping_justification <https://w3id.org/semapv/vocab/ManualMappingCuration>" in texts
    assert {quad.graph_name for quad in found.quads} == {NamedNode(iris.graph("alignment/x"))}


def test_a_negative_mapping_states_no_match(tmp_path: Path) -> None:
    found = read_alignments(write(tmp_path, ROW.format("Not", "0.9")), {CARE})
    assert found.findings == ()
    texts = {f"{iris.compact(quad.predicate.value)} {quad.object}" for quad in found.quads}
    assert not any(text.startswith("skos:") for text in texts)
    assert 'sssom:predicate_modifier "Not"' in texts


def test_a_guess_is_described_and_not_stated(tmp_path: Path) -> None:
    """Whoever asks for matches gets no guesses; who asks for mappings gets them, with the confidence."""
    for row in (UNSEEN.format("", "0.9"), ROW.format("", "0.4")):
        found = read_alignments(write(tmp_path, row), {CARE})
        assert [item.guess for item in found.mappings] == [True]
        predicates = {iris.compact(quad.predicate.value) for quad in found.quads}
        assert "sssom:confidence" in predicates
        assert "skos:closeMatch" not in predicates


def test_bad_rows_are_findings_at_their_physical_line(tmp_path: Path) -> None:
    other = ROW.replace("elderly-care", "nowhere").format("", "0.5")
    found = read_alignments(write(tmp_path, ROW.format("", "0.9"), ROW.format("", "1.9"), other), {CARE})
    places = [(finding.rule, finding.position.line) for finding in found.findings]
    assert places == [("bad-mapping", 9), ("dangling-mapping", 10)]
    assert "skos:closeMatch" in {iris.compact(quad.predicate.value) for quad in found.quads}


def test_files_that_are_no_mapping_sets_are_one_finding_each(tmp_path: Path) -> None:
    contents = {
        "a": b"a,b\n1,2\n",
        "b": b"#curie_map: [\nsubject_id\n",
        "c": b"\xff\xfesubject",
        "d": b"PK\x03\x04",
        "e": b"caf\xe9\n",
    }
    for name, data in contents.items():
        (tmp_path / f"{name}.sssom.tsv").write_bytes(data)
    found = read_alignments(tmp_path, set())
    assert sorted(finding.position.file or "" for finding in found.findings) == [
        f"alignments/{name}.sssom.tsv" for name in contents
    ]
    assert found.quads == ()


def test_the_shipped_mapping_sets_are_clean(resources: Resources) -> None:
    alignments = read_all_terms(resources).alignments
    assert alignments.findings == ()
    assert len(alignments.quads) > 500
