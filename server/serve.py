"""Start the production server: granian, one process with threads for the site, the engine's workers beside it."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from server.engine.connections import parse_endpoint
from server.settings import PREFIX, Settings, SettingsError

TARGET = "server.asgi:create"


def serve(settings: Settings, overrides: Mapping[str, object]) -> None:
    """Serve until SIGTERM or SIGINT; `overrides` are settings given on the command line, handed on by the environment.

    Raises SettingsError when the settings cannot work. A serving process that dies is replaced. SIGHUP replaces it
    gracefully by one that opens the current release.
    """
    _check(settings)
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
        respawn_failed_workers=True,
        process_name=None,
    ).serve()


def _check(settings: Settings) -> None:
    """What would only fail in the serving process, where nobody sees why."""
    if settings.workers < 1:
        raise SettingsError("workers = 0: at least one query worker is needed.")
    if settings.port > 65_535:
        raise SettingsError(f"port = {settings.port}: the highest port is 65535.")
    if settings.engine:
        try:
            parse_endpoint(settings.engine)
        except ValueError as error:
            raise SettingsError(f"engine: {error}") from error
    try:
        if settings.access_log not in ("", "-"):
            with open(settings.access_log, "a", encoding="utf-8"):
                pass
    except OSError as error:
        raise SettingsError(f"access_log: {error}") from error
    _check_address(settings.host, settings.port)


def _check_address(host: str, port: int) -> None:
    """Whether the server can listen there, tried in the way the server does."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(found[0], found[1]) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(found[4])
    except OSError as error:
        raise SettingsError(f"host = {host!r}, port = {port}: {error}") from error
