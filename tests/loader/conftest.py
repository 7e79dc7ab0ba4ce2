"""A small folder of sources that every test may change, and releases built once for those that only read."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from loader.release import build as pipeline
from loader.release.manifest import Release
from loader.resources import Resources, find_resources
from tests.loader.tree import SMALL


@pytest.fixture(scope="session")
def resources() -> Resources:
    return find_resources()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the small sources."""
    return Path(shutil.copytree(SMALL, tmp_path / "sources"))


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory, resources: Resources) -> Path:
    """A folder of releases whose current one holds the small sources."""
    root = tmp_path_factory.mktemp("small")
    outcome = pipeline.build(dataclasses.replace(resources, sources=SMALL), root)
    assert outcome.release is not None, outcome.findings
    return root


@pytest.fixture(scope="session")
def real_outcome(tmp_path_factory: pytest.TempPathFactory, resources: Resources) -> pipeline.Outcome:
    """The build of the real sources."""
    return pipeline.build(resources, tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="session")
def real_release(real_outcome: pipeline.Outcome) -> Release:
    assert real_outcome.release is not None
    return real_outcome.release
