"""Ends of a pool: retired in any interleaving, losing fork servers again and again, waiting for no release for ever."""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from loader.release.manifest import Release
from server.engine.caller import Caller
from server.engine.interface import EngineError, Left
from server.engine.limits import EngineLimits
from server.engine.pool import frames
from server.engine.pool.embedded import EmbeddedEngine
from server.engine.pool.pool import WorkerPool
from tests.server.engine.asking import body, eventually
from tests.server.engine.test_embedded_life import fork_server_of


def test_a_peer_that_ends_before_it_hands_its_socket_over_is_gone_and_no_error() -> None:
    """A fork server that is killed with a word unread resets the connection: a loss that its keeper makes good."""
    ours, theirs = socket.socketpair()
    with ours:
        ours.sendall(b"a word that nobody reads")
        theirs.close()
        assert frames.receive_socket(ours) is None


class Quiet(Caller):
    """A caller who is seen to have left when somebody looks, and wakes nobody."""

    left = False


def test_a_retired_pool_ends_when_the_last_that_waited_takes_nothing(release: Release) -> None:
    """A worker comes back while somebody waits for it, who then leaves: nobody else would look again."""
    pool = WorkerPool(release, EngineLimits(workers=1, queue=2), Counter())
    try:
        pool.wait_ready()
        held = pool.check_out(time.monotonic() + 5, Caller("a"))
        caller = Quiet("b")

        def wait() -> None:
            with pytest.raises(Left):
                pool.check_out(time.monotonic() + 30, caller)

        waiting = threading.Thread(target=wait)
        waiting.start()
        assert eventually(lambda: pool.counts()[2] == 1)
        pool.drain()
        caller.left = True
        pool.give_back(held)
        waiting.join(5)
        assert eventually(lambda: not pool.alive)
    finally:
        pool.close()


def test_fork_servers_that_served_may_be_lost_as_often_as_they_are(release: Release) -> None:
    with closing(EmbeddedEngine(release, EngineLimits(workers=1, queue=1))) as engine:
        for times in range(1, 5):
            os.kill(fork_server_of(engine), signal.SIGKILL)
            assert eventually(lambda times=times: engine.status().restarts.get("lost", 0) == times)  # type: ignore[misc]
            assert eventually(lambda: engine.status().ready and engine.status().workers > 0)
        assert "true" in body(engine, "ASK {}")


def test_a_release_that_does_not_get_ready_is_given_up(release: Release) -> None:
    with pytest.raises(EngineError, match="it took over 0"):
        EmbeddedEngine(release, EngineLimits(workers=1, load_seconds=0.0))


def test_an_idle_pool_sleeps_and_wakes_for_work(release: Release) -> None:
    def switches(pid: int) -> int:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.MULTILINE)[1])  # type: ignore[index]

    with closing(EmbeddedEngine(release, EngineLimits(workers=2))) as engine:
        server = fork_server_of(engine)
        time.sleep(1.5)
        before = switches(server)
        time.sleep(1.5)
        assert switches(server) - before < 5
        body(engine, "ASK {}")
        time.sleep(0.5)
        assert switches(server) - before > 10
