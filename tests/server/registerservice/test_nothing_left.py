"""No identity number leaves a run: files, folders, logs, errors and arguments are looked through, during and after."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.registerservice.asking import people, table

PROGRAM = ("-c", "from server.cli import main; main()", "coverage")
MANY = 3000


def spellings(number: str) -> Iterator[bytes]:
    """A number in clear, with and without hyphen and century, and each as an unkeyed hash in hexadecimal and raw."""
    for text in (number, f"{number[:8]}-{number[8:]}", number[2:], f"{number[2:8]}-{number[8:]}"):
        yield text.encode()
        for kind in ("md5", "sha1", "sha256", "sha512", "blake2b"):
            digest = hashlib.new(kind, text.encode()).digest()
            yield digest
            yield digest.hex().encode()


def leaks(content: bytes, wanted: list[bytes]) -> list[bytes]:
    return [spelling for spelling in wanted if spelling in content]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("in", "out", "tmp", "home"):
        (tmp_path / name).mkdir()
    who = people(MANY)
    rows = [[number, f"2024-{1 + place % 12:02}-01", "A"] for place, number in enumerate(who)]
    wrong = who[0][:-1] + str((int(who[0][-1]) + 1) % 10)
    table(tmp_path / "in" / "a.csv", "pnr;day;unit", [*rows[:2000], [wrong, "2024-01-01", "A"], [who[1], "x", "A"]])
    table(tmp_path / "in" / "b.csv", "pnr;day;unit", rows[1000:] * 3)
    return tmp_path


def started(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    files = ("--register", str(folder / "in" / "a.csv"), "--reference", str(folder / "in" / "b.csv"))
    asked = ("--key", "pnr", "--date", "day", "--by", "unit,year", "--count", "events")
    root = str(Path(__file__).resolve().parents[3])
    surroundings = {**os.environ, "TMPDIR": str(folder / "tmp"), "HOME": str(folder / "home"), "PYTHONPATH": root}
    return subprocess.Popen(
        [sys.executable, *PROGRAM, *files, *asked, "--output", str(folder / "out" / "r.json"), *options],
        cwd=folder / "out",
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def watched(folder: Path, process: subprocess.Popen[bytes]) -> bytes:
    """Everything that was in the folders and the arguments while the process ran, and what it said."""
    seen = b""
    while process.poll() is None:
        seen += written(folder)
        arguments = Path(f"/proc/{process.pid}/cmdline")
        seen += arguments.read_bytes() if arguments.exists() else b""
        time.sleep(0.02)
    said = process.communicate()
    return seen + b"".join(said) + written(folder)


def written(folder: Path) -> bytes:
    found = b""
    for name in ("out", "tmp", "home"):
        for path in (folder / name).rglob("*"):
            try:
                found += str(path).encode() + (path.read_bytes() if path.is_file() else b"")
            except FileNotFoundError:
                continue
    return found


def test_the_watcher_sees_what_it_looks_for() -> None:
    number = people(1)[0]
    wanted = list(spellings(number))
    assert leaks(b"..." + number[2:].encode(), wanted)
    assert leaks(hashlib.sha256(number.encode()).hexdigest().encode(), wanted)


def test_no_number_is_written_said_or_passed(folder: Path) -> None:
    wanted = [spelling for number in people(MANY)[::150] + people(2) for spelling in spellings(number)]
    process = started(folder)
    seen = watched(folder, process)
    assert process.returncode == 0, seen
    assert b"row 2002" in seen or b"rad 2002" in seen
    assert leaks(seen, wanted) == []
    assert [path.name for path in (folder / "out").iterdir()] == ["r.json"]
    assert not list((folder / "tmp").iterdir())


def test_too_little_memory_is_said_and_nothing_spilled(folder: Path) -> None:
    process = started(folder, "--memory", "1MB")
    seen = watched(folder, process)
    assert process.returncode == 1, seen
    assert b"1MB" in seen
    assert leaks(seen, [spelling for number in people(20) for spelling in spellings(number)]) == []
    assert not list((folder / "out").iterdir()) + list((folder / "tmp").iterdir())


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(folder: Path, ending: signal.Signals) -> None:
    reference = folder / "in" / "b.csv"
    header, *rows = reference.read_text(encoding="utf-8").splitlines(keepends=True)
    reference.write_text(header + "".join(rows) * 200, encoding="utf-8")
    process = started(folder)
    time.sleep(1)
    process.send_signal(ending)
    process.communicate()
    assert process.returncode != 0
    assert not list((folder / "out").iterdir()) + list((folder / "tmp").iterdir())
