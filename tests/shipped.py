"""The release of the shipped sources: built once by `registergraf build`, and read by every test and process.

It stays in pytest's cache folder, under a key of all that a build reads, until something of that changes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from loader.release.build import TOOLS
from loader.release.link import use_release
from loader.release.manifest import Release, ReleaseError, current_release

ROOT = Path(__file__).resolve().parents[1]
READ = ("loader", "ontology", "shapes", "data/sources")
_PASSING = "__pycache__"


def shipped_root(cache: Path) -> Path:
    """The folder below `cache` whose current release is of the shipped sources; builds it when there is none.

    Other processes of the same run wait. AssertionError with the command's output when it ends in failure.
    """
    cache.mkdir(parents=True, exist_ok=True)
    root = cache / key(ROOT)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _whole(root):
            for outdated in [path for path in cache.iterdir() if path.is_dir()]:
                shutil.rmtree(outdated)
            _build(root)
    return root


def copied(release: Release, root: Path) -> None:
    """Put a copy of a release into a new folder of releases and make it the current one, as a build would."""
    shutil.copytree(release.directory, root / release.version)
    use_release(root, release.version)


def _build(root: Path) -> None:
    command = [sys.executable, "-c", "from server.cli import main; main()", "build"]
    settings = {"REGISTERGRAF_RELEASES": str(root), "REGISTERGRAF_STATE": str(root.with_name("state"))}
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _whole(root: Path) -> bool:
    try:
        return bool(current_release(root))
    except ReleaseError:
        return False


def key(checkout: Path) -> str:
    """A digest of the files that a build of a checkout reads, its own code among them, and of the tools' versions."""
    found = hashlib.sha256()
    for path in _files(checkout):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found.update(f"{path.relative_to(checkout)} {content}\n".encode())
    found.update(f"{sys.version} {[(name, version(name)) for name in TOOLS]}".encode())
    found.update(os.environ.get("REGISTERGRAF_LAWS", "").encode())
    return found.hexdigest()[:16]


def _files(checkout: Path) -> Iterator[Path]:
    yield checkout / "pyproject.toml"
    for folder in READ:
        found = sorted((checkout / folder).rglob("*"))
        yield from (path for path in found if path.is_file() and _PASSING not in path.parts)
