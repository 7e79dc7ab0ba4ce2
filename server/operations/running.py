"""What serves, and what lives and dies with it."""

from __future__ import annotations

import logging
import resource
import sys
import threading

from loader.release.manifest import Release
from server.app import create_app
from server.engine.interface import Engine, EngineError
from server.handing_in.checks.asking import checks_of
from server.handing_in.submissions.service import submission_service_of
from server.operations.release_watch import ReleaseWatch
from server.query.sparql import warm
from server.search.release import index
from server.service import service_of
from server.settings import Settings
from server.web.access_log import AccessLog
from server.web.asgi.connections import Connections
from server.web.asgi.gateway import Bounds, Gateway

_log = logging.getLogger("registergraf")
_SPARE_THREADS = 16
_SWITCH_SECONDS = 0.001  # for which one thread may compute while another, such as the event loop, waits
UPLOADS = frozenset({"/submissions", "/validate", "/check", "/hand-in"})


class Running:
    """The gateway with what lives and dies with it: the engine, and the watch over the current release."""

    def __init__(self, settings: Settings, engine: Engine, release: Release) -> None:
        """Make the application over an engine that is open, and start to watch; what is asked for first is made ready
        on the watch's thread.
        """
        sys.setswitchinterval(_SWITCH_SECONDS)
        app = create_app(settings, engine, release)
        self._service = service = service_of(app)
        self._checks = checks_of(app)
        self._log = AccessLog(settings.access_log)
        self.gateway = Gateway(
            app.wsgi_app,
            self._service,
            self._log,
            threads=settings.workers + settings.queue + _SPARE_THREADS,
            bounds=Bounds(
                lambda path: settings.upload_bytes if path in UPLOADS else settings.body_bytes,
                submission_service_of(app).judge_head,
            ),
        )
        self.application = Connections(
            self.gateway, settings.port, _most_connections(settings), service.metrics.refused.labels("connections").inc
        )
        self.application.start()
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
        self.application.stop()
        self._watch.stop()
        self.gateway.close()
        self._checks.close()
        self._service.engine.close()
        self._log.close()


def _most_connections(settings: Settings) -> int:
    """How many connections may be open: as many as are set, if the process may have so many files."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return settings.connections if files == resource.RLIM_INFINITY else min(settings.connections, files)
