"""What the production server runs: `create` makes the application, which opens the release when it is told to start."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable

from loader.release.manifest import ReleaseError
from server.app import create_app
from server.engine.interface import EngineError
from server.engine.pool.hugepages import gather_all
from server.handing_in.state.errors import StorageError
from server.handing_in.validation import checks_of
from server.operations.release_watch import ReleaseWatch
from server.operations.supervisor import stop_with_supervisor
from server.service import site_of
from server.settings import Settings, load_settings
from server.web.access_log import AccessLog
from server.web.gateway import Gateway
from server.web.incoming import Receive, Scope
from server.web.outgoing import Send
from server.web.wire import WIRING, Wiring

_log = logging.getLogger("registergraf")
_SPARE_THREADS = 16
GC_THRESHOLDS = (20_000, 20, 20)  # Python's own are 700, 10, 10: a collection with every second request
UPLOADS = frozenset({"/submissions", "/validate"})


class Service:
    """The gateway with what lives and dies with it: the engine, and the watch over the current release."""

    def __init__(self, settings: Settings) -> None:
        """Open the release and start the engine."""
        app = create_app(settings)
        self._site = site_of(app)
        self._checks = checks_of(app)
        self._log = AccessLog(settings.access_log)
        threads = settings.workers + settings.queue + _SPARE_THREADS
        self._gateway = Gateway(
            app.wsgi_app,
            self._site,
            self._log,
            threads=threads,
            body_bytes=lambda path: settings.upload_bytes if path in UPLOADS else settings.body_bytes,
        )
        self._watch = ReleaseWatch(self._site)

    def start(self) -> Wiring:
        """Begin to watch the releases; what connections need.

        What is in memory now stays: it goes into large pages, and the garbage collector is spared it and looks at the
        rest less often, for a request leaves hardly any cycles.
        """
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        gather_all()
        self._watch.start()
        return Wiring(self._site.cache, self._log, self._site.settings)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self._gateway(scope, receive, send)

    def close(self) -> None:
        """Stop the watch, the threads, the checks, the engine and the log, in this order."""
        self._watch.stop()
        self._gateway.close()
        self._checks.close()
        self._site.engine.close()
        self._log.close()


class Application:
    """The ASGI application: a service from the message that it should start to the one that it should stop."""

    def __init__(self, make: Callable[[], Service]) -> None:
        """Nothing is opened yet."""
        self._make = make
        self._service: Service | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or the server's lifespan messages."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        elif self._service is not None:
            await self._service.answer(scope, receive, send)

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._service = self._make()
        except (ReleaseError, EngineError, StorageError, OSError) as error:
            _log.error("cannot start: %s", error)
            await send({"type": "lifespan.startup.failed"})
            return
        scope["state"][WIRING] = self._service.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._service.close()
        await send({"type": "lifespan.shutdown.complete"})


def create() -> Application:
    """The application with the settings of the environment, tied to its supervisor."""
    stop_with_supervisor()
    settings = load_settings(os.environ)
    return Application(lambda: Service(settings))
