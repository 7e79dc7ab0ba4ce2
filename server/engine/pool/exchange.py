"""The exchange of one query with one worker: what is sent, and what each frame that comes back means."""

from __future__ import annotations

import time
from typing import NoReturn

from server.engine.interface import (
    Broken,
    Crashed,
    EngineError,
    NotBegun,
    OutOfMemory,
    QueryFailed,
    QueryRequest,
    QuerySyntax,
    TimedOut,
)
from server.engine.pool.frames import Frame, Kind
from server.engine.pool.pool import Brood
from server.engine.pool.worker_handle import Death, Hand

SLACK = 0.5  # seconds after which we no longer rely on the kernel to have ended a worker at its deadline


class Exchange:
    """The state of an answer on its way from a worker, however its bytes are read."""

    def __init__(self, brood: Brood, hand: Hand, deadline: float) -> None:
        """`hand` is checked out from `brood`; `deadline` is a time.monotonic()."""
        self._brood, self._hand, self._deadline = brood, hand, deadline
        self._begun = self._done = self._given_up = False

    def _message(self, request: QueryRequest) -> dict[str, object]:
        return {
            "text": request.text,
            "media_type": request.media_type,
            "seconds": self._deadline - time.monotonic(),
            "default_graphs": request.default_graphs,
            "named_graphs": request.named_graphs,
        }

    def _patience(self) -> float:
        """The seconds for which the next frame is awaited."""
        return max(self._deadline - time.monotonic(), 0) + SLACK

    def _accept(self, received: Frame) -> bytes | bytearray:
        """The bytes of a frame; the worker is given back with the last one, and when there will be none."""
        if received.kind is Kind.DATA:
            return received.payload
        self._done = True
        self._brood.give_back(self._hand, leaving=received.kind is Kind.LEAVING)
        if received.kind in (Kind.LAST, Kind.LEAVING):
            return received.payload
        self._fail(received)

    def _end(self) -> None:
        """Where no more bytes come: nothing, or Broken, so that no end is taken for the answer's own that is not."""
        if self._given_up:
            raise Broken("The answer was given up before its end.")

    def _fail(self, received: Frame) -> NoReturn:
        if received.kind is Kind.SYNTAX:
            said = received.json()
            raise QuerySyntax(said["message"], said["line"], said["column"])
        self._raise(QueryFailed(received.payload.decode()))

    def _bury(self, death: Death) -> NoReturn:
        """The worker died: raise what that is for the query."""
        self._done = True
        self._brood.give_back(self._hand, leaving=True)
        if not self._begun and not death.busy and death.reason in ("crash", "retired"):
            raise NotBegun("The worker was dead before it began the query.")
        self._raise(_error_of(death))

    def _too_late(self) -> NoReturn:
        self._raise(TimedOut("The query did not end at its deadline and was stopped."))

    def _raise(self, error: EngineError) -> NoReturn:
        """An error as it is before the first byte, Broken after it."""
        if self._begun:
            raise Broken(f"The answer was cut off. {error}") from error
        raise error


def _error_of(death: Death) -> EngineError:
    if death.reason == "deadline":
        return TimedOut("The query did not end before its deadline.")
    if death.reason == "memory":
        return OutOfMemory("The query needed more memory than one query may have.")
    if death.reason == "closed":
        return Crashed("The query was stopped.")
    return Crashed(f"The query worker ended unexpectedly: {death.detail or death.reason}. It was replaced.")
