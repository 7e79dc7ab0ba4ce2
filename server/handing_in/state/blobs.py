"""Files kept by their content: `blobs/ab/abcd` holds the bytes whose SHA-256 is `abcd` (all 64 digits).

No name from outside is ever a path.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

from server.handing_in.state.errors import StorageDamaged, storage_errors
from server.handing_in.state.folders import make_folder, sync_folder

FOLDER = "blobs"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """The kept files below `folder`; they are written once and never changed."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made before the first file."""
        self.folder = folder / FOLDER

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their digest; they are on the disk, under their name, when this returns."""
        digest = hashlib.sha256(data).hexdigest()
        target = self._path(digest)
        with storage_errors(self.folder):
            if target.is_file() and target.stat().st_size == len(data):
                os.utime(target)  # wanted again: not to be swept away before somebody names it
            else:
                make_folder(target.parent)
                _write(target, data)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes with the digest; StorageDamaged when they are missing or changed."""
        path = self._path(digest)
        with storage_errors(self.folder):
            if not path.is_file():
                raise StorageDamaged(f"{path} is missing. Restore it from a backup.")
            data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise StorageDamaged(f"{path} is not what was stored. Restore it from a backup.")
        return data

    def remove(self, digest: str) -> None:
        """Take the file with the digest away; nothing happens when it is not there."""
        path = self._path(digest)
        with storage_errors(self.folder):
            if path.is_file():
                path.unlink()
                sync_folder(path.parent)

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"{digest!r} is no SHA-256")
        return self.folder / digest[:2] / digest


def _write(target: Path, data: bytes) -> None:
    beside = target.parent / f".unfinished-{secrets.token_hex(8)}"
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
