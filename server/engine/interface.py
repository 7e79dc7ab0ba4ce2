"""What the web tier asks of an engine, and every way in which an engine may fail to answer.

EngineError
├── QuerySyntax      the query cannot be parsed (400)
├── QueryFailed      the query was parsed, but cannot be evaluated (500 of the engine's own, or 400 of the remote's)
├── TimedOut         the deadline passed before the answer began (503)
├── OutOfMemory      the worker went over its memory budget (503)
├── Crashed          the worker died for another reason (503)
│   └── Unreachable  the remote endpoint cannot be asked: it is down, or the settings are wrong (503)
├── NotBegun         the query has not run, for its worker was dead already: it may be asked again
├── Left             the client went before the answer began: nobody is told
├── Busy             the queue is full, or the client's share of it (503 with Retry-After)
└── Broken           the answer failed after its first byte was sent: the transfer must be cut
"""

# ruff: noqa: N818 - the names say what happened; the base class says that they are errors.
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from loader.release.manifest import Release
from server.engine.caller import Caller


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


class Unreachable(Crashed):
    """The remote endpoint cannot be asked; the message is for the operator, since it names the endpoint."""


class NotBegun(EngineError):
    """The query has not run: the worker that was to run it had ended. It may be asked again."""


class Left(EngineError):
    """The client went before the answer began, so the query was stopped."""


class Busy(EngineError):
    """No worker is free for this client and no place in the queue; `retry_after` is in whole seconds."""

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
    is the union of its named graphs, unless the text `has_dataset` (FROM clauses) of its own. `timeout` is in seconds
    from now to the last byte. `caller` is who asks. `star` is the offset of the `*` of SELECT *, or -1, and `variables`
    the order in which its columns are wanted.
    """

    text: str
    media_type: str
    timeout: float
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    caller: Caller = field(default_factory=Caller)
    has_dataset: bool = False
    star: int = -1
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """Work beside the graph: `function` is module:name of a function of a Source (server/engine/source.py) and
    `arguments`, which are such as JSON knows.
    """

    function: str
    arguments: Mapping[str, Any]
    timeout: float
    caller: Caller = field(default_factory=Caller)


def cause_of(error: Broken) -> EngineError:
    """What broke an answer of which nothing has been sent yet."""
    return error.__cause__ if isinstance(error.__cause__, EngineError) else error


class Chunks(Iterator[bytes], Protocol):
    """The bytes of an answer: iteration raises Broken when the engine fails, close() frees the worker at any time.

    Closing twice, or after the last chunk, does nothing. Not for use by two threads at once, save for close(). What is
    given up before its end ends in Broken, so that nobody takes a part for the whole.
    """

    def close(self) -> None:
        """Give the rest of the answer up: the query stops at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A begun answer: its media type and its bytes."""

    media_type: str
    chunks: Chunks


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What an engine is doing now, for /health and /metrics.

    `restarts` counts ended workers by reason since the start (deadline, memory, crash, closed, retired); `sandbox` is
    "enforced", or why the workers' network is not cut off; `storage` is "memory", "disk" or "remote".
    """

    release: str
    storage: str
    ready: bool
    workers: int
    busy: int
    queued: int
    restarts: Mapping[str, int]
    sandbox: str


class Engine(Protocol):
    """Runs read-only queries over one release at a time."""

    @property
    def release(self) -> str:
        """The version of the release that answers now."""

    def query(self, request: QueryRequest) -> Answer:
        """Begin an answer, or raise an EngineError; the first chunk has been computed when this returns."""

    def run(self, job: Job) -> Any:
        """What a function makes of a text, where it can be stopped; as JSON knows it. Raises an EngineError."""

    def switch(self, release: Release) -> None:
        """Answer from another release from now on; running answers are finished from the old one."""

    def status(self) -> EngineStatus:
        """What the engine is doing now."""

    def close(self) -> None:
        """Stop every worker; running answers end in Broken."""
