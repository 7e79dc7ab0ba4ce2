"""Start the production server: granian, a supervising and a serving process, and the engine's workers beside them."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from loader.release.manifest import ReleaseError, current_release
from server.engine.remote.connections import parse_endpoint
from server.operations.grace import GRACE
from server.operations.heartbeat import FILE, Watch
from server.operations.takeover import INTERVAL, TakeOver, children, tell_grace
from server.settings import PREFIX, Settings, SettingsError

TARGET = "server.operations.asgi:create"
MOST_FILES = 65_536
HEAD_BYTES = 131_072  # of a request's line and headers together
_BEYOND = 10  # seconds beyond those for running answers in which a stopping process may close what it holds
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "filters": {"told": {"()": "server.operations.log_filter.AlreadyLogged"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["told"]}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"_granian": {"level": "ERROR"}, "granian.access": {"level": "ERROR"}},
}


def serve(settings: Settings, overrides: Mapping[str, object]) -> int:
    """Serve until SIGTERM or SIGINT; `overrides` are settings given on the command line, handed on by the environment.

    Returns the exit code: 0, or 1 when the serving process cannot start. Raises SettingsError when the settings cannot
    work. A serving process that dies is replaced. SIGHUP replaces it by one that opens the current release, if that can
    be read.
    """
    _check(settings)
    if settings.unix_socket:
        _claim_file(Path(settings.unix_socket))
    else:
        _claim(settings.host, settings.port)
    if not _can_be_read(settings, "cannot start"):
        return 1
    for name, value in overrides.items():
        os.environ[PREFIX + name.upper()] = str(value)
    _raise_file_limit()
    server = _server(settings)
    taking_over = TakeOver()
    server.on_startup(lambda: _handle_signals(settings, taking_over))
    server.on_reload(taking_over.begin)
    if settings.hang_seconds:
        server.on_startup(lambda: _watch(settings.hang_seconds))
    os.register_at_fork(after_in_child=_stop_while_starting)
    print(f"Listening on {_url(settings)}", file=sys.stderr, flush=True)
    try:
        server.serve()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _server(settings: Settings) -> Any:
    """How granian serves: one serving process, for there is one cache, one rate limit and one engine."""
    head_seconds = min(max(int(settings.head_seconds * 1000), 1), 60_000)
    return Granian(
        TARGET,
        factory=True,
        address=settings.host,
        port=settings.port,
        uds=Path(settings.unix_socket) if settings.unix_socket else None,
        uds_permissions=0o666,  # who may reach it is for the folder to say
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=head_seconds, max_buffer_size=HEAD_BYTES),
        websockets=False,
        workers=1,
        backpressure=settings.connections,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        respawn_failed_workers=True,
        respawn_interval=INTERVAL,
        workers_kill_timeout=settings.stop_seconds + _BEYOND,
    )


def _watch(seconds: float) -> None:
    """Have a serving process that hangs killed; granian replaces it like any that has died."""
    descriptor, name = tempfile.mkstemp(prefix="registergraf-")
    os.close(descriptor)
    atexit.register(Path(name).unlink, missing_ok=True)
    os.environ[FILE] = name
    Watch(Path(name), seconds, _kill_children).start()


def _kill_children() -> None:
    for child in multiprocessing.active_children():
        child.kill()


def _stop_while_starting() -> None:
    """Have a serving process that is told to stop before it serves end at once: it inherits who ignores the signal."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(GRACE, signal.SIG_IGN)


def _handle_signals(settings: Settings, taking_over: TakeOver) -> None:
    """Tell the serving process before it is stopped, so that it can end its answers; and have SIGHUP pass by a release
    that cannot be read: the serving process goes on with the one it has.
    """
    taking_over.install()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        _announce(number, settings, taking_over)


def _announce(number: signal.Signals, settings: Settings, taking_over: TakeOver) -> None:
    handle = signal.getsignal(number)

    def on_signal(received: int, frame: Any) -> None:
        if received != signal.SIGHUP:
            taking_over.give_up()
            tell_grace(children())
        elif not _can_be_read(settings, "the serving process is not replaced"):
            return
        if callable(handle):
            handle(received, frame)

    signal.signal(number, on_signal)


def _can_be_read(settings: Settings, otherwise: str) -> bool:
    """Whether the current release is whole; else what follows from that is told."""
    try:
        current_release(settings.releases)
    except ReleaseError as error:
        print(f"ERROR registergraf: {otherwise}: {error}", file=sys.stderr, flush=True)
        return False
    return True


def _check(settings: Settings) -> None:
    """What would only fail in the serving process, where nobody sees why."""
    if settings.workers < 1:
        raise SettingsError("workers = 0: at least one query worker is needed.")
    if settings.connections < 1:
        raise SettingsError("connections = 0: at least one connection is needed.")
    if not 0 < settings.port <= 65_535:
        raise SettingsError(f"port = {settings.port}: a port is a number from 1 to 65535.")
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


def _claim(host: str, port: int) -> None:
    """See that the address can be listened on, for its fault would only show in the serving process."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        with socket.socket(family, kind) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        raise SettingsError(f"host = {host!r}, port = {port}: {error}") from error


def _claim_file(path: Path) -> None:
    """See that a socket can be made under this name; one that nobody listens on was left by a killed process."""
    try:
        if path.is_socket():
            with socket.socket(socket.AF_UNIX) as other, suppress(ConnectionRefusedError):
                other.connect(str(path))
                raise SettingsError(f"unix_socket = {str(path)!r}: another process listens on it.")
            path.unlink()
        with socket.socket(socket.AF_UNIX) as own:
            own.bind(str(path))
        path.unlink()
    except OSError as error:
        raise SettingsError(f"unix_socket = {str(path)!r}: {error}") from error


def _url(settings: Settings) -> str:
    if settings.unix_socket:
        return f"unix:{settings.unix_socket}"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _raise_file_limit() -> None:
    """Let the processes open as many files as they may, for each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
