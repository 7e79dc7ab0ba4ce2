"""How the serving process takes and gives back memory: a bound on what the C library's allocator keeps for later.

Left to itself, glibc has a heap for nearly every thread, and each keeps as much as the largest request that its thread
has ever read: after a minute of long query texts 160 MiB that hold nothing, more with more processors. With fixed
thresholds (mallopt(3)) a large block goes back to the system as soon as it is free, and so does the end of a heap.
"""

from __future__ import annotations

import ctypes

_TRIM, _MAP = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h
_KEPT = 1 << 20  # bytes that stay at the end of a heap, and from where a block is the system's own


def keep_little() -> bool:
    """Set the bounds for this process, whatever it does later; False where the C library has no such settings."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all([mallopt(_TRIM, _KEPT), mallopt(_MAP, _KEPT)])
