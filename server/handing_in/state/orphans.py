"""Kept files that nothing names: a kill between file and transaction, or a check made anew, leaves them behind."""

from __future__ import annotations

import time
from pathlib import Path

from server.handing_in.state.blobs import FOLDER
from server.handing_in.state.database import Database
from server.handing_in.state.errors import storage_errors

NAMED = (
    "SELECT sha256 FROM submission_files UNION SELECT report FROM submissions UNION SELECT statements FROM submissions"
)
"""The digests of all files that submissions name."""
AT_WORK = 600.0  # seconds for which a file may be without a name: its submission may be about to be stored


def sweep(folder: Path, database: Database, *, older: float = AT_WORK) -> int:
    """Remove kept files below the folder that nothing names and nobody wrote for `older` seconds; how many."""
    before = time.time() - older
    with storage_errors(folder):
        old = [path for path in (folder / FOLDER).glob("*/*") if path.stat().st_mtime <= before]
    with database.reading() as connection:
        named = {row[0] for row in connection.execute(NAMED)}
    orphans = [path for path in old if path.name not in named]
    with storage_errors(folder):
        for path in orphans:
            path.unlink(missing_ok=True)
    return len(orphans)
