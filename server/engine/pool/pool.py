"""The brood: one release's nursery and its workers, as the web process sees them.

A supervisor thread starts the nursery, takes in the workers that are born, hears of those that died, and starts another
nursery when one is lost. Queries, on threads or on the event loop, check workers out and give them back; a thread that
finds none free waits in a queue.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from loader.release.manifest import Release
from server.engine.caller import Caller
from server.engine.interface import Busy, Crashed, EngineError, Left
from server.engine.limits import EngineLimits, default_cache
from server.engine.pool import frames as frame
from server.engine.pool.frames import Kind
from server.engine.pool.queue import Line, Ticket
from server.engine.pool.worker_handle import Death, Hand

ROOT = Path(__file__).resolve().parents[3]
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "HOME")
RESTART_PAUSE = 0.5  # seconds between the loss of a nursery and the next
STARTS = 3  # of a nursery that ends before it is ready
GRACE = 5.0  # seconds for a nursery to end by itself


_log = logging.getLogger("registergraf")


class Draining(Exception):  # noqa: N818 - not an error: the caller takes the next brood.
    """The brood finishes what it has begun and takes nothing more."""


class Brood:
    """The workers of one release."""

    def __init__(self, release: Release, limits: EngineLimits, restarts: Counter[str]) -> None:
        """Start the nursery; `restarts` counts the workers that ended."""
        self.release, self.restarts = release, restarts
        self._limits = limits
        self._change = threading.Condition()
        self._hands: dict[int, Hand] = {}
        self._idle: list[Hand] = []
        self._line = Line(limits.queue, limits.share(limits.queue))
        self._ready: dict[str, Any] | None = None
        self._failure = ""
        self._starts = 0
        self._was_ready = False
        self._draining = self._closing = False
        self._control: socket.socket | None = None
        self._thread = threading.Thread(target=self._supervise, name=f"brood {release.version}", daemon=True)
        self._thread.start()

    # --- what queries do ---

    def check_out(self, deadline: float, caller: Caller) -> Hand:
        """A free worker, waited for until `deadline` (time.monotonic()); Busy when the queue is full or no one is.

        Left when the caller goes meanwhile. Nobody has more than his share, so the others pass by those who have it.
        """
        with self._change:
            if self._draining or self._closing:
                raise Draining
            if not (self._idle and self._may_have(caller.key)) and self._line.is_full(caller.key):
                raise self._busy(
                    "Every query worker is taken and the queue is full, or this client has its share of both."
                )
            ticket = self._line.join(caller.key)
            caller.on_leaving(self._wake)
            try:
                self._change.wait_for(
                    lambda: self._closing or caller.left or self._turn(ticket), timeout=deadline - time.monotonic()
                )
                if caller.left:
                    raise Left("The client left while the query waited for a worker.")
                return self._take(ticket)
            finally:
                self._line.leave(ticket)
                self._change.notify_all()

    def take_free(self, caller: Caller) -> Hand | None:
        """A worker that is free now and that nobody waits for, if the caller may have it; never waits."""
        with self._change:
            if self._draining or self._closing or self._line or not self._idle or not self._may_have(caller.key):
                return None
            return self._engage(caller.key)

    def _turn(self, ticket: Ticket) -> bool:
        return bool(self._idle) and self._line.first(self._may_have) is ticket

    def _may_have(self, client: str) -> bool:
        """Whether this client holds less than his share of the workers."""
        if not client:
            return True
        held = sum(hand.state == "busy" and hand.client == client for hand in self._hands.values())
        return held < self._limits.share(self._limits.workers)

    def _wake(self) -> None:
        with self._change:
            self._change.notify_all()

    def _take(self, ticket: Ticket) -> Hand:
        if self._closing:
            raise Crashed("The engine was closed.")
        if not self._turn(ticket):
            raise self._busy("No query worker became free before the query's deadline.")
        return self._engage(ticket.client)

    def _engage(self, client: str) -> Hand:
        hand = self._idle.pop()
        hand.state, hand.client = "busy", client
        return hand

    def _busy(self, message: str) -> Busy:
        """Advice: a second per round of queries that is waiting already."""
        return Busy(message, retry_after=1 + len(self._line) // max(self._limits.workers, 1))

    def give_back(self, hand: Hand, *, leaving: bool = False) -> None:
        """The query is done; `leaving` when the worker ends by itself. Does nothing the second time."""
        with self._change:
            if hand.state != "busy":
                return
            hand.state = "gone" if leaving or hand.dead.is_set() else "idle"
            if hand.state == "idle":
                self._idle.append(hand)
            else:
                hand.connection.close()
            self._settle()

    def discard(self, hand: Hand) -> None:
        """Have the worker killed, whatever it does. Does nothing when it has been given back.

        Its connection is shut, which wakes who reads from it, but not closed: the number of a closed one is soon
        another connection's, and a thread just about to read would wait for that.
        """
        with self._change:
            if hand.state != "busy":
                return
            hand.state = "gone"
            try:
                if self._control is not None and not hand.dead.is_set():
                    frame.send_json(self._control, Kind.KILL, {"pid": hand.pid})
            except OSError:
                hand.end(Death("lost", "the nursery ended"))
            with contextlib.suppress(OSError):  # The worker was faster.
                hand.connection.shutdown(socket.SHUT_RDWR)
            self._settle()

    def _settle(self) -> None:
        """Wake who waits, and close when this was the last query of a draining brood."""
        self._change.notify_all()
        if self._draining and not self._line and not any(hand.state == "busy" for hand in self._hands.values()):
            self._close()

    # --- life and death ---

    def wait_ready(self) -> None:
        """Return when the release is loaded and the first worker is there; EngineError when it cannot be loaded."""
        with self._change:
            self._change.wait_for(lambda: self._idle or self._failure or self._closing)
            if self._failure:
                raise EngineError(f"Release {self.release.version} cannot be loaded: {self._failure}")

    def drain(self) -> None:
        """Take no more queries, and close when the last has ended."""
        with self._change:
            self._draining = True
            self._settle()

    def close(self) -> None:
        """End every worker and wait until they are gone."""
        with self._change:
            self._close()
        self._thread.join()

    def _close(self) -> None:
        self._closing = True
        if self._control is not None:
            self._control.shutdown(socket.SHUT_RDWR)
        self._change.notify_all()

    def counts(self) -> tuple[int, int, int]:
        """Workers alive, of these at work, and queries waiting."""
        with self._change:
            states = Counter(hand.state for hand in self._hands.values())
            return states["idle"] + states["busy"], states["busy"], len(self._line)

    @property
    def ready(self) -> dict[str, Any] | None:
        """What the nursery said when it was ready (storage, sandbox, seconds), or None."""
        return self._ready

    @property
    def alive(self) -> bool:
        """Whether there may still be processes of this brood."""
        return self._thread.is_alive()

    # --- the supervisor thread ---

    def _supervise(self) -> None:
        while not self._closing:
            process = self._start()
            try:
                self._listen()
            finally:
                self._lose(process)
            if not self._closing:
                time.sleep(RESTART_PAUSE)

    def _start(self) -> subprocess.Popen[bytes]:
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
        with self._change:
            self._control = ours
            if self._closing:
                ours.shutdown(socket.SHUT_RDWR)
            else:
                with contextlib.suppress(ConnectionError):  # It ended at once: _lose() says what follows.
                    frame.send_json(ours, Kind.QUERY, self._setup())
        return process

    def _setup(self) -> dict[str, Any]:
        limits = self._limits
        return {
            "directory": str(self.release.directory),
            "workers": limits.workers,
            "memory": limits.memory_mb << 20,
            "retire": limits.retire_mb << 20,
            "disk_above": limits.disk_above_mb << 20,
            "cache_dir": str(limits.cache_dir or default_cache()),
        }

    def _listen(self) -> None:
        control = self._control
        while control is not None and (notice := frame.receive(control)) is not None:
            connection = frame.receive_socket(control) if notice.kind is Kind.BORN else None
            with self._change:
                self._heed(notice, connection)
                self._change.notify_all()

    def _heed(self, notice: frame.Frame, connection: socket.socket | None) -> None:
        if notice.kind is Kind.FAILED:
            self._give_up(notice.payload.decode())
        elif notice.kind is Kind.READY:
            self._ready, self._was_ready = notice.json(), True
        elif notice.kind is Kind.BORN and connection is not None:
            hand = Hand(notice.json()["pid"], connection)
            self._hands[hand.pid] = hand
            self._idle.append(hand)
        elif notice.kind is Kind.DIED:
            word = notice.json()
            self._mourn(word.pop("pid"), Death(**word))

    def _give_up(self, why: str) -> None:
        """A release that never was ready will not be, as who waits for it is told; one that was may come back."""
        if self._was_ready:
            _log.error("release %s cannot be loaded: %s", self.release.version, why)
        else:
            self._failure, self._closing = why, True

    def _mourn(self, pid: int, death: Death) -> None:
        hand = self._hands.pop(pid, None)
        self.restarts[death.reason] += 1
        if hand is None:
            return
        if hand in self._idle:
            self._idle.remove(hand)
            hand.connection.close()
        hand.end(death)
        self._settle()

    def _lose(self, process: subprocess.Popen[bytes]) -> None:
        """The nursery has closed its end, or we have: nothing of it may stay."""
        try:
            process.wait(GRACE if self._ready else 0.1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with self._change:
            if not self._closing:
                _log.error("the nursery of release %s ended with %s", self.release.version, process.returncode)
                self._starts += 1
                if self._starts >= STARTS:
                    self._give_up("its nursery ends before it is ready; see the log")
            self._ready = None
            for pid in list(self._hands):
                self._mourn(pid, Death("closed" if self._closing else "lost", "the nursery ended"))
            if self._control is not None:
                self._control.close()
                self._control = None
            self._change.notify_all()
