"""What the death of a worker is for an answer read on the event loop."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from server.engine.interface import Crashed, NotBegun, TimedOut
from server.engine.pool.embedded import EmbeddedEngine
from tests.server.engine.asking import RUNAWAY, body, eventually
from tests.server.engine.test_embedded_life import busy_worker, nursery_of, workers_of
from tests.server.engine.test_flow import flowed, on_loop


def test_a_worker_that_dies_in_a_query_is_a_crash(own_engine: EmbeddedEngine) -> None:
    async def ask() -> None:
        killing = asyncio.create_task(asyncio.to_thread(lambda: os.kill(busy_worker(own_engine), signal.SIGKILL)))
        with pytest.raises(Crashed, match="SIGKILL"):
            await flowed(own_engine, RUNAWAY, timeout=60)
        await killing

    on_loop(ask())


def test_a_query_for_a_dead_worker_has_not_begun(own_engine: EmbeddedEngine) -> None:
    """The nursery, stopped for a moment, has not told of the deaths yet."""
    nursery = nursery_of(own_engine)
    pids = workers_of(own_engine)

    async def ask() -> None:
        asyncio.get_running_loop().call_later(0.5, os.kill, nursery, signal.SIGCONT)
        with pytest.raises(NotBegun):
            await flowed(own_engine, "ASK {}")

    os.kill(nursery, signal.SIGSTOP)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    on_loop(ask())
    assert "true" in body(own_engine, "ASK {}")


def test_a_stopped_worker_does_not_hold_the_query_beyond_its_deadline(own_engine: EmbeddedEngine) -> None:
    for pid in workers_of(own_engine):
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(TimedOut):
        on_loop(flowed(own_engine, "ASK {}", timeout=0.3))
    assert eventually(lambda: own_engine.status().restarts.get("closed") == 1)
