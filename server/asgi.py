"""What the production server runs: `create` builds the gateway from the environment's settings, once per process."""

from __future__ import annotations

import os

from server.access_log import AccessLog
from server.app import create_app
from server.gateway import Gateway, Send
from server.incoming import Message, Receive, Scope
from server.release_watch import ReleaseWatch
from server.settings import Settings, load_settings
from server.site import site_of
from server.validation import checks_of

_SPARE_THREADS = 16
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
            self._site.cache,
            self._log,
            threads=threads,
            body_bytes=lambda path: settings.upload_bytes if path in UPLOADS else settings.body_bytes,
            body_seconds=settings.body_seconds,
        )
        self._watch = ReleaseWatch(self._site)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or the server's lifespan messages."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._gateway(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message: Message = await receive()
            if message["type"] == "lifespan.startup":
                self._watch.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def close(self) -> None:
        """Stop the watch, the threads, the checks, the engine and the log, in this order."""
        self._watch.stop()
        self._gateway.close()
        self._checks.close()
        self._site.engine.close()
        self._log.close()


def create() -> Service:
    """The service with the settings of the environment."""
    return Service(load_settings(os.environ))
