"""The board that workers share with their fork server: never half an entry, at whatever moment it is read."""

from __future__ import annotations

import os
import signal
import time
from mmap import mmap

from server.engine.pool.worker import Slot

ALLOCATED, CLIENT = 7, 3


def test_a_query_is_read_whole_or_not_at_all() -> None:
    slot = Slot(mmap(-1, 2 * Slot.SIZE), 1)
    pid = os.fork()
    if pid == 0:
        while True:
            slot.begin(ALLOCATED, CLIENT)
            slot.end()
    try:
        deadline = time.monotonic() + 0.5
        seen = {slot.read() for _ in range(200_000) if time.monotonic() < deadline}
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert {entry[1:] for entry in seen if entry[0]} == {(ALLOCATED, CLIENT)}
