"""What every test has: golden files, the release of the shipped sources with the site over it, and no way out.

No socket reaches beyond this machine (pytest-socket, set in pyproject.toml).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from loader.release.manifest import Release, current_release
from server.app import create_app
from server.engine.opened import open_engine
from server.handing_in.checks.asking import checks_of
from server.settings import Settings
from tests.goldenfile import GOLDEN, Golden
from tests.programs import in_ci
from tests.shipped import shipped_root

settings.register_profile("no-times", deadline=None)  # a busy machine proves nothing
settings.load_profile("no-times")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option that writes golden files."""
    parser.addoption("--update-golden", action="store_true", help="Write the golden files instead of comparing.")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to write golden files where nobody reads the difference."""
    if config.getoption("--update-golden") and in_ci():
        raise pytest.UsageError("--update-golden is refused when CI is set: golden files are written and read by hand.")


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with a golden file: `golden(name, text)`."""
    return Golden(GOLDEN, update=bool(request.config.getoption("--update-golden")))


@pytest.fixture(scope="session")
def real_root(request: pytest.FixtureRequest) -> Path:
    """A folder of releases, to be read only, whose current one `registergraf build` made of the shipped sources."""
    return shipped_root(request.config.cache.mkdir("shipped-release"))


@pytest.fixture(scope="session")
def real_release(real_root: Path) -> Release:
    """The release of the shipped sources, to be read only."""
    return current_release(real_root)


@pytest.fixture(scope="session")
def real_app(real_release: Release) -> Iterator[Flask]:
    """The site over the release of the shipped sources, with the real engine in process."""
    settings = Settings(releases=real_release.directory.parent, workers=2, queue=8, rate_per_minute=0, access_log="")
    engine = open_engine(settings, real_release)
    made = create_app(settings, engine, real_release)
    yield made
    checks_of(made).close()
    engine.close()


@pytest.fixture
def real_client(real_app: Flask) -> FlaskClient:
    """A visitor of that site."""
    return real_app.test_client()
