"""No space, no right to write: a clear answer, nothing lost, nothing half-stored."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from loader.release.manifest import open_release
from server.app import create_app
from server.engine.interface import Engine
from server.handing_in.accounts.verify import verify
from server.handing_in.state.errors import StorageFull, StorageUnavailable
from server.handing_in.state.kept import State, open_state
from server.handing_in.submissions.kept.store import Submissions
from server.handing_in.submissions.service import init_submission_service
from server.settings import Settings
from tests.server.handing_in.accounts.test_accounts import in_days
from tests.server.handing_in.submissions.conftest import Person, indicator, plain_check


def mounted(folder: Path, options: str) -> bool:
    """Mount a small file system in memory; False where this process may not."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True)
    return done.returncode == 0


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MiB."""
    folder = tmp_path / "volume"
    folder.mkdir()
    if os.geteuid() != 0 or not mounted(folder, "size=1m"):
        pytest.skip("mounting a file system needs root and leave to mount; the limit on file sizes is tested without")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def small(settings: Settings, volume: Path) -> Settings:
    return replace(settings, state=volume / "state")


def sender(settings: Settings, engine: Engine, release_root: Path) -> Person:
    app: Flask = create_app(settings, engine, open_release(release_root / "current"))
    init_submission_service(app, settings, plain_check)
    token = open_state(settings).accounts.create("office", ["holder:swespine"], in_days(1), actor="console")
    return Person(app.test_client(), "office", token.text())


def check_whole(state: State, acknowledged: set[str]) -> None:
    """Everything that was acknowledged is there with all its files, and nothing else is."""
    found = Submissions(state.database).listed(None, most=10_000)
    assert {item.key for item in found} == acknowledged
    for item in found:
        for digest in (item.reading.report, item.reading.statements, *(file.sha256 for file in item.files)):
            state.blobs.get(digest)
    assert verify(state.database, state.witness, {}).wrong == ()


def fill_up(person: Person, refusal: int) -> set[str]:
    """Hand in until it is refused; the keys that were acknowledged."""
    kept: set[str] = set()
    for number in range(200):
        answer = person.hand_in(indicator(f"n{number}", label="x" * 20_000), supersedes="none")
        if answer.status_code != 201:
            assert answer.status_code == refusal, answer.text
            assert answer.content_type == "application/problem+json"
            assert answer.json is not None
            assert answer.json["detail_sv"]
            return kept
        assert answer.json is not None
        kept.add(answer.json["id"])
    raise AssertionError("It was never refused.")


def test_a_full_disk_is_said_and_loses_nothing(small: Settings, engine: Engine, release_root: Path) -> None:
    person = sender(small, engine, release_root)
    kept = fill_up(person, 507)
    assert kept
    state = open_state(small)
    check_whole(state, kept)
    assert not list(state.folder.rglob(".unfinished*"))
    assert person.get(f"/submissions/{sorted(kept)[0]}").status_code == 200
    with pytest.raises(StorageFull, match="no space left"):
        state.blobs.put(os.urandom(1_100_000))


def test_space_that_is_freed_can_be_used(small: Settings, engine: Engine, release_root: Path, volume: Path) -> None:
    ballast = volume / "ballast"
    ballast.write_bytes(b"x" * 500_000)
    person = sender(small, engine, release_root)
    kept = fill_up(person, 507)
    ballast.unlink()
    answer = person.hand_in(indicator("last", label="x" * 20_000), supersedes="none")
    assert answer.status_code == 201
    assert answer.json is not None
    check_whole(open_state(small), kept | {answer.json["id"]})


def test_a_read_only_disk_is_said_and_loses_nothing(
    small: Settings, engine: Engine, release_root: Path, volume: Path
) -> None:
    person = sender(small, engine, release_root)
    kept = {person.key(indicator("i8"))}
    subprocess.run(["mount", "-o", "remount,ro", str(volume)], check=True)
    try:
        answer = person.hand_in(indicator("i9"))
        assert answer.status_code == 503
        assert answer.json is not None
        assert answer.json["type"].endswith("/problem/storage-unavailable")
        assert str(volume) not in answer.text
        assert answer.headers["Retry-After"]
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(volume)], check=True)
    check_whole(open_state(small), kept)
    assert person.hand_in(indicator("i9")).status_code == 201


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes, as a quota does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


def test_a_file_size_limit_is_said_and_loses_nothing(holder: Person, state: State) -> None:
    kept = {holder.key(indicator("i8"))}
    with largest_file(4096):
        answer = holder.hand_in(indicator("i9", label="x" * 20_000))
    assert answer.status_code == 507
    check_whole(state, kept)
    with largest_file(100):
        answer = holder.hand_in(indicator("i9"))
    assert answer.status_code == 507
    check_whole(state, kept)
    assert holder.hand_in(indicator("i9")).status_code == 201


def test_a_database_that_is_locked_for_long_is_said(
    holder: Person, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.handing_in.state.database._WAIT_SECONDS", 0.1)
    with state.database.writing():
        answer = holder.hand_in(indicator("i9"))
    assert answer.status_code == 503
    assert holder.hand_in(indicator("i9")).status_code == 201


@pytest.mark.parametrize("place", ["registergraf.sqlite3", "blobs"])
def test_what_stands_in_the_way_is_named(state: State, place: str, person: Callable[..., Person]) -> None:
    state.folder.mkdir(exist_ok=True)
    if place == "blobs":
        (state.folder / place).write_text("in the way")
        with pytest.raises(StorageUnavailable, match="blobs"):
            state.blobs.put(b"x")
    else:
        (state.folder / place).mkdir()
        with pytest.raises(StorageUnavailable, match=str(state.folder)):
            person("office", "holder:swespine")
