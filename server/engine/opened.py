"""Which engine answers: the one that the settings name."""

from __future__ import annotations

from pathlib import Path

from loader.release.manifest import Release
from server.engine.interface import Engine
from server.engine.limits import EngineLimits
from server.settings import Settings


def open_engine(settings: Settings, release: Release) -> Engine:
    """The remote engine when the settings name one, else the embedded one with its workers."""
    limits = _limits(settings)
    if settings.engine:
        from server.engine.remote.endpoint import RemoteEngine

        return RemoteEngine(settings.engine, release, limits)
    from server.engine.pool.embedded import EmbeddedEngine

    return EmbeddedEngine(release, limits)


def _limits(settings: Settings) -> EngineLimits:
    return EngineLimits(
        workers=settings.workers,
        queue=settings.queue,
        memory_mb=settings.memory_mb,
        retire_mb=settings.retire_mb,
        disk_above_mb=settings.disk_above_mb,
        cache_dir=Path(settings.cache_dir) if settings.cache_dir else None,
        client_share=min(settings.client_share, 100),
    )
