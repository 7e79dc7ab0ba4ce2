"""A small folder of sources that every test may change, and checking against the shipped release."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from loader.check import CheckOptions, CheckResult, Upload, check
from loader.release.manifest import Release
from tests.loader.tree import SMALL

Ask = Callable[..., CheckResult]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the small sources."""
    return Path(shutil.copytree(SMALL, tmp_path / "sources"))


@pytest.fixture(scope="session")
def ask(real_release: Release) -> Ask:
    """Check files against the release of the shipped sources."""

    def run(*uploads: Upload, **options: object) -> CheckResult:
        assert uploads
        return check(uploads, release=real_release, options=CheckOptions(**options))  # type: ignore[arg-type]

    return run
