"""The synthetic annex: the same bytes for the same seed, marked all over, buildable, never in the way of real data."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, parse

from loader.commands import build, synthesize
from loader.release.manifest import current_release
from tests.loader.tree import SMALL, digest, read_rows


def make(output: Path, seed: int = 7) -> Result:
    options = ["--registers", "3", "--indicators", "20", "--seed", str(seed), "--output", str(output)]
    return CliRunner().invoke(synthesize, options)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    assert [make(tmp_path / name, seed).exit_code for name, seed in (("a", 1), ("b", 1), ("c", 2))] == [0, 0, 0]
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    assert digest(tmp_path / "a") != digest(tmp_path / "c")


def test_sizes_are_as_asked(tmp_path: Path) -> None:
    make(tmp_path / "a")
    assert len(read_rows(tmp_path / "a" / "synthetic" / "registers.csv")) == 1 + 3
    assert len(read_rows(tmp_path / "a" / "synthetic" / "indicators.csv")) == 1 + 20


def test_it_builds_and_is_marked(tmp_path: Path) -> None:
    make(tmp_path / "a")
    result = CliRunner().invoke(build, ["--sources", str(tmp_path / "a"), "--output", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    release = current_release(tmp_path / "out")
    assert release.manifest["synthetic"] is True
    marks = [
        quad
        for quad in parse(path=str(release.graph), format=RdfFormat.N_QUADS)
        if quad.predicate.value.endswith("#synthetic") and str(quad.object).startswith('"true"')
    ]
    assert len(marks) == 1
    labels = read_rows(tmp_path / "a" / "synthetic" / "registers.csv")[1:]
    assert all(row[0].startswith("synthetic-") and "yntet" in row[2] for row in labels)


def test_it_never_goes_beside_real_releases(tmp_path: Path, small_root: Path) -> None:
    make(tmp_path / "a")
    before = digest(small_root)
    result = CliRunner().invoke(build, ["--sources", str(tmp_path / "a"), "--output", str(small_root)])
    assert result.exit_code == 2
    assert "Give another --output" in result.stderr
    assert digest(small_root) == before


@pytest.mark.parametrize("content", ["sources.toml", "other.txt"])
def test_it_overwrites_nothing_but_synthetic_sources(content: str, tmp_path: Path) -> None:
    target = tmp_path / "there"
    target.mkdir()
    (target / content).write_bytes((SMALL / "sources.toml").read_bytes())
    before = digest(target)
    result = make(target)
    assert result.exit_code == 2
    assert digest(target) == before


def test_an_older_synthetic_folder_is_replaced(tmp_path: Path) -> None:
    make(tmp_path / "a", 1)
    make(tmp_path / "b", 2)
    assert make(tmp_path / "a", 2).exit_code == 0
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
