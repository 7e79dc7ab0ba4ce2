"""`pip install .` into a clean environment gives a command that builds, asks and answers by itself."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.loader.tree import SMALL
from tests.packaging.conftest import Installed, outside_environment, run

COUNT = "SELECT (COUNT(*) AS ?registers) WHERE { ?register a <https://w3id.org/registergraf/ns#QualityRegister> }"


@pytest.fixture(scope="module")
def built(installed: Installed) -> Installed:
    """The clean environment after its own `registergraf build` of a few sources, by the ontology and shapes in it."""
    done = installed.run("build", "--output", "releases", "--sources", str(SMALL))
    assert done.returncode == 0, done.stderr
    return installed


def test_command_tells_its_version(installed: Installed) -> None:
    done = installed.run("--version")
    assert done.returncode == 0, done.stderr
    assert "0.1.0" in done.stdout


def test_the_program_reads_what_it_brought_along(installed: Installed) -> None:
    """What these folders hold is compared byte for byte where the wheel is looked into."""
    code = (
        "from loader.resources import find_resources as f; r = f(); print(r.ontology, r.shapes, r.sources, sep='\\n')"
    )
    python = str(installed.environment / "bin" / "python")
    done = run([python, "-c", code], cwd=installed.folder, env=outside_environment())
    folders = [Path(line) for line in done.stdout.splitlines()]
    assert len(folders) == 3
    assert all(folder.is_relative_to(installed.environment) for folder in folders), done.stdout + done.stderr


@pytest.mark.soak
def test_a_build_of_all_that_it_brought_along(installed: Installed) -> None:
    done = installed.run("build", "--output", "whole")
    assert done.returncode == 0, done.stderr
    manifest = json.loads((installed.folder / "whole/current/manifest.json").read_text(encoding="utf-8"))
    assert manifest["synthetic"] is False
    assert sum(manifest["graphs"].values()) > 10_000


def test_build_writes_a_release(built: Installed) -> None:
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
