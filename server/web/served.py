"""What the rooms of the web know of the service behind them."""

from __future__ import annotations

from typing import Protocol, cast

from flask import current_app

from server.engine.interface import Engine
from server.settings import Settings
from server.web.admission import RateLimit
from server.web.cache import AnswerCache
from server.web.metrics import Metrics

KEY = "registergraf"  # of the service, among an app's extensions


class Served(Protocol):
    """The service (server/service.py), as far as requests and replies need it."""

    @property
    def settings(self) -> Settings:
        """The server's settings."""

    @property
    def engine(self) -> Engine:
        """The engine, for the release that answers now."""

    @property
    def cache(self) -> AnswerCache:
        """The kept answers."""

    @property
    def limit(self) -> RateLimit:
        """Each client's rate."""

    @property
    def metrics(self) -> Metrics:
        """What is counted."""


def served() -> Served:
    """The service of the app that handles this request."""
    return cast(Served, current_app.extensions[KEY])
