"""The audit's own time: larger tables may take minutes, say how far they are, and end refused when the time is out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from server.registerservice.messages import StopError

SECONDS = 600.0
QUIET = 300
"""Hidden counts up to which nothing is told: a hundred hidden cells take a second or two."""
_EVERY = 2.0

Progress = Callable[[int, int, int], None]
"""Told the round of the audit, how many hidden counts are done in it, and of how many."""


@dataclass
class Budget:
    """How long the audit may take, in seconds from its first step, and whom it tells."""

    seconds: float = SECONDS
    tell: Progress | None = None
    clock: Callable[[], float] = time.monotonic
    _began: float | None = field(default=None, init=False)
    _told: float = field(default=0.0, init=False)

    def step(self, rounds: int, done: int, of: int) -> None:
        """One more hidden count is about to be looked at; stops when the time is out."""
        now = self.clock()
        if self._began is None:
            self._began = self._told = now
        if now - self._began > self.seconds:
            raise StopError(
                f"Resultatet lämnas inte ut: röjandekontrollen hann med {done} av {of} dolda antal i omgång {rounds} "
                f"på {self.seconds:g} s. Ge den mer tid med --audit-budget, eller dela upp grövre.",
                f"The result is not given: the disclosure audit did {done} of {of} hidden counts of round {rounds} in "
                f"{self.seconds:g} s. Give it more time with --audit-budget, or divide more coarsely.",
            )
        if self.tell is not None and of > QUIET and now - self._told >= _EVERY:
            self._told = now
            self.tell(rounds, done, of)
