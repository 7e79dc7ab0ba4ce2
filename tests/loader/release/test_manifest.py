"""A release is opened only when it is whole."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.release.manifest import Release, ReleaseError, open_release, read_findings
from server.operations.release_commands import release as commands
from server.settings import Settings
from tests.pairs import examples

MUTATIONS = examples(100, 1000)


@pytest.fixture(scope="module")
def small(small_root: Path) -> Release:
    return open_release((small_root / "current").resolve())


def test_findings_are_read_back(real_release: Release) -> None:
    found = list(read_findings(real_release))
    assert len(found) == sum(real_release.manifest["findings"].values()) > 0


@pytest.mark.soak_too
def test_no_mutation_of_any_byte_is_opened(small: Release, tmp_path: Path) -> None:
    """A byte changed, left out or put in, a file cut, emptied or gone: each is refused, with the file's name."""
    copy = Path(shutil.copytree(small.directory, tmp_path / "copy"))
    files = sorted(small.manifest["files"])
    chance = random.Random(20261128)
    for _ in range(MUTATIONS):
        name = chance.choice(files)
        data = (small.directory / name).read_bytes()
        (copy / name).write_bytes(mutated(data, chance))
        with pytest.raises(ReleaseError, match=name):
            open_release(copy)
        (copy / name).write_bytes(data)
    assert open_release(copy).version == small.version
    (copy / files[0]).unlink()
    with pytest.raises(ReleaseError, match="missing"):
        open_release(copy)


def mutated(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    other = bytes([data[place] ^ (1 << chance.randrange(8))])
    return chance.choice(
        [
            data[:place] + other + data[place + 1 :],
            data[:place] + data[place + 1 :],
            data[:place] + other + data[place:],
            data[:place],
            data[: data.rindex(b"\n", 0, len(data) - 1) + 1],
            b"",
        ]
    )


@pytest.mark.parametrize(
    "manifest",
    ["", "[]", "{}", '{"version": 1, "files": {"graph.nq": ""}, "graphs": {}}', '{"version": "1", "files": {}}'],
)
def test_a_manifest_of_another_shape_is_one_sentence(manifest: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"manifest|is no release") as raised:
        open_release(tmp_path)
    assert "\n" not in str(raised.value)


def test_a_manifest_names_files_of_its_own_folder_only(small: Release, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(small.directory, tmp_path / "copy"))
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["../other"] = "0"
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ReleaseError, match="not the manifest"):
        open_release(copy)


def test_verify_names_what_is_damaged(small: Release, tmp_path: Path) -> None:
    for name in ("good", "bad"):
        shutil.copytree(small.directory, tmp_path / name)
    (tmp_path / "bad" / "graph.nq").write_bytes(b"")
    settings = Settings(releases=tmp_path)
    result = CliRunner().invoke(commands, ["verify"], obj=settings)
    assert result.exit_code == 1
    assert "good is whole." in result.output
    assert "graph.nq is not as it was built" in result.output
    assert CliRunner().invoke(commands, ["verify", "good"], obj=settings).exit_code == 0
