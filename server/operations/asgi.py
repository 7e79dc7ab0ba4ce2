"""What the production server runs: `create` makes the application, which opens the release when it is told to start."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from loader.release.manifest import ReleaseError, current_release
from server.engine.interface import EngineError
from server.engine.opened import open_engine
from server.operations import allocator
from server.operations.grace import GRACE
from server.operations.heartbeat import beat
from server.operations.takeover import tell_supervisor
from server.settings import Settings, load_settings
from server.web.asgi.environ import Receive, Scope, Send

if TYPE_CHECKING:
    from server.operations.running import Running

_log = logging.getLogger("registergraf")


class Application:
    """The ASGI application: a service from the message that it should start to the one that it should stop."""

    def __init__(self, make: Callable[[], Running]) -> None:
        """Nothing is opened yet."""
        self._make = make
        self._running: Running | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or the server's lifespan messages."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and self._running is not None:
            await self._running.application(scope, receive, send)

    def stop_soon(self) -> None:
        """The process is told to stop: give what runs its grace."""
        if self._running is not None:
            self._running.stop_soon()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._running = self._make()
        except Exception as error:
            if _says_all(error):
                _log.error("cannot start: %s", error)
            else:
                _log.exception("cannot start")
            await send({"type": "lifespan.startup.failed"})
            return
        await send({"type": "lifespan.startup.complete"})
        beating = asyncio.get_running_loop().create_task(_live())
        await receive()
        beating.cancel()
        self._running.close()
        await send({"type": "lifespan.shutdown.complete"})


async def _live() -> None:
    """Show the supervising process that this one serves, and that it goes on to."""
    await tell_supervisor()
    await beat()


def _says_all(error: Exception) -> bool:
    """Whether its message is all that an operator needs."""
    from server.handing_in.state.errors import StorageError

    return isinstance(error, ReleaseError | EngineError | StorageError | OSError)


def create() -> Application:
    """The application with the settings of the environment, tied to its supervisor."""
    _stop_with_supervisor()
    allocator.keep_little()
    settings = load_settings(os.environ)
    application = Application(lambda: _open(settings))
    signal.signal(GRACE, lambda number, frame: application.stop_soon())
    return application


def _open(settings: Settings) -> Running:
    """Open the release and its engine, and meanwhile take in what serves: each takes about half a second."""
    release = current_release(settings.releases)
    with ThreadPoolExecutor(1, "engine") as threads:
        opening = threads.submit(open_engine, settings, release)
        from server.operations.running import Running

        engine = opening.result()
    try:
        return Running(settings, engine, release)
    except BaseException:
        engine.close()
        raise


def _stop_with_supervisor() -> None:
    """Have this process stop, as by SIGTERM, when the supervising one has ended, however it did."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()
