"""Backup and restore: a consistent copy of the database and of every file that it names, verified by their hashes."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from server.handing_in.accounts.audit import START, broken_links, head
from server.handing_in.state.blobs import Blobs
from server.handing_in.state.database import NAME, check_integrity, known_version
from server.handing_in.state.errors import StorageDamaged, StorageUnavailable, storage_errors
from server.handing_in.state.folders import make_folder, sync_folder
from server.handing_in.state.kept import State
from server.handing_in.state.orphans import NAMED

MANIFEST = "backup.json"
_UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup holds: how many submissions and kept files, and the audit log's head."""

    submissions: int
    files: int
    head: str


def back_up(state: State, target: Path) -> Copied:
    """Copy the state into the new folder `target` while servers run; nothing is at `target` before all of it is."""
    if target.exists():
        raise StorageUnavailable(f"{target} is there already. Give the name of a new folder.")
    if not state.database.file.is_file():
        raise StorageUnavailable(f"There is nothing to back up in {state.folder}.")
    with storage_errors(target.parent), _beside(target) as beside:
        _copy_database(state.database.file, beside / NAME)
        copied = _copy_files(state.blobs, beside)
        _write_manifest(beside, copied)
        _finish(beside, target)
    return copied


def restore(source: Path, folder: Path, witness: Path) -> Copied:
    """Put a backup in the place of a state that is not there, or empty; nothing is changed before all is verified."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StorageUnavailable(f"{folder} is not empty. Move it away, or give another folder for the state.")
    if witness.exists() and witness.stat().st_size:
        raise StorageUnavailable(f"{witness} is there already. Move it away; keep it to compare with.")
    with storage_errors(source):
        manifest = _read_manifest(source)
    with storage_errors(folder.parent), _beside(folder) as beside:
        shutil.copyfile(source / NAME, beside / NAME)
        if _digest(beside / NAME) != manifest["database"]:
            raise StorageDamaged(f"{source / NAME} is not what was backed up.")
        copied = _copy_files(Blobs(source), beside)
        _check(beside, copied, str(manifest["head"]))
        (beside / NAME).chmod(0o600)
        if folder.is_dir():
            folder.rmdir()
        _finish(beside, folder)
    return copied


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's online backup: one consistent moment, with writers at work."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")
    check_integrity(target)


def _copy_files(blobs: Blobs, beside: Path) -> Copied:
    """Copy every file that the copied database names; StorageDamaged when one is not what it should be."""
    copies = Blobs(beside)
    with closing(sqlite3.connect(beside / NAME)) as connection:
        digests = [row[0] for row in connection.execute(NAMED)]
        for digest in digests:
            copies.put(blobs.get(digest))
        last = head(connection)
        submissions = connection.execute("SELECT count(*) FROM submissions").fetchone()[0]
    return Copied(submissions, len(digests), f"{last.seq}:{last.hash}" if last else f"0:{START}")


def _check(folder: Path, copied: Copied, expected: str) -> None:
    check_integrity(folder / NAME)
    if copied.head != expected:
        raise StorageDamaged(f"The audit log ends with {copied.head}; the backup says {expected}.")
    with closing(sqlite3.connect(folder / NAME)) as connection:
        known_version(connection, folder / NAME)
        for sentence in broken_links(connection):
            raise StorageDamaged(sentence)


def _write_manifest(beside: Path, copied: Copied) -> None:
    manifest = {
        "database": _digest(beside / NAME),
        "files": copied.files,
        "head": copied.head,
        "submissions": copied.submissions,
    }
    (beside / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def rewrite_manifest(folder: Path) -> None:
    """Have the manifest of a backup say what is in it now that something was struck out of it."""
    with closing(sqlite3.connect(folder / NAME)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        digests = [row[0] for row in connection.execute(NAMED)]
        last = head(connection)
        submissions = connection.execute("SELECT count(*) FROM submissions").fetchone()[0]
    _write_manifest(folder, Copied(submissions, len(digests), f"{last.seq}:{last.hash}" if last else f"0:{START}"))


def _read_manifest(source: Path) -> dict[str, object]:
    try:
        manifest = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
    except ValueError as error:
        raise StorageDamaged(f"{source / MANIFEST} cannot be read: {error}.") from error
    if not isinstance(manifest, dict) or not {"database", "head"} <= set(manifest):
        raise StorageDamaged(f"{source / MANIFEST} is not what a backup writes.")
    return manifest


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A locked folder for what becomes `target`, gone if it does not; so is what killed runs left under any name."""
    beside = target.parent / (_UNFINISHED + target.name)
    for left in target.parent.glob(f"{_UNFINISHED}*"):
        if left == beside or (left / NAME).exists():
            with suppress(BlockingIOError), _locked(left):
                shutil.rmtree(left)
    make_folder(beside)
    with _locked(beside):
        try:
            yield beside
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder; BlockingIOError when another run does."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _finish(beside: Path, target: Path) -> None:
    for path in _files(beside):
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(beside)
    beside.rename(target)
    sync_folder(target.parent)


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.iterdir() if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
