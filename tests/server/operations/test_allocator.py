"""What many threads have needed at once is given back, also after a large block has moved glibc's own thresholds."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.server.running import ROOT

SCRIPT = """
import os, sys, threading
from server.operations import allocator
from tests.bench.process import resident

if "keep-little" in sys.argv:
    assert allocator.keep_little()
del [bytearray(16_000_000)][:]
before, together = resident(os.getpid()), threading.Barrier(12)

def read():
    parts = [bytearray(20_000) for _ in range(800)]
    together.wait()
    del parts
    together.wait()

threads = [threading.Thread(target=read) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(resident(os.getpid()) - before)
"""


def growth(*arguments: str) -> float:
    """MiB that stay of 150 MiB which twelve threads have held and let go of."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="the thresholds are glibc's")
def test_what_threads_have_let_go_of_does_not_stay() -> None:
    assert growth() > 100, "This C library gives it back by itself: the bounds are needed no longer."
    assert growth("keep-little") < 30
