"""Memory gathered into large pages keeps its bytes, and only what has been copied is gathered."""

from __future__ import annotations

import ctypes
import json
import mmap
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.engine.pool import hugepages
from server.engine.pool.hugepages import PAGE, SMALL, Gathering

COUNT = 12
SIZE = (COUNT + 2) * PAGE  # so that at least COUNT + 1 large pages lie within it, wherever it begins


def huge_kib() -> int:
    rollup = Path("/proc/self/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("AnonHugePages"))


def anonymous() -> mmap.mmap:
    return mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def kernel_gathers() -> bool:
    """Whether madvise knows MADV_COLLAPSE here, asked of a mapping of its own."""
    with mmap.mmap(-1, 4 * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as probe:
        probe[:] = b"x" * len(probe)
        try:
            probe.madvise(hugepages.MADV_COLLAPSE, PAGE, 2 * PAGE)
        except OSError:
            return False
        return True


def work(gathering: Gathering) -> set[int]:
    """All that is to be done; the places that it gathered."""
    before = set(gathering._gathered)
    gathering.look()
    while gathering:
        gathering.step()
    return gathering._gathered - before


def address(memory: mmap.mmap) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(memory))


def in_a_child(do: Callable[[], Any]) -> Any:
    """What a forked child finds, as a worker would."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writing, json.dumps(do()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as answer:
        found = answer.read()
    os.waitpid(pid, 0)
    return json.loads(found)


def test_gathering_keeps_every_byte_and_is_done_once() -> None:
    before = huge_kib()
    with anonymous() as memory:
        pattern = bytes(range(256)) * (SIZE // 256)
        memory[:] = pattern
        gathering = Gathering()
        assert not gathering
        assert len(work(gathering)) >= COUNT
        assert memory[:] == pattern
        assert work(gathering) == set()
        if kernel_gathers():
            assert huge_kib() - before >= COUNT * PAGE // 1024


@pytest.mark.parametrize(("copied", "gathered"), [(0, False), (PAGE // 2 - SMALL, False), (PAGE // 2, True)])
def test_a_child_gathers_only_what_it_has_half_copied(copied: int, gathered: bool) -> None:
    with anonymous() as memory:
        memory[:] = b"x" * SIZE
        offset = -address(memory) % PAGE
        first = address(memory) + offset

        def copy_and_gather() -> list[int]:
            for place in range(offset, offset + copied, SMALL):
                memory[place] = ord("y")
            found = work(Gathering())
            assert memory[offset : offset + copied].count(b"y") == copied // SMALL
            return [place for place in found if first <= place < first + COUNT * PAGE]

        assert in_a_child(copy_and_gather) == ([first] if gathered else [])


def test_without_a_page_map_nothing_is_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hugepages, "PAGEMAP", "/nowhere")
    with anonymous() as memory:
        memory[:] = b"x" * SIZE
        assert work(Gathering()) == set()


def test_a_process_gathers_all_that_is_its_own() -> None:
    with anonymous() as memory:
        memory[:] = b"x" * SIZE
        hugepages.gather_all()
        assert memory[:] == b"x" * SIZE
        if kernel_gathers():
            assert huge_kib() >= COUNT * PAGE // 1024
