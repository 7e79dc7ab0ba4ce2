"""What every blueprint needs, built once by create_app and reached through the Flask app: no globals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from flask import Flask, current_app

from loader.model.iris import BASE as BASE
from loader.release.manifest import Release
from server.engine.interface import Engine
from server.query.answering import Answering
from server.settings import Settings
from server.web.admission import RateLimit
from server.web.cache import AnswerCache
from server.web.metrics import Metrics
from server.web.served import KEY

_Made = TypeVar("_Made")


@dataclass(slots=True)
class Service:
    """The parts of one server. `switch` replaces the release; what was derived from the old one is made anew on
    demand.
    """

    settings: Settings
    engine: Engine
    answering: Answering
    metrics: Metrics
    cache: AnswerCache
    limit: RateLimit
    release: Release
    questions: Path
    derived: dict[object, object] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    making: dict[object, threading.Lock] = field(default_factory=dict)

    def once(self, name: object, make: Callable[[], _Made]) -> _Made:
        """What `make` derives from the release that answers: made once, also when many ask for it at a time."""
        derived = self.derived
        if name not in derived:
            with self.making.setdefault(name, threading.Lock()):
                if name not in derived:
                    derived[name] = make()
        return cast(_Made, derived[name])

    def switch(self, release: Release) -> bool:
        """Answer from another release from now on; False when it is the one that answers already."""
        with self.lock:
            if release.version == self.release.version:
                return False
            self.engine.switch(release)
            self.release = release
            self.derived = {}
            self.cache.clear()
            self.metrics.switches.inc()
            return True

    @property
    def graphs(self) -> dict[str, int]:
        """The named graphs of the release and their triple counts, from its manifest."""
        return dict(self.release.manifest["graphs"])


def init_service(app: Flask, service: Service) -> None:
    """Give an app its service."""
    app.extensions[KEY] = service


def current_service() -> Service:
    """The service of the app that handles this request."""
    return cast(Service, current_app.extensions[KEY])


def service_of(app: Flask) -> Service:
    """The service of an app, outside of a request."""
    return cast(Service, app.extensions[KEY])
