"""The CI script: it installs what is missing, runs `make test`, and never passes by running nothing.

make, apt-get and every system program are stand-ins in a folder of the test's own, so that nothing is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.programs import PACKAGES

SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "run"
CLOSING = "===== 3 passed, 1 skipped in 0.10s ====="
NEEDED = ("bash", "dirname", "mktemp", "rm", "tee", "grep", "tail", "cat")


@pytest.fixture
def stand_ins(tmp_path: Path) -> Path:
    """A folder for PATH: the shell's own tools, the system programs, and an ldconfig and id as for root."""
    for name in NEEDED:
        source = shutil.which(name)
        assert source is not None
        (tmp_path / name).symlink_to(source)
    for name in [*PACKAGES, "ps"]:
        write(tmp_path, name, "exit 0")
    write(tmp_path, "ldconfig", "echo 'libseccomp.so.2 (libc6) => /lib/libseccomp.so.2'")
    write(tmp_path, "id", "echo 0")
    write(tmp_path, "apt-get", f'echo "$@" >> {tmp_path}/installed')
    return tmp_path


def write(folder: Path, name: str, body: str) -> None:
    """Put a shell script under a program's name."""
    path = folder / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """The script's own run, with nothing but the folder on PATH."""
    bash = str(folder / "bash")
    variables = {"PATH": str(folder), "HOME": os.environ.get("HOME", "/")}
    return subprocess.run([bash, str(SCRIPT)], env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def test_a_passing_run_ends_with_the_runners_closing_line(stand_ins: Path) -> None:
    write(stand_ins, "make", f'[ "$1" = test ] && [ "$CI" = true ] && echo "{CLOSING}"')
    done = run(stand_ins)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == CLOSING
    assert not (stand_ins / "installed").exists()


@pytest.mark.parametrize("code", [1, 2, 5])
def test_a_failing_run_fails_even_with_a_closing_line(stand_ins: Path, code: int) -> None:
    write(stand_ins, "make", f'echo "{CLOSING}"; exit {code}')
    assert run(stand_ins).returncode != 0


@pytest.mark.parametrize("closing", ["===== no tests ran in 0.01s =====", "", "==== 4 skipped in 1s ====", "0 passed"])
def test_a_run_of_nothing_fails(stand_ins: Path, closing: str) -> None:
    write(stand_ins, "make", f'echo "{closing}"')
    done = run(stand_ins)
    assert done.returncode == 1
    assert "No test was run." in done.stderr


@pytest.mark.parametrize(("program", "package"), PACKAGES.items())
def test_a_missing_program_is_installed_by_root(stand_ins: Path, program: str, package: str) -> None:
    (stand_ins / program).unlink()
    write(stand_ins, "make", f'echo "{CLOSING}"')
    assert run(stand_ins).returncode == 0
    update, install = (stand_ins / "installed").read_text(encoding="utf-8").splitlines()
    assert update.startswith("update")
    assert install.split()[0] == "install"
    assert install.split()[-1] == package


def test_a_failed_installation_fails_the_run(stand_ins: Path) -> None:
    (stand_ins / "npm").unlink()
    write(stand_ins, "apt-get", "exit 100")
    write(stand_ins, "make", f'echo "{CLOSING}"')
    assert run(stand_ins).returncode == 100
