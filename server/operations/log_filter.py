"""Keeps what has been told in one line of our own from being told again by the HTTP library."""

from __future__ import annotations

import logging

# Of exceptions the gateway tells those that are bugs, and the application why it cannot start.
_TOLD = ("Application callable raised", "ASGI lifespan startup failed")


class AlreadyLogged(logging.Filter):
    """A log filter: what the application raised, and a failure to start, have been told."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record says what has not been said."""
        return not (record.name.startswith("_granian") and record.getMessage().startswith(_TOLD))
