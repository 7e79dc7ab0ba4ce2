"""The fork server: a single-threaded process that holds a release and keeps a fixed number of forked workers alive.

Run as `python -m server.engine.pool.fork_server DESCRIPTOR`, where DESCRIPTOR is its end of a socket pair. The web
process, which has threads and so must not fork, sends one QUERY frame with the set-up; the fork server loads, says
READY, and hands over a socket for each worker that is BORN. It watches the memory of working workers, reaps the dead,
says why they DIED, and ends with all of them when the web process closes its end.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from mmap import mmap
from typing import IO, Any

from server.engine.pool import frames as frame
from server.engine.pool import sandbox
from server.engine.pool.frames import Kind
from server.engine.pool.memory import memory_of
from server.engine.pool.storage import prepare
from server.engine.pool.worker import OUT_OF_MEMORY, Plan, Slot, Worker

LOOK = 0.02  # seconds between two looks at the workers' memory
ALERT = 1.0  # seconds for which it looks after a word, or after it saw somebody work
PATIENCE = 1.0  # seconds of work after which a worker has to yield the processor to others
MOST_FILES = 65536  # far more than a fork server ever has open
YIELDING = 10  # added to the niceness of such a worker
EARLY_DEATH = 1.0  # seconds; who dies idle before that is replaced after as long: a fault at start is no storm


@dataclass(slots=True)
class Child:
    """One living worker, as its parent sees it."""

    pid: int
    number: int
    slot: Slot
    errors: IO[bytes]
    born: float
    reason: str = ""
    yields: bool = False


@dataclass(slots=True)
class ForkServer:
    """The children and what they are made from."""

    control: socket.socket
    plan: Plan
    count: int
    board: mmap
    tether: sandbox.Tether
    children: dict[int, Child] = field(default_factory=dict)
    due: dict[int, float] = field(default_factory=dict)
    awake_until: float = 0.0

    def run(self) -> None:
        """Keep the workers alive until the web process closes its end."""
        wake, woken = os.pipe()
        for end in (wake, woken):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(woken)
        signal.signal(signal.SIGCHLD, lambda number, stack: None)
        self.due = dict.fromkeys(range(self.count), 0.0)
        with selectors.DefaultSelector() as selector:
            selector.register(self.control, selectors.EVENT_READ, self._obey)
            selector.register(wake, selectors.EVENT_READ, lambda: bool(os.read(wake, 4096)))
            while self._step(selector):
                pass
        self._end()

    def _step(self, selector: selectors.BaseSelector) -> bool:
        """Start who is due, wait a moment, do what came; False when it is time to end."""
        now = time.monotonic()
        for number in [number for number, moment in self.due.items() if moment <= now]:
            del self.due[number]
            self._start_worker(number)
        for key, _ in selector.select(self._patience()):
            if not key.data():
                return False
        self._reap()
        self._watch()
        return True

    def _patience(self) -> float | None:
        """The seconds until there is something to look at; None when only a signal or a word can bring it."""
        if time.monotonic() < self.awake_until:
            return LOOK
        return max(min(self.due.values()) - time.monotonic(), 0) if self.due else None

    def _obey(self) -> bool:
        """One command of the web process; False when it has gone."""
        command = frame.receive(self.control)
        if command is None:
            return False
        self.awake_until = time.monotonic() + ALERT
        if command.kind is Kind.KILL:
            self._kill(command.json()["pid"], "closed")
        return True

    def _kill(self, pid: int, reason: str) -> None:
        """Kill a child; only a pid that has not been reaped yet, so it cannot be another process's."""
        child = self.children.get(pid)
        if child is not None:
            child.reason = child.reason or reason
            os.kill(pid, signal.SIGKILL)

    def _start_worker(self, number: int) -> None:
        ours, theirs = socket.socketpair()
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        slot = Slot(self.board, number)
        slot.end()
        pid = os.fork()
        if pid == 0:
            become_worker(theirs, errors, slot, self)
        theirs.close()
        self.children[pid] = Child(pid, number, slot, errors, time.monotonic())
        frame.send_json(self.control, Kind.BORN, {"pid": pid})
        frame.send_socket(self.control, ours)
        ours.close()

    def _reap(self) -> None:
        while self.children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._note_death(self.children.pop(pid), status)

    def _note_death(self, child: Child, status: int) -> None:
        busy = child.slot.read()[0] > 0
        reason, detail = cause_of_death(child, os.waitstatus_to_exitcode(status))
        child.errors.close()
        frame.send_json(self.control, Kind.DIED, {"pid": child.pid, "reason": reason, "detail": detail, "busy": busy})
        now = time.monotonic()
        early = reason == "crash" and not busy and now - child.born < EARLY_DEATH
        self.due[child.number] = now + EARLY_DEATH if early else now

    def _watch(self) -> None:
        """Have long queries yield, and stop the largest of a client whose queries hold more than one may, together."""
        now = time.monotonic()
        held: dict[int, dict[int, float]] = defaultdict(dict)  # bytes by client (what is nobody's: each alone) and pid
        for child in self.children.values():
            began, allocated, client = child.slot.read()
            if not began or child.reason:
                continue
            self.awake_until = now + ALERT
            held[client or -child.pid][child.pid] = memory_of(child.pid).allocated - allocated
            if now - began > PATIENCE and not child.yields:
                child.yields = True
                os.setpriority(os.PRIO_PROCESS, child.pid, os.getpriority(os.PRIO_PROCESS, 0) + YIELDING)
        for of_one in held.values():
            while sum(of_one.values()) > self.plan.memory:
                largest = max(of_one, key=lambda pid: of_one[pid])
                del of_one[largest]
                self._kill(largest, "memory")

    def _end(self) -> None:
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)
        for pid in self.children:
            os.waitpid(pid, 0)


def cause_of_death(child: Child, code: int) -> tuple[str, str]:
    """Why a child died, in one word, and what is known beside."""
    child.errors.seek(0)
    said = child.errors.read(64 * 1024)
    if child.reason:
        return child.reason, ""
    if code == -signal.SIGALRM:
        return "deadline", ""
    if OUT_OF_MEMORY in said:
        return "memory", "its hard limit"
    if code == 0:
        return "retired", ""
    last = said.decode(errors="replace").strip().splitlines()[-1:]
    cause = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return "crash", ": ".join([cause, *last])


def become_worker(connection: socket.socket, errors: IO[bytes], slot: Slot, parent: ForkServer) -> None:
    """In the forked child: let go of what is the parent's, serve, and never return."""
    code = 1
    try:
        os.dup2(errors.fileno(), 2)
        os.closerange(3, connection.fileno())
        os.closerange(connection.fileno() + 1, MOST_FILES)
        sandbox.reset_signals()
        parent.tether.tie()
        sandbox.volunteer_for_oom()
        sandbox.enlarge_stack()
        Worker(connection, parent.plan, slot).serve()
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def load(control: socket.socket, setup: dict[str, Any]) -> ForkServer:
    """Load the release and say READY."""
    began = time.monotonic()
    sandboxed = sandbox.close_network()
    empty = memory_of().allocated
    storage = prepare(setup)
    # A worker that has read the whole graph holds a copy of it, which is what makes its next query fast: not a reason
    # to replace it.
    graph = memory_of().allocated - empty
    plan = Plan(storage.open, storage.prefixes, setup["memory"], graph + setup["retire"])
    board = mmap(-1, max(setup["workers"] * Slot.SIZE, 1))
    gc.collect()
    gc.freeze()
    seconds = time.monotonic() - began
    frame.send_json(control, Kind.READY, {"sandbox": sandboxed, "storage": storage.kind, "seconds": seconds})
    return ForkServer(control, plan, setup["workers"], board, sandbox.Tether())


def main(descriptor: int, load: Callable[[socket.socket, dict[str, Any]], ForkServer] = load) -> None:
    """Be a fork server on this end of a socket pair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    setup = frame.receive(control)
    if setup is None:
        return
    try:
        server = load(control, setup.json())
    except (OSError, ValueError, SyntaxError) as error:
        frame.send(control, Kind.FAILED, str(error).encode())
        return
    with contextlib.suppress(ConnectionError):  # The web process has gone: so do we, and the workers with us.
        server.run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
