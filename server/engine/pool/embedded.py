"""The embedded engine: Oxigraph in worker processes of our own. See docs/engines.md."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from loader.release.manifest import Release
from server.engine.caller import Caller
from server.engine.interface import (
    Answer,
    Broken,
    Crashed,
    EngineStatus,
    Job,
    Left,
    NotBegun,
    QueryRequest,
    cause_of,
)
from server.engine.limits import EngineLimits
from server.engine.pool.pool import Draining, WorkerPool
from server.engine.pool.stream import Stream

SPARE_ATTEMPTS = 3  # beyond one for each worker, all of which may have been killed while they were idle


class EmbeddedEngine:
    """Runs each query in a worker process that can be stopped at any time; safe for use by many threads."""

    def __init__(self, release: Release, limits: EngineLimits | None = None) -> None:
        """Load `release` and start the workers; returns when the first can answer, EngineError when none ever will."""
        self._limits = limits or EngineLimits()
        self._restarts: Counter[str] = Counter()
        self._swap = threading.Lock()
        self._closed = False
        self._pool = WorkerPool(release, self._limits, self._restarts)
        self._old: list[WorkerPool] = []
        self._await(self._pool)

    @staticmethod
    def _await(pool: WorkerPool) -> None:
        try:
            pool.wait_ready()
        except BaseException:
            pool.close()
            raise

    @property
    def release(self) -> str:
        """The version of the release that answers now."""
        return self._pool.release.version

    def query(self, request: QueryRequest) -> Answer:
        """Begin an answer, or raise an EngineError; the first chunk has been computed when this returns."""
        message = {
            "text": request.text,
            "media_type": request.media_type,
            "default_graphs": request.default_graphs,
            "named_graphs": request.named_graphs,
            "has_dataset": request.has_dataset,
            "star": request.star,
            "variables": request.variables,
        }
        return Answer(request.media_type, self._begin(message, request.timeout, request.caller))

    def run(self, job: Job) -> Any:
        """Run the job's function in a worker and return what it returns, as JSON carries it; raises an EngineError."""
        message = {"function": job.function, "arguments": dict(job.arguments)}
        stream = self._begin(message, job.timeout, job.caller)
        try:
            return json.loads(b"".join(stream))
        except Broken as error:
            raise cause_of(error) from error

    def _begin(self, message: Mapping[str, object], timeout: float, caller: Caller) -> Stream:
        deadline = time.monotonic() + timeout
        for _ in range(self._limits.workers + SPARE_ATTEMPTS):
            pool = self._pool
            try:
                stream = Stream(pool, pool.check_out(deadline, caller), deadline)
                caller.on_leaving(stream.close)
                stream.begin({**message, "client": crc32(caller.key.encode())})
            except (Draining, NotBegun):
                if self._closed:
                    break
                continue
            except Crashed as error:
                if caller.left:
                    raise Left("The client left before the answer began.") from error
                raise
            return stream
        raise Crashed("The engine is closed." if self._closed else "Query workers end before they get to work.")

    def switch(self, release: Release) -> None:
        """Answer from another release from now on; EngineError, and no change, when it cannot be loaded."""
        with self._swap:
            pool = WorkerPool(release, self._limits, self._restarts)
            self._await(pool)
            old, self._pool = self._pool, pool
            self._old = [*(kept for kept in self._old if kept.alive), old]
            old.drain()

    def status(self) -> EngineStatus:
        """What the engine is doing now."""
        pool = self._pool
        workers, busy, queued = pool.counts()
        said = pool.ready or {}
        return EngineStatus(
            release=pool.release.version,
            storage=said.get("storage", "unknown"),
            ready=bool(said) and workers > 0,
            workers=workers,
            busy=busy,
            queued=queued,
            restarts=dict(self._restarts),
            sandbox=said.get("sandbox", "unknown"),
        )

    def close(self) -> None:
        """Stop every worker; running answers end in Broken."""
        with self._swap:
            self._closed = True
            for pool in (*self._old, self._pool):
                pool.close()
