"""The embedded engine: Oxigraph in worker processes of our own. See docs/engines.md."""

from __future__ import annotations

import threading
import time
from collections import Counter

from loader.release.manifest import Release
from server.engine.interface import Answer, Crashed, EngineStatus, Left, NotBegun, QueryRequest
from server.engine.limits import EngineLimits
from server.engine.pool.flow import Flow
from server.engine.pool.pool import Brood, Draining
from server.engine.pool.stream import Stream

SHORT = 16_384  # characters of a query that a socket takes at once (its buffer has 200 kB, a character up to 12 bytes)
SPARE_ATTEMPTS = 3  # beyond one for each worker, all of which may have been killed while they were idle


class EmbeddedEngine:
    """Runs each query in a worker process that can be stopped at any time; safe for use by many threads."""

    def __init__(self, release: Release, limits: EngineLimits | None = None) -> None:
        """Load `release` and start the workers; returns when the first can answer, EngineError when none ever will."""
        self._limits = limits or EngineLimits()
        self._restarts: Counter[str] = Counter()
        self._swap = threading.Lock()
        self._closed = False
        self._brood = Brood(release, self._limits, self._restarts)
        self._old: list[Brood] = []
        self._await(self._brood)

    @staticmethod
    def _await(brood: Brood) -> None:
        try:
            brood.wait_ready()
        except BaseException:
            brood.close()
            raise

    @property
    def release(self) -> str:
        """The version of the release that answers now."""
        return self._brood.release.version

    def query(self, request: QueryRequest) -> Answer:
        """Begin an answer, or raise an EngineError; the first chunk has been computed when this returns."""
        deadline = time.monotonic() + request.timeout
        for _ in range(self._limits.workers + SPARE_ATTEMPTS):
            brood = self._brood
            try:
                stream = Stream(brood, brood.check_out(deadline, request.caller), deadline)
                request.caller.on_leaving(stream.close)
                stream.begin(request)
            except (Draining, NotBegun):
                if self._closed:
                    break
                continue
            except Crashed as error:
                if request.caller.left:
                    raise Left("The client left before the answer began.") from error
                raise
            return Answer(media_type=request.media_type, chunks=stream)
        raise Crashed("The engine is closed." if self._closed else "Query workers end before they get to work.")

    def query_now(self, request: QueryRequest) -> Flow | None:
        """As `query`, on the event loop; None, and nothing done, when that would wait for a worker or a long query."""
        brood = self._brood
        hand = brood.take_free(request.caller) if len(request.text) <= SHORT else None
        return Flow(brood, hand, request) if hand is not None else None

    def switch(self, release: Release) -> None:
        """Answer from another release from now on; EngineError, and no change, when it cannot be loaded."""
        with self._swap:
            brood = Brood(release, self._limits, self._restarts)
            self._await(brood)
            old, self._brood = self._brood, brood
            self._old = [*(kept for kept in self._old if kept.alive), old]
            old.drain()

    def status(self) -> EngineStatus:
        """What the engine is doing now."""
        brood = self._brood
        workers, busy, queued = brood.counts()
        said = brood.ready or {}
        return EngineStatus(
            release=brood.release.version,
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
            for brood in (*self._old, self._brood):
                brood.close()
