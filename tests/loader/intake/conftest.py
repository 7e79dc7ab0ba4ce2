"""The real release, built once per test process, and the question that every test asks of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from loader.check import CheckOptions, CheckResult, Upload, check
from loader.release.build import build
from loader.release.manifest import Release
from loader.resources import find_resources

Ask = Callable[..., CheckResult]


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    outcome = build(find_resources(), tmp_path_factory.mktemp("release"))
    assert outcome.release is not None, outcome.findings
    return outcome.release


@pytest.fixture(scope="session")
def ask(release: Release) -> Ask:
    """Check files against the real release."""

    def run(*uploads: Upload, **options: object) -> CheckResult:
        return check(_all(uploads), release=release, options=CheckOptions(**options))  # type: ignore[arg-type]

    return run


def _all(uploads: Sequence[Upload]) -> tuple[Upload, ...]:
    assert uploads
    return tuple(uploads)


def read(path: Path) -> Upload:
    return Upload(path.name, path.read_bytes())
