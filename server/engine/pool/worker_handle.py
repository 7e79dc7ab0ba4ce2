"""Handles: workers as the web process holds them, and how they died."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field

GRACE = 5.0  # seconds within which the fork server tells of a death


@dataclass(slots=True)
class Death:
    """Why a worker died: a word (see EngineStatus.restarts), what is known beside, and whether it was at work."""

    reason: str
    detail: str = ""
    busy: bool = True


@dataclass(slots=True, eq=False)
class WorkerHandle:
    """A worker, held by the web process."""

    pid: int
    connection: socket.socket
    state: str = "idle"
    client: str = ""
    death: Death | None = None
    dead: threading.Event = field(default_factory=threading.Event)

    def end(self, death: Death) -> None:
        """Note the death for whoever waits on this worker."""
        self.death = death
        self.dead.set()

    def cause_of_death(self) -> Death:
        """Why this worker died; waits a little for the fork server's word."""
        self.dead.wait(GRACE)
        return self.death or Death("crash", "nothing is known of its end")
