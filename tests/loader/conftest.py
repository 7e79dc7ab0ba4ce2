"""A small folder of sources that every test may change, and its release, built once for those that only read."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from loader.check import CheckOptions, CheckResult, Upload, check
from loader.release import build as pipeline
from loader.release.manifest import Release
from loader.resources import Resources, find_resources
from tests.loader.tree import SMALL

Ask = Callable[..., CheckResult]


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
def ask(real_release: Release) -> Ask:
    """Check files against the release of the shipped sources."""

    def run(*uploads: Upload, **options: object) -> CheckResult:
        assert uploads
        return check(uploads, release=real_release, options=CheckOptions(**options))  # type: ignore[arg-type]

    return run
