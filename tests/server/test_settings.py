"""Settings: one table, read from file and environment, and documented from itself."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli import main
from server.settings import SETTINGS, Settings, SettingsError, load_settings, settings_document
from tests.goldenfile import Golden

ROOT = Path(__file__).parents[2]


def test_the_document_is_the_table(golden: Golden) -> None:
    assert len(SETTINGS) > 20
    Golden(ROOT / "docs", update=golden.update)("settings.md", settings_document())


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "registergraf.toml"
    file.write_text("port = 9000\ntimeout = 5\n", encoding="utf-8")
    loaded = load_settings({"REGISTERGRAF_CONFIG": str(file), "REGISTERGRAF_PORT": "9001", "OTHER": "x"})
    assert (loaded.port, loaded.timeout) == (9001, 5.0)
    assert loaded.host == Settings().host


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", "unknown setting 'prot'"),
        ("port = 'x'", "port = 'x'"),
        ("port = -1", "whole number"),
        ("port", "toml"),
        ("host = 1", "text"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "registergraf.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        load_settings({}, file)


def test_a_bad_variable_is_named() -> None:
    with pytest.raises(SettingsError, match="REGISTERGRAF_TIMEOUT = 'soon'"):
        load_settings({"REGISTERGRAF_TIMEOUT": "soon"})


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("WORKERS", "0", "at least one query worker"),
        ("ENGINE", "ftp://x/sparql", "http://HOST"),
        ("PORT", "70000", "65535"),
        ("ACCESS_LOG", "/nonexistent/access.log", "access_log"),
        ("SLOW_LOG", "/nonexistent/slow.log", "slow_log"),
        ("CONNECTIONS", "0", "at least one connection"),
        ("HOST", "nowhere.invalid", "nowhere.invalid"),
    ],
)
def test_settings_that_cannot_work_are_told_before_anything_starts(
    variable: str, value: str, said: str, release_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTERGRAF_RELEASES", str(release_root))
    monkeypatch.setenv(f"REGISTERGRAF_{variable}", value)
    result = CliRunner().invoke(main, ["serve"])
    assert (result.exit_code, said in result.output) == (2, True), result.output


def test_a_port_that_is_taken_is_told(release_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTERGRAF_RELEASES", str(release_root))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = CliRunner().invoke(main, ["serve", "--port", str(taken.getsockname()[1])])
    assert (result.exit_code, "in use" in result.output) == (2, True), result.output
