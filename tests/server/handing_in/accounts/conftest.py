"""A state in a fresh folder, and settings that name it."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.handing_in.state.kept import State, open_state
from server.settings import Settings


@pytest.fixture
def kept_settings(tmp_path: Path) -> Settings:
    return Settings(state=tmp_path / "state", releases=tmp_path / "releases")


@pytest.fixture
def state(kept_settings: Settings) -> State:
    return open_state(kept_settings)
