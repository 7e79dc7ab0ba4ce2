"""Releases and engines for the engine tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from loader.release.manifest import Release
from server.engine.limits import EngineLimits
from server.engine.pool.embedded import EmbeddedEngine
from tests.server.engine.asking import disregard_running_engines
from tests.server.engine.fixture_release import write_release
from tests.server.engine.stores import RunningStore, running_oxigraph, running_virtuoso

LIMITS = EngineLimits(workers=3, queue=2, memory_mb=128)


@pytest.fixture(scope="module", autouse=True)
def only_own_engines() -> None:
    """Count the processes of a module's own engines."""
    disregard_running_engines()


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """20 registers: 80, 120 and 60 statements in three graphs."""
    return write_release(tmp_path_factory.mktemp("releases") / "first")


@pytest.fixture(scope="session")
def other_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """21 registers."""
    return write_release(tmp_path_factory.mktemp("releases") / "second", "1.0.0-000000000002", registers=21)


@pytest.fixture(scope="module")
def engine(release: Release) -> Iterator[EmbeddedEngine]:
    """An engine of three workers, a queue of two, and 128 MiB per query."""
    engine = EmbeddedEngine(release, LIMITS)
    yield engine
    engine.close()


@pytest.fixture
def own_engine(release: Release) -> Iterator[EmbeddedEngine]:
    """The same, for one test alone."""
    engine = EmbeddedEngine(release, LIMITS)
    yield engine
    engine.close()


@pytest.fixture
def empty_folder(tmp_path: Path) -> Path:
    """A folder for a cache."""
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStore]:
    """An Oxigraph server, shared by the tests: each publishes what it needs."""
    with running_oxigraph(tmp_path_factory.mktemp("oxigraph")) as store:
        yield store


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStore]:
    """A Virtuoso, shared by the tests."""
    with running_virtuoso(tmp_path_factory.mktemp("virtuoso")) as store:
        yield store


@pytest.fixture(params=["oxigraph", "virtuoso"])
def store(request: pytest.FixtureRequest) -> RunningStore:
    """Each of the real stores."""
    running: RunningStore = request.getfixturevalue(request.param)
    return running
