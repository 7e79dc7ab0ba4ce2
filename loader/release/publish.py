"""Writing releases: a folder beside, fsynced, renamed; `current` switched atomically; one build at a time."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from loader.errors import BuildRunningError, ReleaseError
from loader.release.manifest import Release, open_release, read_manifest

_UNFINISHED = ".unfinished-"
_LOCK = ".lock"
_CURRENT = "current"
PREVIOUS = "previous"


@contextmanager
def build_lock(root: Path) -> Iterator[None]:
    """Hold the folder for one build and clear what killed builds left; the lock ends with the process that holds it."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        handle = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise ReleaseError(f"Releases cannot be written to {root}: {error.strerror}.") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildRunningError(f"Another build writes to {root}. Wait until it has ended.") from error
        _clear(root)
        yield
    finally:
        os.close(handle)


def publish(root: Path, version: str, files: Mapping[str, bytes]) -> Release:
    """Make the files the current release; to be called within `build_lock`. An identical release is left as it is."""
    synthetic = bool(json.loads(files["manifest.json"])["synthetic"])
    refuse_mixing(root, synthetic=synthetic)
    try:
        _write_release(root, version, files)
        _switch(root, version)
    except OSError as error:
        raise ReleaseError(f"The release {version} cannot be written to {root}: {error.strerror}.") from error
    return open_release(root / version)


def refuse_mixing(root: Path, *, synthetic: bool) -> None:
    """ReleaseError when the folder holds releases of the other kind: synthetic ones never stand beside real ones."""
    for manifest in sorted(root.glob("*/manifest.json")):
        if manifest.parent.is_symlink():
            continue
        held = bool(read_manifest(manifest.parent).get("synthetic"))
        if held != synthetic:
            kinds = ("synthetic", "real") if synthetic else ("real", "synthetic")
            raise ReleaseError(
                f"The sources are {kinds[0]}, but {manifest.parent} is a {kinds[1]} release. Give another --output."
            )


def _write_release(root: Path, version: str, files: Mapping[str, bytes]) -> None:
    target = root / version
    if target.is_dir():
        _refresh(target, files)
        return
    beside = root / (_UNFINISHED + version)
    beside.mkdir()
    for name, data in files.items():
        _write(beside / name, data)
    _sync(beside)
    beside.rename(target)
    _sync(root)


def _refresh(target: Path, files: Mapping[str, bytes]) -> None:
    """Mend a release of the same statements file by file, the manifest last; what does not differ is not written."""
    for name in sorted(files, key=lambda name: name == "manifest.json"):
        path = target / name
        if path.is_file() and path.read_bytes() == files[name]:
            continue
        beside = target / (_UNFINISHED + name)
        beside.unlink(missing_ok=True)
        _write(beside, files[name])
        beside.replace(path)
        _sync(target)


def _switch(root: Path, version: str) -> None:
    current = root / _CURRENT
    if current.is_symlink() and os.readlink(current) == version:
        return
    if current.exists() and not current.is_symlink():
        raise ReleaseError(f"{current} is no symbolic link. Move it away and build again.")
    if current.is_symlink():
        _point(root, PREVIOUS, os.readlink(current))
    _point(root, _CURRENT, version)


def _point(root: Path, name: str, version: str) -> None:
    beside = root / (_UNFINISHED + name)
    beside.symlink_to(version)
    beside.replace(root / name)
    _sync(root)


def _clear(root: Path) -> None:
    for path in [*root.glob(f"{_UNFINISHED}*"), *root.glob(f"*/{_UNFINISHED}*")]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
