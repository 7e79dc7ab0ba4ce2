"""What the death of a worker is for an answer read on the event loop."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from server.engine.embedded import EmbeddedEngine
from server.engine.interface import Crashed, NotBegun, TimedOut
from tests.server.engine.asking import RUNAWAY, body, eventually, request
from tests.server.engine.conftest import LIMITS
from tests.server.engine.test_embedded_life import busy_worker, workers_of
from tests.server.engine.test_flow import flowed, on_loop


def test_a_worker_that_dies_in_a_query_is_a_crash(own_engine: EmbeddedEngine) -> None:
    async def ask() -> None:
        killing = asyncio.create_task(asyncio.to_thread(lambda: os.kill(busy_worker(own_engine), signal.SIGKILL)))
        with pytest.raises(Crashed, match="SIGKILL"):
            await flowed(own_engine, RUNAWAY, timeout=60)
        await killing

    on_loop(ask())


def test_dead_workers_cost_no_query(own_engine: EmbeddedEngine) -> None:
    async def ask() -> str:
        for _ in range(LIMITS.workers + 1):
            flow = own_engine.query_now(request("ASK {}"))
            try:
                return b"".join([part async for part in flow]).decode() if flow is not None else ""
            except NotBegun:
                continue
        return ""

    for pid in workers_of(own_engine):
        os.kill(pid, signal.SIGKILL)
    assert on_loop(ask()) in ("", '{"head":{},"boolean":true}')
    assert "true" in body(own_engine, "ASK {}")


def test_a_stopped_worker_does_not_hold_the_query_beyond_its_deadline(own_engine: EmbeddedEngine) -> None:
    for pid in workers_of(own_engine):
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(TimedOut):
        on_loop(flowed(own_engine, "ASK {}", timeout=0.3))
    assert eventually(lambda: own_engine.status().restarts.get("closed") == 1)
