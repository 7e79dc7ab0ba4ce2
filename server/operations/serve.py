"""Start the production server: uvicorn, a supervising and a serving process, and the engine's workers beside them."""

from __future__ import annotations

import os
import resource
import socket
import sys
from collections.abc import Mapping
from typing import Any

from uvicorn import Config

from server.engine.remote.connections import parse_endpoint
from server.operations.supervisor import Supervisor
from server.settings import PREFIX, Settings, SettingsError
from server.web.wire import Connection

TARGET = "server.operations.asgi:create"
# A thread of the serving process answers its supervisor: silent for so long, the process is stopped, or something in it
# never lets go of the interpreter. An event loop that is stuck otherwise goes unnoticed.
HEALTH_SECONDS = 60
MOST_FILES = 65_536
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "filters": {"told": {"()": "server.operations.supervisor.Told"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["told"]}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"uvicorn.error": {"level": "WARNING"}},
}


def serve(settings: Settings, overrides: Mapping[str, object]) -> int:
    """Serve until SIGTERM or SIGINT; `overrides` are settings given on the command line, handed on by the environment.

    Returns the exit code: 0, or 1 when the serving process cannot start. Raises SettingsError when the settings cannot
    work. A serving process that dies is replaced. SIGHUP replaces it gracefully by one that opens the current release.
    """
    _check(settings)
    listener = _bind(settings.host, settings.port)
    for name, value in overrides.items():
        os.environ[PREFIX + name.upper()] = str(value)
    _raise_file_limit()
    supervisor = Supervisor(_config(settings), [listener])
    print(f"Listening on {_url(listener)}", file=sys.stderr, flush=True)
    supervisor.run()
    listener.close()
    return int(supervisor.failed)


def _config(settings: Settings) -> Config:
    """How uvicorn serves: forwarded addresses and the access log are the application's own affair."""
    return Config(
        TARGET,
        factory=True,
        http=Connection,
        ws="none",
        lifespan="on",
        interface="asgi3",
        workers=1,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_config=LOGGING,
        timeout_graceful_shutdown=settings.stop_seconds,
        timeout_worker_healthcheck=HEALTH_SECONDS,
    )


def _check(settings: Settings) -> None:
    """What would only fail in the serving process, where nobody sees why."""
    if settings.workers < 1:
        raise SettingsError("workers = 0: at least one query worker is needed.")
    if settings.connections < 1:
        raise SettingsError("connections = 0: at least one connection is needed.")
    if settings.port > 65_535:
        raise SettingsError(f"port = {settings.port}: the highest port is 65535.")
    if settings.engine:
        try:
            parse_endpoint(settings.engine)
        except ValueError as error:
            raise SettingsError(f"engine: {error}") from error
    _check_log("access_log", "" if settings.access_log == "-" else settings.access_log)
    _check_log("slow_log", settings.slow_log)


def _check_log(name: str, file: str) -> None:
    try:
        if file:
            with open(file, "a", encoding="utf-8"):
                pass
    except OSError as error:
        raise SettingsError(f"{name}: {error}") from error


def _bind(host: str, port: int) -> socket.socket:
    """The socket that every serving process in turn takes connections from; one that dies loses none that wait."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        listener = socket.socket(family, kind)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise SettingsError(f"host = {host!r}, port = {port}: {error}") from error
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _raise_file_limit() -> None:
    """Let the processes open as many files as they may, for each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
