"""A Virtuoso that tests and measurements start on this machine: its ports, and the one settings file of both."""

from __future__ import annotations

from pathlib import Path

from tests.server.running import free_port

COMMAND = ("+foreground", "+configfile", "virtuoso.ini")
_SETTINGS = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = {threads}
CheckpointInterval = 0
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {folders}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = {threads}
[SPARQL]
DefaultQueryTimeout = 0
"""


def configured(folder: Path, *, threads: int, buffers: int, reads: tuple[Path, ...] = ()) -> tuple[int, int]:
    """Write the settings of a server that keeps its files in `folder`; its ports for SQL and for HTTP.

    `buffers` are pages of 8 KiB, seven in ten of them for what is not written yet; `reads` are folders to load from.
    """
    sql, http = free_port(), free_port()
    folders = ", ".join([".", *map(str, reads)])
    made = _SETTINGS.format(
        sql=sql, http=http, threads=threads, buffers=buffers, dirty=buffers * 7 // 10, folders=folders
    )
    (folder / "virtuoso.ini").write_text(made)
    return sql, http
