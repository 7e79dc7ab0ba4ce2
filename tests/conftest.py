"""What every test has: golden files, releases of the shipped and of small sources, the site, and no way out.

No socket reaches beyond this machine (pytest-socket, set in pyproject.toml).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from loader.release.build import build
from loader.release.manifest import Release, current_release
from loader.resources import Resources, find_resources
from server.app import create_app
from server.engine.opened import open_engine
from server.handing_in.checks.asking import checks_of
from server.settings import Settings
from tests.goldenfile import GOLDEN, Golden
from tests.loader.tree import SMALL, holders_sources
from tests.longest import LONG, LONGEST
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no process waits for another's last one."""
    places = {name: place for place, name in enumerate((*LONGEST, *LONG))}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0].removeprefix("tests/"), len(places)))


def pytest_collection_finish() -> None:
    """Let the collector pass over what all tests share, and come less often: a seventh of the processor time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


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
    """The site over the release of the shipped sources, with the embedded engine and two workers."""
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


@pytest.fixture(scope="session")
def resources() -> Resources:
    return find_resources()


@pytest.fixture(scope="session")
def small_root(tmp_path_factory: pytest.TempPathFactory, resources: Resources) -> Path:
    """A folder of releases whose current one holds the small sources."""
    root = tmp_path_factory.mktemp("small")
    outcome = build(replace(resources, sources=SMALL), root)
    assert outcome.release is not None, outcome.findings
    return root


@pytest.fixture(scope="session")
def holders(resources: Resources, tmp_path_factory: pytest.TempPathFactory) -> Resources:
    """The shipped ontology and shapes, and the small sources with some registers whose holders hand in."""
    return replace(resources, sources=holders_sources(tmp_path_factory.mktemp("holders") / "sources"))


@pytest.fixture(scope="session")
def holders_release(holders: Resources, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of these, to be read only."""
    outcome = build(holders, tmp_path_factory.mktemp("holders-release"))
    assert outcome.release is not None, outcome.findings
    return outcome.release
