"""What a worker does when idle: gather the graph, which it has copied by reading, into large pages.

Oxigraph counts references inside its data, so a forked worker copies what it reads, page by page, to scattered places.
The processor then looks up many more addresses: the same query takes a third longer than in the parent. Linux 6.1 can
gather the copy into pages of 2 MiB (MADV_COLLAPSE, see madvise(2)), after which it is as fast as the parent or faster.
Where that cannot be done nothing is lost but this.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

MADV_COLLAPSE = 25
PAGE = 2 << 20
SLICE = PAGE  # gathered at once: about 2 ms, which is the longest that a query waits for it
SMALLEST = 4 * PAGE
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
if _LIBC is not None:
    _LIBC.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)


class Gathering:
    """The work on one process's memory as it is now, in slices; true while there is something left to do."""

    def __init__(self) -> None:
        """Look at the mappings; nothing is gathered yet."""
        self._slices = list(_slices()) if _LIBC is not None else []
        self._slices.reverse()

    def __bool__(self) -> bool:
        """Whether a slice is left."""
        return bool(self._slices)

    def step(self) -> None:
        """Gather one slice; a kernel that will not is not asked why, for its answer changes nothing."""
        begin, end = self._slices.pop()
        if _LIBC is not None:
            _LIBC.madvise(begin, end - begin, MADV_COLLAPSE)


def _slices() -> Iterator[tuple[int, int]]:
    for begin, end in _mappings():
        first, last = -(-begin // PAGE) * PAGE, end // PAGE * PAGE
        for place in range(first, last, SLICE):
            yield place, min(place + SLICE, last)


def _mappings() -> Iterator[tuple[int, int]]:
    """The large private writable mappings without a file."""
    try:
        lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        fields = line.split()
        begin, end = (int(part, 16) for part in fields[0].split("-"))
        if fields[1].startswith("rw") and fields[1][3] == "p" and fields[4] == "0" and end - begin >= SMALLEST:
            yield begin, end
