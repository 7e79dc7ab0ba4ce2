"""Memory gathered into large pages keeps its bytes, where the kernel gathers and where it does not."""

from __future__ import annotations

import mmap
from pathlib import Path

from server.engine import hugepages
from server.engine.hugepages import PAGE, SLICE, Gathering

SIZE = 24 * PAGE


def huge_kib() -> int:
    rollup = Path("/proc/self/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("AnonHugePages"))


def kernel_gathers() -> bool:
    """Whether madvise knows MADV_COLLAPSE here, asked of a mapping of its own."""
    with mmap.mmap(-1, 4 * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as probe:
        probe[:] = b"x" * len(probe)
        try:
            probe.madvise(hugepages.MADV_COLLAPSE, PAGE, 2 * PAGE)
        except OSError:
            return False
        return True


def test_gathering_keeps_every_byte() -> None:
    before = huge_kib()
    with mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        pattern = bytes(range(256)) * (SIZE // 256)
        memory[:] = pattern
        gathering = Gathering()
        assert gathering
        steps = 0
        while gathering:
            gathering.step()
            steps += 1
        assert steps >= SIZE // SLICE
        assert memory[:] == pattern
        if kernel_gathers():
            assert huge_kib() - before >= (SIZE - 2 * PAGE) // 1024


def test_small_mappings_are_left_alone() -> None:
    slices = list(hugepages._slices())
    assert all(0 < end - begin <= SLICE and begin % PAGE == 0 and end % PAGE == 0 for begin, end in slices)
