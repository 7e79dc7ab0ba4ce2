"""Code lists of others: read into a graph each, taken into a build, and held against the codes of what is handed in."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, parse

from loader.check import check
from loader.checked import CheckOptions
from loader.errors import ResourceError
from loader.graph.codelists import read_code_graphs
from loader.imports.codes import read_codes
from loader.imports.commands import importing
from loader.intake.upload import Upload
from loader.model.findings import Finding
from loader.release.manifest import Release, current_release
from tests.reference import needs, reference

LISTS = reference("codes")
HEADER = "register,variable,notation,label_sv,code_list,value_set\n"


def run(path: Path, to: Path, *more: str) -> Result:
    return CliRunner().invoke(importing, ["codes", str(path), "--list", "icd-10-se", "--to", str(to), *more])


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_becomes_a_scheme_in_a_graph_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, "kod;benämning;överordnad\nA00;Kolera;\nA00.1;El Tor;A00\n")
    result = run(path, tmp_path / "codes", "--edition", "2020", "--title", "ICD-10-SE")
    assert result.exit_code == 0, result.output
    quads = list(parse(path=str(tmp_path / "codes" / "icd-10-se.nq"), format=RdfFormat.N_QUADS))
    base = "https://w3id.org/registergraf/"
    assert {quad.graph_name.value for quad in quads} == {f"{base}graph/codes/icd-10-se"}
    said = {
        f"{quad.subject.value.removeprefix(base)} {quad.predicate.value.rpartition('#')[2]} {quad.object}"
        for quad in quads
    }
    assert f"id/code/icd-10-se.A00.1 broader <{base}id/code/icd-10-se.A00>" in said
    assert f"id/code/icd-10-se.A00 topConceptOf <{base}id/scheme/icd-10-se>" in said
    assert 'id/code/icd-10-se.A00 prefLabel "Kolera"@sv' in said
    assert any("purl.org/dc/terms/subject" in one and "classification/icd-10-se" in one for one in said)


def test_codes_may_be_below_those_that_they_begin_with(tmp_path: Path) -> None:
    listed = read_codes(
        written(tmp_path, "key,value\nN,Nerver\nN02,Smärta\nN02BA,Salicylsyra\nA,Mage\n"), by_prefix=True
    )
    assert {code.code: code.parent for code in listed.codes} == {"N": None, "N02": "N", "N02BA": "N02", "A": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("code,label\nA1,Ett\nA1,Två\n", [("code-twice", "list.csv:3:code")]),
        ("code,label\nA 1,Ett\n,Tom\n", [("bad-code", "list.csv:2:code"), ("bad-code", "list.csv:3:code")]),
        ("code,label\nA1,\n", [("code-without-label", "list.csv:2:label")]),
        ("code,label,parent\nA1,Ett,A\n", [("no-such-parent", "list.csv:2:parent")]),
        ("code,label,parent\nA1,Ett,A2\nA2,Två,A1\n", [("circle-of-codes", "list.csv:2:parent")]),
        ("number,name\n1,Ett\n", [("missing-column", "list.csv:1:code")]),
        ('code,label\nA1,"Ett\n', [("broken-quoting", "list.csv:2")]),
        ("", [("missing-column", "list.csv:1:code"), ("missing-column", "list.csv:1:label")]),
    ],
)
def test_bad_lists_are_told_at_their_place_and_not_written(
    text: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    path = written(tmp_path, text)
    assert [(found.rule, str(found.position)) for found in read_codes(path).findings] == expected
    result = run(path, tmp_path / "codes")
    assert result.exit_code == 1
    assert expected[0][1] in result.output
    assert not (tmp_path / "codes").exists()


def test_a_file_that_was_not_imported_stops_a_build(tmp_path: Path) -> None:
    (tmp_path / "atc.nq").write_text("<https://a.example/> <https://b.example/> <https://c.example/> .\n")
    with pytest.raises(ResourceError, match="import the list anew"):
        list(read_code_graphs(tmp_path))


@pytest.fixture
def with_list(small_root: Path, tmp_path: Path) -> Release:
    """A release with a list of two codes, as a build with REGISTERGRAF_CODES makes it."""
    before = current_release(small_root)
    run(written(tmp_path, "code,label\nI639,Hjärninfarkt\nI610,Hjärnblödning\n"), tmp_path / "codes")
    (tmp_path / "release").mkdir()
    lists = (tmp_path / "codes" / "icd-10-se.nq").read_bytes()
    (tmp_path / "release" / "graph.nq").write_bytes(before.graph.read_bytes() + lists)
    return Release("with-list", tmp_path / "release", before.manifest)


def told(release: Release, codes: str, system: str = "ICD-10-SE") -> list[Finding]:
    """What is told of the codes of a variable that is coded by a system."""
    table = f"{HEADER}alfa,diagnos,diagnos,Diagnos,{system},{codes}\n"
    result = check([Upload("variables.csv", table.encode())], release=release, options=CheckOptions(language="en"))
    return [found for found in result.findings if found.position.column in ("code_list", "value_set")]


def test_a_code_that_is_not_in_the_variables_list_is_told_at_its_cell(with_list: Release, small_root: Path) -> None:
    assert told(with_list, "I63.9=infarkt;I61=blödning") == []
    (found,) = told(with_list, "I63.9=infarkt;X99=annat")
    assert (found.rule, found.position.row, found.position.column) == ("bad-code", 2, "value_set")
    assert "X99" in found.message.en
    assert "I63" not in found.message.en
    assert (
        told(current_release(small_root), "I63.9=infarkt;X99=annat") == []
    )  # a list that is not loaded judges nothing
    assert told(with_list, "X99=annat", "KVÅ") == []
    (unknown,) = told(with_list, "I63.9=infarkt", "ICD-99")
    assert unknown.position.column == "code_list"


@needs(LISTS, "lists made up for the tests are read above")
@pytest.mark.parametrize(("name", "codes"), [("icd10se", 33_547), ("kva", 10_552), ("atc_sv", 14_526)])
def test_real_lists_are_read_whole(name: str, codes: int) -> None:
    listed = read_codes(LISTS / f"{name}.csv", by_prefix=True)
    assert listed.findings == ()
    assert len(listed.codes) == codes
