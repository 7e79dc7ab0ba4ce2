"""Start the production server: granian, one process with threads for the site, the engine's workers beside it."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from server.settings import PREFIX, Settings

TARGET = "server.asgi:create"


def serve(settings: Settings, overrides: Mapping[str, object]) -> None:
    """Serve until SIGTERM or SIGINT; `overrides` are settings given on the command line, handed on by the environment.

    SIGHUP replaces the serving process gracefully by one that opens the current release.
    """
    for name, value in overrides.items():
        os.environ[PREFIX + name.upper()] = str(value)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    Granian(
        TARGET,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.auto,
        workers=1,
        factory=True,
        websockets=False,
        log_enabled=True,
        workers_kill_timeout=settings.stop_seconds,
        process_name=None,
    ).serve()
