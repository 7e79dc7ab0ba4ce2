"""The test harness itself: golden files fail when they should, sockets are blocked, programs are asked for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

from tests import programs
from tests.goldenfile import Golden
from tests.longest import LONG, LONGEST
from tests.pairs import pairs, some
from tests.shipped import key

ROOT = Path(__file__).resolve().parents[1]


def test_golden_accepts_what_it_wrote(tmp_path: Path) -> None:
    Golden(tmp_path, update=True)("a/b.txt", "åäö\nrad 2")
    Golden(tmp_path, update=False)("a/b.txt", "åäö\nrad 2\n")
    assert (tmp_path / "a/b.txt").read_bytes() == "åäö\nrad 2\n".encode()


@pytest.mark.parametrize("changed", ["a\nc\n", "a\n", "a\nb\n\n", "a\r\nb\n"])
def test_golden_fails_on_any_difference(tmp_path: Path, changed: str) -> None:
    Golden(tmp_path, update=True)("x.txt", "a\nb\n")
    with pytest.raises(pytest.fail.Exception, match="differs from its golden file"):
        Golden(tmp_path, update=False)("x.txt", changed)


def test_golden_fails_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="--update-golden"):
        Golden(tmp_path, update=False)("missing.txt", "")


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "", "a/../../x"])
def test_golden_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="relative path"):
        Golden(tmp_path, update=True)(name, "x")


@pytest.mark.parametrize("name", ["pyproject.toml", "loader/x/y.py", "ontology/rules/r.rq", "data/sources/s/t.csv"])
def test_the_shipped_release_is_built_anew_when_what_it_is_made_of_changes(tmp_path: Path, name: str) -> None:
    for file in ("pyproject.toml", name, "loader/__pycache__/x.pyc"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("before", encoding="utf-8")
    before = key(tmp_path)
    (tmp_path / "loader/__pycache__/x.pyc").write_text("after", encoding="utf-8")
    assert key(tmp_path) == before
    (tmp_path / name).write_text("after", encoding="utf-8")
    assert key(tmp_path) != before


def test_update_golden_is_refused_in_ci() -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--update-golden", __file__]
    run = subprocess.run(command, cwd=ROOT, env={**os.environ, "CI": "true"}, capture_output=True, text=True)
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "refused when CI is set" in run.stderr


def test_sockets_beyond_loopback_are_blocked() -> None:
    blocked = (SocketConnectBlockedError, UserWarning)  # the warning comes first, and warnings are errors
    with socket.socket() as outside, pytest.raises(blocked, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_the_files_that_begin_are_there() -> None:
    assert [name for name in (*LONGEST, *LONG) if not (ROOT / "tests" / name).is_file()] == []


def test_missing_program_skips_on_a_developers_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Debian package chromium-driver"):
        programs.require_program("chromedriver")
    assert programs.missing() == sorted(programs.PACKAGES)
    assert programs.main() == 0


def test_missing_program_fails_in_ci(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="virtuoso-opensource-7-bin"):
        programs.require_program("virtuoso-t")
    assert programs.main() == 1


def test_a_few_of_many_cases_hold_each_row_and_each_column() -> None:
    cases = pairs("abc", "xyzuv")
    kept = [case.values for case in cases if not case.marks]
    assert len(cases) == 15
    assert len(kept) == 5
    assert {row for row, _column in kept} == set("abc")
    assert {column for _row, column in kept} == set("xyzuv")
    assert [case.values for case in some("abc", 2) if not case.marks] == [("a",), ("b",)]
