"""Large pages: a worker gathers into them, when idle, the parts of the graph that it has copied by reading.

Oxigraph counts references inside its data, so a forked worker copies what it reads, page by page, to scattered places.
The processor then looks up many more addresses: the same query takes a third longer than in the parent. Linux 6.1 can
gather the copy into pages of 2 MiB (MADV_COLLAPSE, see madvise(2)), after which it is as fast as the parent or faster.
Only what is half copied already is gathered, so that a worker holds at most twice of what it has read. Where that
cannot be done nothing is lost but this.
"""

from __future__ import annotations

import ctypes
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

MADV_COLLAPSE = 25
PAGE = 2 << 20
SMALL = resource.getpagesize()
PAGEMAP = "/proc/self/pagemap"
ENTRY = 8  # bytes of it for a small page, of which the last tells its state
OWN = bytes(state & 0x81 == 0x81 for state in range(256))  # there, and mapped by nobody else
GLANCE = 64  # large pages looked at in one step: less than a millisecond
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
if _LIBC is not None:
    _LIBC.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)


def gather_all() -> None:
    """Gather the memory of this process as it is now."""
    gathering = Gathering()
    gathering.look()
    while gathering:
        gathering.step()


class Gathering:
    """The work on this process's memory, in steps; true while there is something left to look at."""

    def __init__(self) -> None:
        """Nothing has been looked at."""
        self._left: list[int] = []
        self._gathered: set[int] = set()

    def __bool__(self) -> bool:
        """Whether a place is left."""
        return bool(self._left)

    def look(self) -> None:
        """Begin to look at the whole memory as it is mapped now, but for what has been gathered."""
        self._left = [place for place in _places() if place not in self._gathered]
        self._left.reverse()

    def step(self) -> None:
        """Gather the next large page that is worth it, which takes about 2 ms, or find that the next ones are not."""
        try:
            with open(PAGEMAP, "rb", buffering=0) as pagemap:
                place = next((place for place in self._glance() if _is_half_copied(pagemap, place)), None)
        except OSError:  # Nothing can be seen here, now or later.
            self._left.clear()
            return
        if place is not None:
            self._gather(place)

    def _glance(self) -> Iterator[int]:
        for _ in range(min(GLANCE, len(self._left))):
            yield self._left.pop()

    def _gather(self, place: int) -> None:
        """A kernel that will not is not asked why, nor again, for its answer changes nothing."""
        self._gathered.add(place)
        if _LIBC is not None:
            _LIBC.madvise(place, PAGE, MADV_COLLAPSE)


def _is_half_copied(pagemap: IO[bytes], place: int) -> bool:
    pagemap.seek(place // SMALL * ENTRY)
    states = pagemap.read(PAGE // SMALL * ENTRY)[ENTRY - 1 :: ENTRY]
    return states.translate(OWN).count(1) * SMALL * 2 >= PAGE


def _places() -> Iterator[int]:
    """Where a large page lies within a private writable mapping without a file."""
    for begin, end in _mappings():
        yield from range(-(-begin // PAGE) * PAGE, end // PAGE * PAGE, PAGE)


def _mappings() -> Iterator[tuple[int, int]]:
    try:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        fields = line.split()
        begin, end = (int(part, 16) for part in fields[0].split("-"))
        if fields[1].startswith("rw") and fields[1][3] == "p" and fields[4] == "0":
            yield begin, end
