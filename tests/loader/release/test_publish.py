"""Releases are whole or not there: killed builds, locks, leftovers, identical rebuilds, kinds that do not mix."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from loader.errors import BuildRunningError, ReleaseError
from loader.release.manifest import current_release, open_release
from loader.release.publish import build_lock, publish
from tests.loader.tree import SMALL, digest
from tests.pairs import some

OLD, NEW = "1.0-old", "1.0-new"


def release(text: str, *, synthetic: bool = False) -> dict[str, bytes]:
    """The files of a release that holds a text."""
    files = {"graph.nq": text.encode(), "ontology.ttl": b"# " + text.encode()}
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    manifest = {"version": text, "graphs": {}, "files": hashes, "synthetic": synthetic}
    return {**files, "manifest.json": json.dumps(manifest).encode()}


def assert_whole(root: Path, versions: set[str]) -> str:
    """Every release is whole to the byte, and the current one is one of the versions."""
    for folder in root.iterdir():
        if folder.is_dir() and not folder.name.startswith("."):
            manifest = open_release(folder).manifest
            for name, expected in manifest["files"].items():
                assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected
    current = current_release(root)
    assert current.directory.name in versions
    return current.directory.name


def write(root: Path, version: str, files: Mapping[str, bytes]) -> None:
    with build_lock(root):
        publish(root, version, files)


# Runs in a process of its own and kills it at the given call of any function that changes the disk.
KILLED = """
import os, pathlib, signal, sys
root, kill_at = pathlib.Path(sys.argv[1]), int(sys.argv[2])
from loader.release.publish import build_lock, publish
from tests.loader.release.test_publish import NEW, release
calls = 0
def counted(function):
    def call(*arguments, **named):
        global calls
        calls += 1
        if calls == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **named)
    return call
for name in ("fsync", "rename", "replace", "symlink", "mkdir", "unlink", "open"):
    setattr(os, name, counted(getattr(os, name)))
with build_lock(root):
    publish(root, NEW, release("new"))
print(calls)
"""


def run_killed(root: Path, kill_at: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(root), str(kill_at)], capture_output=True, text=True, check=False, timeout=60
    )


def test_killed_at_every_step_the_current_release_stays_whole(tmp_path: Path) -> None:
    write(tmp_path / "count", OLD, release("old"))
    whole = run_killed(tmp_path / "count", 0)
    assert whole.returncode == 0, whole.stderr
    steps = int(whole.stdout)
    assert steps >= 12
    seen = set()
    for step in range(1, steps + 1):
        root = tmp_path / str(step)
        write(root, OLD, release("old"))
        killed = run_killed(root, step)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        seen.add(assert_whole(root, {OLD, NEW}))
        write(root, NEW, release("new"))
        assert assert_whole(root, {NEW}) == NEW
        assert not list(root.rglob(".unfinished*"))
    assert seen == {OLD, NEW}


BUILD = """
import dataclasses, pathlib, sys
from loader.release import build as pipeline
from loader.resources import find_resources
pipeline.build(dataclasses.replace(find_resources(), sources=pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2]))
"""


@pytest.mark.parametrize("delay", some([1.5, 0.3, 0.8, 2.2, 3.0], 1))
def test_killed_at_a_moment_the_next_build_succeeds(delay: float, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root, OLD, release("old"))
    with subprocess.Popen([sys.executable, "-c", BUILD, str(SMALL), str(root)]) as process:
        time.sleep(delay)
        process.kill()
    current = current_release(root).directory.name
    assert_whole(root, {current})
    subprocess.run([sys.executable, "-c", BUILD, str(SMALL), str(root)], check=True, timeout=120)
    version = current_release(root).directory.name
    assert version != OLD
    assert_whole(root, {version})
    assert not list(root.rglob(".unfinished*"))


def test_an_identical_rebuild_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, OLD, release("old"))
    before = {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != ".lock"}
    write(tmp_path, OLD, release("old"))
    assert {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != ".lock"} == before


def test_a_damaged_release_is_mended(tmp_path: Path) -> None:
    write(tmp_path, OLD, release("old"))
    (tmp_path / OLD / "graph.nq").write_bytes(b"damaged")
    (tmp_path / OLD / "ontology.ttl").unlink()
    write(tmp_path, OLD, release("old"))
    assert_whole(tmp_path, {OLD})


def test_current_is_a_relative_link_and_old_releases_stay(tmp_path: Path) -> None:
    write(tmp_path, OLD, release("old"))
    write(tmp_path, NEW, release("new"))
    assert os.readlink(tmp_path / "current") == NEW
    assert (tmp_path / OLD / "graph.nq").read_text() == "old"


def test_two_builds_do_not_collide(tmp_path: Path) -> None:
    with build_lock(tmp_path), pytest.raises(BuildRunningError, match="Another build"), build_lock(tmp_path):
        pass
    with build_lock(tmp_path):
        pass


@pytest.mark.parametrize("first", [True, False])
def test_synthetic_and_real_never_share_a_root(first: bool, tmp_path: Path) -> None:
    write(tmp_path, OLD, release("old", synthetic=first))
    before = digest(tmp_path)
    with pytest.raises(ReleaseError, match="Give another --output"):
        write(tmp_path, NEW, release("new", synthetic=not first))
    assert digest(tmp_path) == before


def test_a_root_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReleaseError, match="cannot be written"), build_lock(tmp_path / "file"):
        pass


def test_current_that_is_no_link_is_said(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(ReleaseError, match="no symbolic link"):
        write(tmp_path, OLD, release("old"))
