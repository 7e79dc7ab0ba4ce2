"""The one way in which a query reaches the engine, for /sparql, for the pages and for the command line: permitted,
timed, counted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from server.engine.caller import Caller
from server.engine.interface import (
    Answer,
    Broken,
    Busy,
    Chunks,
    Crashed,
    Engine,
    EngineError,
    Left,
    OutOfMemory,
    QueryRequest,
    QuerySyntax,
    TimedOut,
    Unreachable,
)
from server.media import Format
from server.metrics import Metrics
from server.query_log import SlowLog, query_hash
from server.service_policy import check_services

CALLER: ContextVar[Caller] = ContextVar("caller", default=Caller())  # noqa: B039 - nobody changes the default one
_OUTCOMES: tuple[tuple[type[EngineError], str], ...] = (
    (QuerySyntax, "syntax"),
    (TimedOut, "timeout"),
    (OutOfMemory, "memory"),
    (Crashed, "crash"),
    (Busy, "busy"),
    (Broken, "broken"),
    (Left, "closed"),
)
_log = logging.getLogger("registergraf")


@dataclass(frozen=True, slots=True)
class Question:
    """A query with what the protocol adds; `form` is SELECT, ASK, CONSTRUCT or DESCRIBE."""

    text: str
    form: str
    format: Format
    timeout: float
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


class Answering:
    """Asks an engine for the caller of the request at hand (CALLER), and keeps the books."""

    def __init__(self, engine: Engine, metrics: Metrics, slow_log: SlowLog) -> None:
        """The engine that answers, and where its work is counted."""
        self._engine = engine
        self._metrics = metrics
        self._slow_log = slow_log

    def ask(self, question: Question) -> Answer:
        """Begin the answer to a question whose SERVICE calls, if any, have been resolved before.

        Raises Problem service-refused, or the engine's EngineError; the chunks raise Broken.
        """
        check_services(question.text, ())
        begun = time.monotonic()
        request = QueryRequest(
            question.text,
            question.format.media_type,
            question.timeout,
            question.default_graphs,
            question.named_graphs,
            CALLER.get(),
        )
        try:
            answer = self._engine.query(request)
        except EngineError as error:
            self._count(question, outcome_of(error), begun)
            if isinstance(error, Unreachable):
                _log.error("%s", error)
            raise
        return Answer(answer.media_type, _Counted(answer.chunks, lambda outcome: self._count(question, outcome, begun)))

    def text(self, question: Question) -> bytes:
        """The whole answer at once; for small ones only."""
        chunks = self.ask(question).chunks
        try:
            return b"".join(chunks)
        finally:
            chunks.close()

    def _count(self, question: Question, outcome: str, begun: float) -> None:
        seconds = time.monotonic() - begun
        self._metrics.queries.labels(question.form, outcome).inc()
        self._metrics.seconds.labels(question.form).observe(seconds)
        self._slow_log.note(question.text, seconds, outcome)
        if outcome in ("crash", "broken", "failed"):
            _log.warning("query %s: %s after %.3f s", query_hash(question.text), outcome, seconds)


def outcome_of(error: EngineError) -> str:
    """The name under which a failure is counted."""
    return next((name for kind, name in _OUTCOMES if isinstance(error, kind)), "failed")


class _Counted(Iterator[bytes]):
    """Chunks that tell once how they ended: ok, broken, or closed by the client."""

    def __init__(self, chunks: Chunks, ended: Callable[[str], None]) -> None:
        self._chunks = chunks
        self._ended: Callable[[str], None] | None = ended

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except StopIteration:
            self._end("ok")
            raise
        except EngineError as error:
            self._end(outcome_of(error))
            raise

    def close(self) -> None:
        self._end("closed")
        self._chunks.close()

    def _end(self, outcome: str) -> None:
        if self._ended is not None:
            ended, self._ended = self._ended, None
            ended(outcome)
