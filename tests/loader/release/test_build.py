"""The build as a whole: the same bytes everywhere, a manifest that is true, warnings that do not block, exit codes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import BlankNode, Literal, QuadParser, RdfFormat, parse

from loader.commands import build
from loader.model import iris
from loader.model.findings import Severity
from loader.release.manifest import Release, read_findings
from tests.loader.tree import SMALL, change_cell, digest


def quads(release: Release) -> QuadParser:
    return parse(path=str(release.graph), format=RdfFormat.N_QUADS)


def test_two_builds_are_byte_identical(small_root: Path, tmp_path: Path) -> None:
    assert built_elsewhere(tmp_path, "--sources", str(SMALL)) == digest(small_root)


@pytest.mark.soak
def test_two_builds_of_the_shipped_sources_are_byte_identical(real_root: Path, tmp_path: Path) -> None:
    assert built_elsewhere(tmp_path) == digest(real_root)


def built_elsewhere(folder: Path, *options: str) -> dict[str, str]:
    """What a build writes with another hash seed, in another working directory, time zone and locale."""
    other = folder / "elsewhere"
    other.mkdir()
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[3])
    subprocess.run(
        [sys.executable, "-m", "loader", "build", "--output", "releases", *options],
        cwd=other,
        env=environment,
        check=True,
        timeout=200,
        capture_output=True,
    )
    return digest(other / "releases")


def test_manifest_is_true(real_release: Release) -> None:
    manifest = real_release.manifest
    for name, expected in manifest["files"].items():
        assert hashlib.sha256((real_release.directory / name).read_bytes()).hexdigest() == expected
    assert {path.name for path in real_release.directory.iterdir()} == {*manifest["files"], "manifest.json"}
    assert manifest["version"].endswith(manifest["files"]["graph.nq"][:12])
    counted: dict[str, int] = {}
    for quad in quads(real_release):
        counted[quad.graph_name.value] = counted.get(quad.graph_name.value, 0) + 1
    assert manifest["graphs"] == counted
    assert manifest["counts"]["statements"] == sum(counted.values())
    assert manifest["synthetic"] is False


def test_the_graph_is_sorted_without_repetitions_and_data_without_blank_nodes(real_release: Release) -> None:
    lines = real_release.graph.read_bytes().splitlines()
    assert lines == sorted(set(lines))
    with_blanks = {
        quad.graph_name.value.removeprefix(iris.GRAPH)
        for quad in quads(real_release)
        if BlankNode in {type(quad.subject), type(quad.object)}
    }
    assert with_blanks <= {"shapes", *(name for name in with_blanks if name.startswith("ontology/"))}


def test_shipped_data_has_no_violation_and_warnings_name_rows(real_release: Release) -> None:
    findings = list(read_findings(real_release))
    severities = {finding.severity for finding in findings}
    assert Severity.VIOLATION not in severities
    warnings = [finding for finding in findings if finding.severity is Severity.WARNING]
    assert warnings
    unplaced = [finding for finding in warnings if finding.position.row is None and finding.position.line is None]
    assert unplaced == []


def test_turtle_files_can_be_read(real_release: Release) -> None:
    for name in ("ontology.ttl", "shapes.ttl", "questions.ttl"):
        assert len(list(parse(path=str(real_release.directory / name), format=RdfFormat.TURTLE))) > 100


def test_terms_have_generated_labels(real_release: Release) -> None:
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    found = {
        quad.object.language
        for quad in quads(real_release)
        if quad.subject.value.endswith("/ns#Register")
        and quad.predicate.value == label
        and isinstance(quad.object, Literal)
    }
    assert found == {"sv", "en"}


def test_command_builds_and_sums_up(tmp_path: Path) -> None:
    result = CliRunner().invoke(build, ["--sources", str(SMALL), "--output", str(tmp_path), "--lang", "en"])
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) == 3
    assert " statements in " in result.stdout
    assert "Findings: 0 Violation" in result.stdout
    assert "Release " in result.stdout


def test_command_speaks_swedish(sources: Path, tmp_path: Path) -> None:
    change_cell(sources, "list_entries:2:status", "analyzed")
    result = CliRunner().invoke(build, ["--sources", str(sources), "--output", str(tmp_path), "--lang", "sv"])
    assert result.exit_code == 1
    assert "Fel: «analyzed» finns inte i kodlistan" in result.stderr
    assert "menade du" in result.stderr


def test_shacl_violation_points_to_the_cell(sources: Path, tmp_path: Path) -> None:
    """A cell that is legal by itself and wrong by a shape: the finding is about the cell, no release is written."""
    change_cell(sources, "indicators:2:groups", "")
    result = CliRunner().invoke(build, ["--sources", str(sources), "--output", str(tmp_path), "--lang", "en"])
    assert result.exit_code == 1, result.output
    assert "demo/indicators.csv:2:groups: Error: " in result.stderr
    assert not (tmp_path / "current").exists()


def test_broken_environment_is_exit_code_two(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(build, ["--output", str(tmp_path / "file" / "below")])
    assert result.exit_code == 2
    assert "registergraf: " in result.stderr


def test_findings_json_is_what_the_manifest_counts(real_release: Release) -> None:
    found = json.loads((real_release.directory / "findings.json").read_text(encoding="utf-8"))["findings"]
    assert len(found) == sum(real_release.manifest["findings"].values())


@pytest.mark.parametrize("name", ["graph.nq", "ontology.ttl", "shapes.ttl", "questions.ttl", "findings.json"])
def test_no_file_of_a_release_is_empty(name: str, real_release: Release) -> None:
    assert (real_release.directory / name).stat().st_size > 100
