"""The worker pool: the workers of one release. A query checks one out, waits when none is free, and gives it back."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from loader.release.manifest import Release
from server.engine.caller import Caller
from server.engine.interface import Busy, Crashed, EngineError, Left
from server.engine.limits import EngineLimits, default_cache
from server.engine.pool.frames import Kind
from server.engine.pool.keeper import Keeper
from server.engine.pool.queue import Ticket, WaitingQueue
from server.engine.pool.worker_handle import Death, WorkerHandle


class Draining(Exception):  # noqa: N818 - not an error: the caller takes the next pool.
    """The pool finishes what it has begun and takes nothing more."""


class WorkerPool:
    """The workers of one release; safe for use by many threads."""

    def __init__(self, release: Release, limits: EngineLimits, restarts: Counter[str]) -> None:
        """Start the fork server; `restarts` counts the workers that ended."""
        self.release, self.restarts = release, restarts
        self.ready: Mapping[str, Any] | None = None  # what the fork server said: storage, sandbox, seconds
        self._limits = limits
        self._change = threading.Condition()
        self._handles: dict[int, WorkerHandle] = {}
        self._idle: list[WorkerHandle] = []
        self._queue = WaitingQueue(limits.queue, limits.share(limits.queue))
        self._waiting = 0
        self._share = limits.share(limits.workers)
        self._failure = ""
        self._draining = self._closing = False
        self._keeper = Keeper(release.version, _setup(release, limits), self)
        self._keeper.start()

    # --- what queries do ---

    def check_out(self, deadline: float, caller: Caller) -> WorkerHandle:
        """A free worker, waited for until `deadline` (time.monotonic()).

        A client that holds its share of the workers is passed by in the queue. Raises Busy when the queue is full or
        no worker comes free in time, Left when the client leaves, Draining when the pool takes no more queries.
        """
        with self._change:
            if self._draining or self._closing:
                raise Draining
            if self._idle and not self._waiting and self._may_have(caller.key):
                return self._engage(caller.key)
            if not (self._idle and self._may_have(caller.key)) and self._queue.is_full(caller.key):
                raise self._busy(
                    "Every query worker is taken and the queue is full, or this client has its share of both."
                )
            ticket = self._queue.join(caller.key)
            self._waiting += 1
            caller.on_leaving(self._wake)
            try:
                self._change.wait_for(
                    lambda: self._closing or caller.left or self._turn(ticket), timeout=deadline - time.monotonic()
                )
                if caller.left:
                    raise Left("The client left while the query waited for a worker.")
                return self._take(ticket)
            finally:
                self._queue.leave(ticket)
                self._waiting -= 1
                self._settle()

    def _turn(self, ticket: Ticket) -> bool:
        return bool(self._idle) and self._queue.first(self._may_have) is ticket

    def _may_have(self, client: str) -> bool:
        """Whether this client holds less than its share of the workers."""
        if not client:
            return True
        held = sum(handle.state == "busy" and handle.client == client for handle in self._handles.values())
        return held < self._share

    def _wake(self) -> None:
        with self._change:
            self._change.notify_all()

    def _take(self, ticket: Ticket) -> WorkerHandle:
        if self._closing:
            raise Crashed("The engine was closed.")
        if not self._turn(ticket):
            raise self._busy("No query worker became free before the query's deadline.")
        return self._engage(ticket.client)

    def _engage(self, client: str) -> WorkerHandle:
        """Take the idle worker that was used last, whose memory is warm; the fork server is told to watch it."""
        if not self._is_working():
            self._keeper.tell(Kind.LOOK, {})
        handle = self._idle.pop()
        handle.state, handle.client = "busy", client
        return handle

    def _is_working(self) -> bool:
        return any(handle.state == "busy" for handle in self._handles.values())

    def _busy(self, message: str) -> Busy:
        """The error Busy, which advises to wait a second for each round of queries already waiting."""
        return Busy(message, retry_after=1 + len(self._queue) // max(self._limits.workers, 1))

    def give_back(self, handle: WorkerHandle, *, leaving: bool = False) -> None:
        """The query is done; `leaving` when the worker ends by itself. Does nothing the second time."""
        with self._change:
            if handle.state != "busy":
                return
            handle.state = "gone" if leaving or handle.dead.is_set() else "idle"
            if handle.state == "idle":
                self._idle.append(handle)
            else:
                handle.connection.close()
            self._settle()

    def discard(self, handle: WorkerHandle) -> None:
        """Have the worker killed, whatever it does. Does nothing when it has been given back.

        Its connection is shut, which wakes who reads from it, but not closed: the number of a closed one is soon
        another connection's, and a thread just about to read would wait for that.
        """
        with self._change:
            if handle.state != "busy":
                return
            handle.state = "gone"
            if not handle.dead.is_set() and not self._keeper.tell(Kind.KILL, {"pid": handle.pid}):
                handle.end(Death("lost", "the fork server ended"))
            with contextlib.suppress(OSError):  # The worker was faster.
                handle.connection.shutdown(socket.SHUT_RDWR)
            self._settle()

    def _settle(self) -> None:
        """Wake who waits, and close when this was the last query of a draining pool."""
        self._change.notify_all()
        if self._draining and not self._queue and not self._is_working():
            self._close()

    # --- life and death ---

    def wait_ready(self) -> None:
        """Return when the release is loaded and the first worker is there; EngineError when it is not in time."""
        with self._change:
            came = self._change.wait_for(
                lambda: self._idle or self._failure or self._closing, self._limits.load_seconds
            )
            why = self._failure or ("" if came else f"it took over {self._limits.load_seconds} s")
            if why:
                raise EngineError(f"Release {self.release.version} cannot be loaded: {why}")

    def drain(self) -> None:
        """Take no more queries, and close when the last has ended."""
        with self._change:
            self._draining = True
            self._settle()

    def close(self) -> None:
        """End every worker and wait until they are gone."""
        with self._change:
            self._close()
        self._keeper.join()

    def _close(self) -> None:
        self._closing = True
        self._keeper.close()
        self._change.notify_all()

    def counts(self) -> tuple[int, int, int]:
        """Workers alive, of these at work, and queries waiting."""
        with self._change:
            states = Counter(handle.state for handle in self._handles.values())
            return states["idle"] + states["busy"], states["busy"], len(self._queue)

    @property
    def alive(self) -> bool:
        """Whether there may still be processes of this pool."""
        return self._keeper.alive

    # --- what the keeper tells ---

    def on_ready(self, said: Mapping[str, Any]) -> None:
        """The release is loaded."""
        self.ready = said

    def on_born(self, pid: int, connection: socket.socket) -> None:
        """There is another worker."""
        with self._change:
            handle = WorkerHandle(pid, connection)
            self._handles[pid] = handle
            self._idle.append(handle)
            self._change.notify_all()

    def on_died(self, pid: int, death: Death) -> None:
        """A worker has ended."""
        with self._change:
            handle = self._handles.pop(pid, None)
            self.restarts[death.reason] += 1
            if handle is None:
                return
            if handle in self._idle:
                self._idle.remove(handle)
                handle.connection.close()
            handle.end(death)
            self._settle()

    def on_lost(self, *, closing: bool) -> None:
        """All workers have ended with their fork server."""
        with self._change:
            self.ready = None
            for pid in list(self._handles):
                self.on_died(pid, Death("closed" if closing else "lost", "the fork server ended"))
            self._change.notify_all()

    def on_failed(self, why: str) -> None:
        """The release cannot be loaded."""
        with self._change:
            self._failure, self._closing = why, True
            self._change.notify_all()


def _setup(release: Release, limits: EngineLimits) -> dict[str, Any]:
    return {
        "directory": str(release.directory),
        "workers": limits.workers,
        "memory": limits.memory_mb << 20,
        "retire": limits.retire_mb << 20,
        "disk_above": limits.disk_above_mb << 20,
        "cache_dir": str(limits.cache_dir or default_cache()),
    }
