"""What an engine may use: how many workers, how long a queue, how much memory, and how much of it is one client's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


def default_cache() -> Path:
    """The folder for on-disk stores: `$XDG_CACHE_HOME/registergraf`, or `~/.cache/registergraf`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "registergraf"


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """Bounds of the embedded engine.

    `workers` is the number of queries that run at once, each in a process of its own; `queue` how many more may wait.
    `memory_mb` (MiB) is what one query may allocate, and all queries of one client that run at once. A worker that
    holds over `retire_mb` of its own after a query, beside a copy of the graph, is replaced by a fresh one. A release
    whose graph.nq is over `disk_above_mb` (MiB) is served from an on-disk store under `cache_dir` (None: the user's
    cache folder) instead of from memory. One client holds at most `client_share` percent of the workers and of the
    queue; of few workers all, so that one is enough. A release that is not loaded within `load_seconds` is given up.
    """

    workers: int = 16
    queue: int = 64
    memory_mb: int = 128
    retire_mb: int = 64
    disk_above_mb: int = 2048
    cache_dir: Path | None = None
    client_share: int = 75
    load_seconds: float = 600.0

    def share(self, of: int) -> int:
        """How many of `of` workers or places one client may hold."""
        return max(of - of * (100 - self.client_share) // 100, 1)
