"""The supervising process: it holds the listening socket, and keeps one serving process alive behind it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
from socket import socket

from uvicorn.config import Config
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from server.engine.interface import EngineError

GRACE = 10.0  # seconds beyond those for running answers in which a stopping process may close what it holds
STARTS = 3  # of serving processes that die before they serve
_log = logging.getLogger("registergraf")
# What uvicorn adds to a failure to start, of which the serving process has told the cause.
_TOLD = ("Application startup failed", "Child process [")


class Supervisor(Multiprocess):
    """uvicorn's supervisor for exactly one process, for there is one cache, one rate limit and one engine.

    SIGHUP brings up another serving process and then retires the one before; SIGTERM and SIGINT stop both.
    """

    def __init__(self, config: Config, sockets: list[socket]) -> None:
        """Nothing is started before run()."""
        super().__init__(config, sockets)
        _forget_main()
        self.failed = False
        self._fruitless = 0  # serving processes that died since one was seen to serve

    def keep_subprocess_alive(self) -> None:
        """Replace a serving process that died or does not answer; the end, and `failed`, when none comes to serve."""
        if self.should_exit.is_set():
            return
        process = self.processes[0]
        process.child_conn.close()  # It has its own; with this one open, its death would look like a long silence.
        answer = process._healthcheck(self.config.timeout_worker_healthcheck)
        if process.process.is_alive() and answer is not None:
            self._fruitless = 0 if answer else self._fruitless
            return
        process.process.join(1)  # One that is just ending keeps its exit code.
        process.process.kill()
        process.process.join()
        self._fruitless += 1
        if self._fruitless == STARTS:
            self.should_exit.set()
        else:
            super().keep_subprocess_alive()
        self.failed = self.should_exit.is_set()
        if self.processes[0] is not process or self._fruitless == STARTS:
            _log.error("the serving process ended (exit code %s)", process.exitcode)

    def restart_all(self) -> None:
        """Bring up another serving process, and retire the one before once the new one serves."""
        old, new = self.processes[0], Process(self.config, self.sockets)
        new.start()
        if new.wait_until_ready(self.config.timeout_worker_healthcheck, self.should_exit):
            self.processes[0] = new
            old.terminate()
            self._join(old)
            return
        new.kill()
        new.join()
        if not self.should_exit.is_set():
            _log.error("the new serving process [%s] did not come to serve; keeping worker [%s]", new.pid, old.pid)

    def join_all(self) -> None:
        """Wait for the serving process, but not for ever."""
        for process in self.processes:
            self._join(process)

    def _join(self, process: Process) -> None:
        process.process.join((self.config.timeout_graceful_shutdown or 0) + GRACE)
        if process.process.is_alive():
            _log.error("the serving process does not stop and is killed")
            process.process.kill()
            process.process.join()

    def handle_ttin(self) -> None:
        """One process serves; a second one is not to be had."""

    def handle_ttou(self) -> None:
        """One process serves; it cannot be done without."""


def _forget_main() -> None:
    """Spare the serving process the command line, for a spawned process begins by importing the main module anew."""
    main = sys.modules["__main__"]
    main.__spec__ = None
    vars(main).pop("__file__", None)


class Told(logging.Filter):
    """Keeps a failure to start, and an answer that is cut off, to the one line that tells of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record says what has not been said."""
        if record.name != "uvicorn.error":
            return True
        failed = record.exc_info[1] if record.exc_info else None
        return not (isinstance(failed, EngineError) or record.getMessage().startswith(_TOLD))


def stop_with_supervisor() -> None:
    """Have this process stop, as by SIGTERM, when the supervising one has ended, however it did."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()
