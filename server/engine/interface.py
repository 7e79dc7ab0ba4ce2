"""What the web tier asks of an engine, and every way in which an engine may fail to answer.

    EngineError
    ├── QuerySyntax      the query cannot be parsed (400)
    ├── QueryFailed      the query was parsed, but cannot be evaluated (500 of the engine's own, or 400 of the remote's)
    ├── TimedOut         the deadline passed before the answer began (503)
    ├── OutOfMemory      the worker went over its memory budget (503)
    ├── Crashed          the worker died for another reason (503)
    ├── Busy             the queue is full (503 with Retry-After)
    └── Broken           the answer failed after its first byte was sent: the transfer must be cut
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


class EngineError(Exception):
    """An engine could not answer; the subclass says why, the message says it in English."""


class QuerySyntax(EngineError):
    """The query is not SPARQL; `line` and `column` are 1-based, or None where the engine does not tell."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        """Keep the position beside the message."""
        super().__init__(message)
        self.line = line
        self.column = column


class QueryFailed(EngineError):
    """Evaluation failed for a reason of the query's own."""


class TimedOut(EngineError):
    """No answer had begun when the deadline passed."""


class OutOfMemory(EngineError):
    """The query needed more memory than one query may have."""


class Crashed(EngineError):
    """The worker that ran the query ended unexpectedly."""


class Busy(EngineError):
    """Every worker is taken and the queue is full; `retry_after` is in whole seconds."""

    def __init__(self, message: str, retry_after: int = 1) -> None:
        """Keep the advice beside the message."""
        super().__init__(message)
        self.retry_after = retry_after


class Broken(EngineError):
    """The answer failed in mid-stream, after bytes of it were sent."""


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """One query, parsed and permitted: what to run, over which graphs, in which form, and for how long.

    `default_graphs`/`named_graphs` are absolute IRIs; both empty means the release's own dataset, whose default graph
    is the union of its named graphs. `timeout` is in seconds from now to the last byte.
    """

    text: str
    media_type: str
    timeout: float
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A begun answer: its media type and its bytes. Iteration raises Broken when the engine fails; close() frees the worker."""

    media_type: str
    chunks: Iterator[bytes]


class Engine(Protocol):
    """Runs read-only queries over one release at a time."""

    @property
    def release(self) -> str:
        """The version of the release that answers now."""

    def query(self, request: QueryRequest) -> Answer:
        """Begin an answer, or raise an EngineError; the first chunk has been computed when this returns."""

    def close(self) -> None:
        """Stop every worker; running answers end in Broken."""
