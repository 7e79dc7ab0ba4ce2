"""What every blueprint needs, built once by create_app and reached through the Flask app: no globals."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from flask import Flask, current_app

from loader.release.manifest import Release
from server.engine.interface import Engine
from server.operations.metrics import Metrics
from server.query.answering import Answering
from server.settings import Settings
from server.web.cache import HotCache
from server.web.rate_limit import RateLimit

BASE = "https://w3id.org/registergraf/"
_KEY = "registergraf"


@dataclass(slots=True)
class Site:
    """The parts of one server. `switch` replaces the release; what was derived from the old one is made anew on
    demand.
    """

    settings: Settings
    engine: Engine
    answering: Answering
    metrics: Metrics
    cache: HotCache
    limit: RateLimit
    release: Release
    questions: Path
    derived: dict[object, object] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

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


def init_site(app: Flask, site: Site) -> None:
    """Give an app its site."""
    app.extensions[_KEY] = site


def current_site() -> Site:
    """The site of the app that handles this request."""
    return cast(Site, current_app.extensions[_KEY])


def site_of(app: Flask) -> Site:
    """The site of an app, outside of a request."""
    return cast(Site, app.extensions[_KEY])
