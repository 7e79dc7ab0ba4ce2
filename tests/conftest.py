"""What every test has: golden files, and no socket beyond this machine (pytest-socket, set in pyproject.toml)."""

from __future__ import annotations

import pytest

from tests.goldenfile import GOLDEN, Golden
from tests.programs import in_ci


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
