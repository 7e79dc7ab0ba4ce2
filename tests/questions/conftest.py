"""The shipped sources built into a release, and the site over it with the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from loader.release.build import build
from loader.release.manifest import Release
from loader.resources import find_resources
from server.app import create_app
from server.engine.opened import open_engine
from server.settings import Settings


@pytest.fixture(scope="session")
def release_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


@pytest.fixture(scope="session")
def release(release_root: Path) -> Release:
    outcome = build(find_resources(), release_root)
    assert outcome.release is not None, outcome.findings
    return outcome.release


@pytest.fixture(scope="session")
def client(release_root: Path, release: Release) -> Iterator[FlaskClient]:
    settings = Settings(releases=release_root, workers=2, queue=8, rate_per_minute=0, access_log="")
    engine = open_engine(settings, release)
    yield create_app(settings, engine, release).test_client()
    engine.close()
