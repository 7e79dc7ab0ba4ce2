"""The one way in which a query reaches the engine, for /sparql, for the pages and for the command line: permitted,
timed, counted.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from server.engine.caller import CALLER, Caller
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
from server.query.text import QueryText, read_query
from server.web.access_log import query_hash
from server.web.media import Format
from server.web.metrics import Metrics

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
    """A permitted query with what the protocol adds; `form` is SELECT, ASK, CONSTRUCT or DESCRIBE.

    `read` is what has been read of the text; None for one of the server's own.
    """

    text: str
    form: str
    format: Format
    timeout: float
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    read: QueryText | None = None


class SlowLog:
    """Appends one JSON line per query that took at least `seconds`; without a file it does nothing."""

    def __init__(self, file: str, seconds: float) -> None:
        """Nothing is opened until there is something to write."""
        self._file = Path(file) if file else None
        self._seconds = seconds
        self._lock = threading.Lock()

    def note(self, text: str, seconds: float, outcome: str) -> None:
        """Write the query down when it was slow."""
        if self._file is None or seconds < self._seconds:
            return
        line = json.dumps(
            {"query_hash": query_hash(text), "seconds": round(seconds, 3), "outcome": outcome, "query": text}
        )
        try:
            with self._lock, self._file.open("a", encoding="utf-8") as out:
                out.write(line + "\n")
        except OSError as error:  # A log that cannot be written never touches an answer.
            _log.error("slow log: %s", error)


class Answering:
    """Asks an engine for the caller of the request at hand (CALLER), and keeps the books."""

    def __init__(self, engine: Engine, metrics: Metrics, slow_log: SlowLog) -> None:
        """The engine that answers, and where its work is counted."""
        self._engine = engine
        self._metrics = metrics
        self._slow_log = slow_log

    def ask(self, question: Question) -> Answer:
        """Begin the answer to a question that is permitted; raises the engine's EngineError, the chunks Broken."""
        begun = time.monotonic()
        try:
            answer = self._engine.query(_request(question, CALLER.get()))
        except EngineError as error:
            self._failed(question, error, begun)
            raise
        return Answer(answer.media_type, _Counted(answer.chunks, self._book(question, begun, CALLER.get())))

    def text(self, question: Question) -> bytes:
        """The whole answer at once; for small ones only."""
        chunks = self.ask(question).chunks
        try:
            return b"".join(chunks)
        finally:
            chunks.close()

    def _failed(self, question: Question, error: EngineError, begun: float) -> None:
        self._count(question, outcome_of(error), begun)
        if isinstance(error, Unreachable):
            _log.error("%s", error)

    def _book(self, question: Question, begun: float, caller: Caller) -> _Ending:
        return _Ending(lambda outcome: self._count(question, outcome, begun), caller)

    def _count(self, question: Question, outcome: str, begun: float) -> None:
        seconds = time.monotonic() - begun
        self._metrics.note(question.form, outcome, seconds)
        self._slow_log.note(question.text, seconds, outcome)
        if outcome in ("crash", "broken", "failed"):
            _log.warning("query %s: %s after %.3f s", query_hash(question.text), outcome, seconds)


def outcome_of(error: EngineError) -> str:
    """The name under which a failure is counted."""
    return next((name for kind, name in _OUTCOMES if isinstance(error, kind)), "failed")


def _request(question: Question, caller: Caller) -> QueryRequest:
    """What the engine is asked."""
    read = question.read or read_query(question.text)
    return QueryRequest(
        question.text,
        question.format.media_type,
        question.timeout,
        question.default_graphs,
        question.named_graphs,
        caller,
        read.has_dataset,
        read.star,
        read.variables if read.star >= 0 else (),
    )


class _Ending:
    """Tells once how an answer ended: ok, broken, or closed by the client."""

    def __init__(self, tell: Callable[[str], None], caller: Caller) -> None:
        self._tell: Callable[[str], None] | None = tell
        self._caller = caller

    def __call__(self, outcome: str) -> None:
        """An answer that breaks off because its client has left is no failure."""
        if self._tell is not None:
            tell, self._tell = self._tell, None
            tell("closed" if outcome == "broken" and self._caller.left else outcome)


class _Counted(Iterator[bytes]):
    """Chunks whose end is counted."""

    def __init__(self, chunks: Chunks, ended: _Ending) -> None:
        self._chunks, self._ended = chunks, ended

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except StopIteration:
            self._ended("ok")
            raise
        except EngineError as error:
            self._ended(outcome_of(error))
            raise

    def close(self) -> None:
        self._ended("closed")
        self._chunks.close()
