"""Keeps one release's fork server alive: starts it, hears what it says, and starts another when one is lost."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from server.engine.pool import frames as frame
from server.engine.pool.frames import Kind
from server.engine.pool.worker_handle import Death

ROOT = Path(__file__).resolve().parents[3]
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "HOME")
RESTART_PAUSE = 0.5  # seconds between the loss of a fork server and the next
STARTS = 3  # of a fork server in a row that ends before it is ready
GRACE = 5.0  # seconds for a fork server to end by itself
_log = logging.getLogger("registergraf")


class Listener(Protocol):
    """Who is told what becomes of the workers; called on the keeper's thread."""

    def on_ready(self, said: Mapping[str, Any]) -> None:
        """The release is loaded: storage, sandbox, seconds."""

    def on_born(self, pid: int, connection: socket.socket) -> None:
        """There is another worker, which does nothing yet."""

    def on_died(self, pid: int, death: Death) -> None:
        """A worker has ended."""

    def on_lost(self, *, closing: bool) -> None:
        """The fork server has ended, and all workers with it."""

    def on_failed(self, why: str) -> None:
        """The release cannot be loaded, now or later."""


class Keeper:
    """One thread and one child process; safe for use by many threads."""

    def __init__(self, name: str, setup: Mapping[str, Any], listener: Listener) -> None:
        """`setup` is what the fork server is told; nothing runs before start()."""
        self._name, self._setup, self._listener = name, setup, listener
        self._lock = threading.RLock()
        self._control: socket.socket | None = None
        self._closing = self._was_ready = False
        self._starts = 0
        self._thread = threading.Thread(target=self._run, name=f"pool {name}", daemon=True)

    def start(self) -> None:
        """Start the fork server, and keep one."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether there may still be processes."""
        return self._thread.is_alive()

    def tell(self, kind: Kind, value: object) -> bool:
        """Send the fork server a frame; False when no fork server is running."""
        with self._lock:
            try:
                if self._control is not None:
                    frame.send_json(self._control, kind, value)
                return self._control is not None
            except OSError:
                return False

    def close(self) -> None:
        """Have everything end; returns at once."""
        with self._lock:
            self._closing = True
            if self._control is not None:
                with contextlib.suppress(OSError):  # It has ended by itself.
                    self._control.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        """Wait until everything has ended."""
        self._thread.join()

    def _run(self) -> None:
        while not self._closing:
            process, control = self._start()
            try:
                self._listen(control)
            finally:
                self._lose(process)
            if not self._closing:
                time.sleep(RESTART_PAUSE)

    def _start(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        ours, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        command = [sys.executable, "-m", "server.engine.pool.fork_server", str(theirs.fileno())]
        with theirs:
            process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                env=environment | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        with self._lock:
            self._control = ours
            if self._closing:
                ours.shutdown(socket.SHUT_RDWR)
            else:
                self.tell(Kind.QUERY, self._setup)  # If it ended at once, _lose() says what follows.
        return process, ours

    def _listen(self, control: socket.socket) -> None:
        while (notice := frame.receive(control)) is not None:
            if notice.kind is Kind.BORN:
                connection = frame.receive_socket(control)
                if connection is not None:
                    self._listener.on_born(notice.json()["pid"], connection)
            elif notice.kind is Kind.DIED:
                word = notice.json()
                self._listener.on_died(word.pop("pid"), Death(**word))
            elif notice.kind is Kind.READY:
                self._was_ready, self._starts = True, 0
                self._listener.on_ready(notice.json())
            elif notice.kind is Kind.FAILED:
                self._give_up(notice.payload.decode())

    def _give_up(self, why: str) -> None:
        """Report that the release cannot be loaded. One that was ready before is tried again."""
        if self._was_ready:
            _log.error("release %s cannot be loaded: %s", self._name, why)
            return
        self._closing = True
        self._listener.on_failed(why)

    def _lose(self, process: subprocess.Popen[bytes]) -> None:
        """End the fork server once either side has closed the connection, and tell the listener."""
        try:
            process.wait(GRACE if self._was_ready else 0.1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with self._lock:
            closing = self._closing
            if self._control is not None:
                self._control.close()
                self._control = None
        if not closing:
            _log.error("the fork server of release %s ended with %s", self._name, process.returncode)
            self._starts += 1
            if self._starts >= STARTS:
                self._give_up("its fork server ends before it is ready; see the log")
        self._listener.on_lost(closing=closing)
