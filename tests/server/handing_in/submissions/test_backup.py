"""Backup and restore: a round trip while someone writes, and every damage is seen before anything is put back."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.handing_in.accounts.verify import verify
from server.handing_in.state.errors import StorageDamaged
from server.handing_in.state.kept import State, open_state
from server.handing_in.submissions.kept.store import Submissions
from server.settings import Settings
from tests.server.handing_in.submissions.conftest import Person, faulty, indicator


@pytest.fixture
def filled(holder: Person, steward: Person, state: State) -> State:
    key = holder.key(indicator("i8"))
    assert steward.post(f"/submissions/{key}/accept").status_code == 200
    holder.key(faulty("i9"))
    return state


def run(settings: Settings, *arguments: str) -> Result:
    environ = {"REGISTERGRAF_STATE": str(settings.state), "REGISTERGRAF_RELEASES": str(settings.releases)}
    return CliRunner().invoke(main, arguments, env=environ)


def contents(state: State) -> list[tuple[object, ...]]:
    """Everything in the database, and every kept file."""
    tables = ("accounts", "audit", "submissions", "submission_files", "submission_registers", "submission_events")
    with state.database.reading() as connection:
        rows = [tuple(row) for table in tables for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
    return [*rows, *sorted((path.name, path.read_bytes()) for path in state.blobs.folder.rglob("*") if path.is_file())]


@pytest.fixture
def saved(filled: State, kept_settings: Settings, tmp_path: Path) -> Path:
    done = run(kept_settings, "backup", str(tmp_path / "backup"))
    assert done.exit_code == 0, done.output
    assert re.fullmatch(r"2 submissions, \d files, audit log 5:[0-9a-f]{64}\n", done.output)
    return tmp_path / "backup"


def test_a_round_trip_gives_the_same_state(
    filled: State, saved: Path, kept_settings: Settings, tmp_path: Path, holder: Person
) -> None:
    settings = replace(kept_settings, state=tmp_path / "elsewhere" / "state")
    done = run(settings, "restore", str(saved))
    assert done.exit_code == 0, done.output
    restored = open_state(settings)
    assert contents(restored) == contents(filled)
    assert verify(restored.database, restored.witness, {}).wrong == ()
    assert restored.database.file.stat().st_mode & 0o077 == 0
    restored.accounts.revoke(holder.label, actor="console")
    assert verify(restored.database, restored.witness, {}).behind == 0


def test_a_backup_while_others_write_is_one_consistent_moment(
    filled: State, kept_settings: Settings, tmp_path: Path, holder: Person
) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            holder.key(indicator(f"n{number}"), supersedes="none")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = [run(kept_settings, "backup", str(tmp_path / f"backup{number}")) for number in range(5)]
    finally:
        stop.set()
        writer.join()
    assert [result.exit_code for result in done] == [0] * 5, done[0].output
    settings = replace(kept_settings, state=tmp_path / "elsewhere")
    assert run(settings, "restore", str(tmp_path / "backup4")).exit_code == 0
    restored = open_state(settings)
    for item in Submissions(restored.database).listed(None):
        for digest in (item.reading.report, item.reading.statements, *(file.sha256 for file in item.files)):
            restored.blobs.get(digest)


def test_nothing_is_overwritten(saved: Path, filled: State, kept_settings: Settings) -> None:
    before = contents(filled)
    assert "is not empty" in run(kept_settings, "restore", str(saved)).output
    assert "is there already" in run(kept_settings, "backup", str(saved)).output
    assert contents(filled) == before


def test_there_must_be_something_to_back_up(kept_settings: Settings, tmp_path: Path) -> None:
    done = run(replace(kept_settings, state=tmp_path / "none"), "backup", str(tmp_path / "backup"))
    assert done.exit_code == 2
    assert not (tmp_path / "backup").exists()


def blob(folder: Path) -> Path:
    return next(path for path in sorted(folder.rglob("*")) if path.is_file() and len(path.name) == 64)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def forge(folder: Path) -> None:
    """Change an account in the copied database, and the manifest's hash of it as well."""

    file = folder / "registergraf.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TRIGGER audit_not_changed")
        connection.execute("UPDATE audit SET subject = 'x' WHERE seq = 1")
        connection.commit()
    manifest = json.loads((folder / "backup.json").read_text())
    manifest["database"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (folder / "backup.json").write_text(json.dumps(manifest))


def age(folder: Path) -> None:
    """Have a program of a later version have written the database."""
    file = folder / "registergraf.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    manifest = json.loads((folder / "backup.json").read_text())
    manifest["database"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (folder / "backup.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: flip(blob(folder)), "is not what was stored"),
        (lambda folder: blob(folder).unlink(), "is missing"),
        (lambda folder: flip(folder / "registergraf.sqlite3"), "is not what was backed up"),
        (lambda folder: (folder / "backup.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "backup.json").write_text("{}"), "is not what a backup writes"),
        (lambda folder: (folder / "backup.json").unlink(), "cannot be used"),
        (forge, "Entry 1 was changed"),
        (age, "has the version 99"),
    ],
)
def test_a_damaged_backup_is_not_restored(
    saved: Path, kept_settings: Settings, tmp_path: Path, damage: Callable[[Path], object], message: str
) -> None:
    damage(saved)
    settings = replace(kept_settings, state=tmp_path / "elsewhere")
    done = run(settings, "restore", str(saved))
    assert done.exit_code == 2
    assert message in done.output
    assert not settings.state.exists()
    assert not list(tmp_path.glob(".unfinished-*"))


def test_what_a_killed_backup_left_is_gone_after_the_next_and_what_runs_is_not_touched(
    filled: State, kept_settings: Settings, tmp_path: Path
) -> None:
    left, running, other = (tmp_path / f".unfinished-{name}" for name in ("2026-11-21", "2026-11-22", "else"))
    for folder in (left, running, other):
        folder.mkdir()
    for folder in (left, running):
        (folder / "registergraf.sqlite3").write_bytes(b"half")
    descriptor = os.open(running, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        assert run(kept_settings, "backup", str(tmp_path / "2026-11-23")).exit_code == 0
    finally:
        os.close(descriptor)
    assert sorted(path.name for path in tmp_path.glob(".unfinished-*")) == [running.name, other.name]


def test_a_damaged_state_is_not_backed_up(filled: State, kept_settings: Settings, tmp_path: Path) -> None:
    flip(blob(filled.blobs.folder))
    done = run(kept_settings, "backup", str(tmp_path / "backup"))
    assert done.exit_code == 2
    assert not (tmp_path / "backup").exists()


def test_a_lost_file_is_an_error_that_tells_clients_nothing(filled: State, holder: Person, steward: Person) -> None:
    key = Submissions(filled.database).listed(None)[0].key
    shutil.rmtree(filled.blobs.folder)
    answer = holder.get(f"/submissions/{key}/report")
    assert answer.status_code == 500
    assert str(filled.folder) not in answer.text
    with pytest.raises(StorageDamaged, match="is missing"):
        filled.blobs.get("0" * 64)
