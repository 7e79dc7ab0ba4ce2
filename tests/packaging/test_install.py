"""`pip install .` into a clean environment gives a command that builds, asks and answers by itself."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.packaging.conftest import Installed

COUNT = "SELECT (COUNT(*) AS ?registers) WHERE { ?register a <https://w3id.org/registergraf/ns#QualityRegister> }"


@pytest.fixture(scope="module")
def built(installed: Installed) -> Installed:
    """The clean environment after its own `registergraf build`."""
    done = installed.run("build", "--output", "releases")
    assert done.returncode == 0, done.stderr
    return installed


def test_command_tells_its_version(installed: Installed) -> None:
    done = installed.run("--version")
    assert done.returncode == 0, done.stderr
    assert "0.1.0" in done.stdout


def test_build_writes_a_release_from_the_bundled_sources(built: Installed) -> None:
    manifest = json.loads((built.folder / "releases/current/manifest.json").read_text(encoding="utf-8"))
    assert manifest["version"].startswith("0.1.0-")
    assert manifest["synthetic"] is False
    assert sum(manifest["graphs"].values()) > 0


def test_query_answers_from_the_release(built: Installed) -> None:
    done = built.run("query", "--format", "csv", COUNT)
    assert done.returncode == 0, done.stderr
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert int(row["registers"]) > 0


def test_every_dependency_is_declared(installed: Installed) -> None:
    """Nothing of the development environment is there to lean on."""
    assert not list(installed.environment.glob("lib/python*/site-packages/pytest"))
    assert installed.run("--help").returncode == 0
