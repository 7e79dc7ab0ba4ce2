"""`registergraf doctor` names what is wrong on the machine, each kind once seen."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.operations.doctor import ERROR, OK, WARNING, examine
from server.operations.doctor_command import doctor
from server.settings import Settings


@pytest.fixture
def settings(release_root: Path, tmp_path: Path) -> Settings:
    """A folder of releases and a state of the test's own."""
    root = Path(shutil.copytree(release_root, tmp_path / "releases", symlinks=True))
    return Settings(releases=root, state=tmp_path / "state")


def levels(settings: Settings, about: str) -> set[str]:
    return {sign.level for sign in examine(settings) if sign.about == about}


def test_a_sound_machine(settings: Settings) -> None:
    result = CliRunner().invoke(doctor, ["--lang", "en"], obj=settings)
    assert result.exit_code == 0, result.output
    assert "is whole and current" in result.output
    assert "error" not in result.output


def test_a_damaged_release_is_an_error(settings: Settings) -> None:
    (settings.releases / "current" / "graph.nq").write_bytes(b"")
    result = CliRunner().invoke(doctor, ["--lang", "sv"], obj=settings)
    assert result.exit_code == 1
    assert "graph.nq" in result.output


def test_a_damaged_older_release_is_a_warning(settings: Settings) -> None:
    older = shutil.copytree((settings.releases / "current").resolve(), settings.releases / "older")
    (Path(older) / "graph.nq").write_bytes(b"")
    assert levels(settings, "release") == {OK, WARNING}


def test_a_damaged_database_is_an_error(settings: Settings) -> None:
    settings.state.mkdir(mode=0o700)
    (settings.state / "registergraf.sqlite3").write_bytes(b"no database at all" * 100)
    assert levels(settings, "state") == {ERROR}


def test_state_that_others_can_reach_is_a_warning(settings: Settings) -> None:
    settings.state.mkdir(mode=0o755)
    settings.state.chmod(0o755)
    assert levels(settings, "rights") == {WARNING}
    settings.state.chmod(0o700)
    assert levels(settings, "rights") == set()


def test_a_clock_behind_its_files_is_an_error(settings: Settings) -> None:
    later = time.time() + 3600
    os.utime(settings.releases / "current", (later, later))
    assert levels(settings, "clock") == {ERROR}


def test_no_release_is_an_error(tmp_path: Path) -> None:
    assert levels(Settings(releases=tmp_path, state=tmp_path / "state"), "release") == {ERROR}


def test_listening_to_the_world_without_an_address_is_a_warning(settings: Settings) -> None:
    open_to_all = Settings(releases=settings.releases, state=settings.state, host="0.0.0.0")
    assert levels(open_to_all, "settings") == {OK, WARNING}


def test_a_kernel_that_resets_what_waits_is_a_warning_without_a_unix_socket(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tcp_migrate_req"
    monkeypatch.setattr("server.operations.doctor.MIGRATE", file)
    assert levels(settings, "restarts") == set()
    file.write_text("0\n", encoding="ascii")
    assert levels(settings, "restarts") == {WARNING}
    assert levels(replace(settings, unix_socket="/run/registergraf/http.sock"), "restarts") == set()
    file.write_text("1\n", encoding="ascii")
    assert levels(settings, "restarts") == set()
