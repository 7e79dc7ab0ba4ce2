"""The examples in docs/deploy fit the program: commands, settings and files that are there."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from server.settings import SETTINGS, load_settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
UNIT = DEPLOY / "registergraf.service"


def test_the_settings_are_read() -> None:
    settings = load_settings({}, DEPLOY / "registergraf.toml")
    assert settings.trusted_proxies == 1
    assert set(tomllib.loads((DEPLOY / "registergraf.toml").read_text())) <= {name for name, _, _ in SETTINGS}


def test_the_unit_calls_commands_that_exist() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(UNIT, encoding="utf-8")
    calls = [unit["Service"][name].split()[1] for name in ("ExecStartPre", "ExecStart")]
    program = str(Path(sys.executable).with_name("registergraf"))
    listed = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    assert [call for call in calls if not re.search(rf"^  {call}\b", listed, re.MULTILINE)] == []


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is not installed (Debian: systemd), as in most containers; what it calls is tested too",
)
def test_the_unit_is_in_form() -> None:
    done = subprocess.run(["systemd-analyze", "verify", str(UNIT)], capture_output=True, text=True)
    told = [
        line for line in done.stderr.splitlines() if "registergraf.service" in line and "not executable" not in line
    ]
    assert told == []


def test_the_container_copies_what_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert "requirements.lock" in text
    assert (ROOT / "requirements.lock").is_file()
    given = set(re.findall(r"REGISTERGRAF_([A-Z_]+)=", text))
    assert {name.lower() for name in given} <= {name for name, _, _ in SETTINGS}
