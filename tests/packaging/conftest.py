"""The wheel, the source distribution, and a clean environment with the latter installed, each made once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Distributions:
    """The two files that `python -m build` makes; the wheel is built from the source distribution."""

    wheel: Path
    source: Path


@dataclass(frozen=True, slots=True)
class Installed:
    """A clean environment that has registergraf, and a folder that is not the checkout to run it in."""

    environment: Path
    folder: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the installed command, with its releases in `folder/releases`; its exit code is not judged."""
        command = [str(self.environment / "bin" / "registergraf"), *arguments]
        settings = {"REGISTERGRAF_RELEASES": str(self.folder / "releases")}
        return run(command, cwd=self.folder, env=outside_environment() | settings)


def outside_environment() -> dict[str, str]:
    """This process's variables without those that would lead Python or registergraf back to the checkout."""
    hidden = ("PYTHON", "VIRTUAL_ENV", "REGISTERGRAF")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}


def run(command: list[str], *, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without standard input."""
    return subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def must_run(command: list[str], *, cwd: Path) -> None:
    """Run a command that has to succeed."""
    done = run(command, cwd=cwd, env=outside_environment())
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}", pytrace=False)


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Build both from the checkout with the locked build backend; needs no network."""
    folder = tmp_path_factory.mktemp("dist")
    must_run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), "."], cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    (source,) = folder.glob("*.tar.gz")
    return Distributions(wheel=wheel, source=source)


@pytest.fixture(scope="session")
def installed(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Do what `pip install .` does, from the source distribution, in an environment that holds nothing else.

    uv does it, in a twentieth of pip's time: it fetches the dependencies and the build backend from the package index,
    at the lock file's versions.
    """
    folder = tmp_path_factory.mktemp("clean")
    constraints = folder / "constraints.txt"
    constraints.write_text(locked_versions((ROOT / "requirements.lock").read_text(encoding="utf-8")), encoding="utf-8")
    uv, python = [sys.executable, "-m", "uv"], str(folder / "venv/bin/python")
    must_run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder / "venv")], cwd=folder)
    install = [*uv, "pip", "install", "--quiet", "--python", python]
    must_run([*install, "--constraint", str(constraints), str(distributions.source)], cwd=folder)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    return Installed(environment=folder / "venv", folder=elsewhere)


def locked_versions(lock: str) -> str:
    """The lock's requirements without their hashes (hashes in a constraints file refuse a local source)."""
    lines = re.findall(r"^([a-z0-9._-]+==[^\\\n]+?)\s*\\?$", lock, flags=re.MULTILINE)
    if not lines:
        pytest.fail("requirements.lock names no version", pytrace=False)
    return "\n".join(lines) + "\n"
