"""What the production server runs: `create` makes the application, which opens the release when it is told to start."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable

from loader.release.manifest import ReleaseError
from server.app import create_app
from server.engine.interface import EngineError
from server.handing_in.state.errors import StorageError
from server.handing_in.submissions.desk import desk_of
from server.handing_in.validation import checks_of
from server.operations.grace import GRACE
from server.operations.heartbeat import beat
from server.operations.release_watch import ReleaseWatch
from server.query.sparql import warm
from server.search.release import index
from server.service import service_of
from server.settings import Settings, load_settings
from server.web.access_log import AccessLog
from server.web.environ import Receive, Scope, Send
from server.web.gateway import Bounds, Gateway

_log = logging.getLogger("registergraf")
_SPARE_THREADS = 16
_SWITCH_SECONDS = 0.001  # for which one thread may compute while another, such as the event loop, waits
UPLOADS = frozenset({"/submissions", "/validate", "/check", "/hand-in"})


class Running:
    """The gateway with what lives and dies with it: the engine, and the watch over the current release."""

    def __init__(self, settings: Settings) -> None:
        """Open the release and start the engine; what is asked for first is made ready on the watch's thread."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        app = create_app(settings)
        self._service = service_of(app)
        self._checks = checks_of(app)
        self._log = AccessLog(settings.access_log)
        self.gateway = Gateway(
            app.wsgi_app,
            self._service,
            self._log,
            threads=settings.workers + settings.queue + _SPARE_THREADS,
            bounds=Bounds(
                lambda path: settings.upload_bytes if path in UPLOADS else settings.body_bytes, desk_of(app).judge_head
            ),
        )
        self._stopped = threading.Event()
        self._watch = ReleaseWatch(self._service, self._warm)
        self._watch.start()

    def _warm(self) -> None:
        """Read what the pages and the search need, and have the shipped questions answered: of this release and of
        each that it is switched to.
        """
        try:
            index(self._service)
        except EngineError as error:
            _log.warning("the names of the release are read when they are first searched: %s", error)
        queries = [path.read_text(encoding="utf-8") for path in sorted(self._service.questions.glob("q*.rq"))]
        warm(self._service, queries, self._stopped.is_set)

    def stop_soon(self) -> None:
        """Have what is still being answered when the grace is over end with 503 rather than with nothing."""
        timer = threading.Timer(self._service.settings.stop_seconds, self.gateway.end_running)
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        """Stop the watch, the threads, the checks, the engine and the log, in this order."""
        self._stopped.set()
        self._watch.stop()
        self.gateway.close()
        self._checks.close()
        self._service.engine.close()
        self._log.close()


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
            await self._running.gateway(scope, receive, send)

    def stop_soon(self) -> None:
        """The process is told to stop: give what runs its grace."""
        if self._running is not None:
            self._running.stop_soon()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._running = self._make()
        except (ReleaseError, EngineError, StorageError, OSError) as error:
            _log.error("cannot start: %s", error)
            await send({"type": "lifespan.startup.failed"})
            return
        except Exception:
            _log.exception("cannot start")
            await send({"type": "lifespan.startup.failed"})
            return
        await send({"type": "lifespan.startup.complete"})
        beating = asyncio.get_running_loop().create_task(beat())
        await receive()
        beating.cancel()
        self._running.close()
        await send({"type": "lifespan.shutdown.complete"})


def create() -> Application:
    """The application with the settings of the environment, tied to its supervisor."""
    _stop_with_supervisor()
    settings = load_settings(os.environ)
    application = Application(lambda: Running(settings))
    signal.signal(GRACE, lambda number, frame: application.stop_soon())
    return application


def _stop_with_supervisor() -> None:
    """Have this process stop, as by SIGTERM, when the supervising one has ended, however it did."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()
