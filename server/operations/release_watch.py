"""Notices when `current` names another release and has the service switch to it, without losing a running answer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from loader.release.manifest import ReleaseError, current_release
from server.engine.interface import EngineError
from server.service import Service

_log = logging.getLogger("registergraf")


class ReleaseWatch:
    """A thread that looks at the link every `watch_seconds`; with 0 it only looks when told to."""

    def __init__(self, service: Service, opened: Callable[[], None]) -> None:
        """`opened` is called at the start and after each switch; nothing runs before start()."""
        self._service, self._opened = service, opened
        self._wake = threading.Event()
        self._stopped = False
        self._told = ""
        self._thread = threading.Thread(target=self._run, name="release-watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End the watch."""
        self._stopped = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def look(self) -> bool:
        """Switch when another release is current, and True when switched.

        One that is damaged, or that the engine cannot open, is told once, and the old one goes on.
        """
        root = self._service.settings.releases
        try:
            if (root / "current").resolve() == self._service.release.directory.resolve():
                return False
            switched = self._service.switch(current_release(root))
        except (ReleaseError, EngineError, OSError) as error:
            if str(error) != self._told:
                _log.error("release not switched: %s", error)
            self._told = str(error)
            return False
        self._told = ""
        if switched:
            _log.warning("release %s answers now", self._service.release.version)
        return switched

    def _run(self) -> None:
        pause = self._service.settings.watch_seconds or None
        self._prepare()
        while not self._stopped:
            self._wake.wait(pause)
            self._wake.clear()
            if not self._stopped and self.look():
                self._prepare()

    def _prepare(self) -> None:
        """Make ready what is asked for first; whatever goes wrong with that, the watch goes on."""
        try:
            self._opened()
        except Exception:  # Pages are slower then, no less right; without the watch no further release would be seen.
            _log.exception("release %s: not everything is made ready ahead", self._service.release.version)
