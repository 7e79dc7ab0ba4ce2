"""The releases in the server's folder, in the order in which they were published, and their differences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from loader.release.difference import changed_lines, difference
from loader.release.link import releases
from loader.release.manifest import open_release
from loader.release.records import RecordChange
from server.engine.caller import CALLER
from server.engine.interface import Job
from server.engine.source import Source
from server.service import Service
from server.web.problem import Problem

_SECONDS = 30.0
_KEPT = 8
LINES = 1_000
"""Lines in a piece of a file that is streamed."""
MOST = 500
"""Records that are told in words; the files have all."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A release that is kept: its version, when it was published here, and whether it answers now."""

    version: str
    published: datetime
    current: bool


def kept(site: Service) -> list[Kept]:
    """All of them, the newest first."""
    root = site.settings.releases
    found = [
        Kept(name, datetime.fromtimestamp((root / name / "manifest.json").stat().st_mtime, UTC), current)
        for name, current in releases(root)
    ]
    return sorted(found, key=lambda one: (one.published, one.version), reverse=True)


def version_of(site: Service, name: str) -> str:
    """The version if it is kept. Raises Problem not-found (404) with those that are."""
    known = [one.version for one in kept(site)]
    if name in known:
        return name
    raise Problem(
        "not-found",
        f"There is no release {name} here. Kept are: {', '.join(known)}.",
        f"Här finns ingen utgåva {name}. Sparade är: {', '.join(known)}.",
        members={"releases": known},
    )


def compared(site: Service, old: str, new: str) -> dict[str, Any]:
    """What differs, as data: computed in a worker, where it can be ended; the latest few are kept.

    `things` are the ends of all IRIs by change; of the `records` in words there are MOST, and `left_off` says how many
    more. Raises an EngineError.
    """
    known: dict[tuple[str, str], dict[str, Any]] = site.derived.setdefault("differences", {})  # type: ignore[assignment]
    found = known.get((old, new))
    if found is None:
        folders = {"old": str(site.settings.releases / old), "new": str(site.settings.releases / new)}
        found = site.engine.run(Job(f"{__name__}:difference_job", folders, _SECONDS, CALLER.get()))
        while len(known) >= _KEPT:
            known.pop(next(iter(known)), None)
        known[old, new] = found
    return found


def difference_job(source: Source | None, arguments: dict[str, Any]) -> dict[str, Any]:
    """`difference` of two releases, as a Job. Arguments: old, new (folders)."""
    found = difference(open_release(Path(arguments["old"])), open_release(Path(arguments["new"])))
    things: dict[str, list[str]] = {"removed": [], "changed": [], "new": []}
    for one in found.records:
        things[one.change].append(one.path)
    return {
        "counts": {change: len(paths) for change, paths in things.items()},
        "inferred": {"added": found.inferred[0], "removed": found.inferred[1]},
        "things": things,
        "records": [_as_data(one) for one in found.records[:MOST]],
        "left_off": max(0, len(found.records) - MOST),
    }


def lines(site: Service, old: str, new: str, change: str) -> Iterator[bytes]:
    """The statements that were `added` or `removed`, as N-Quads, in pieces; neither release is held in memory."""
    before, after = (open_release(site.settings.releases / name).graph for name in (old, new))
    chosen = (line.rstrip(b"\n") + b"\n" for came, line in changed_lines(before, after) if came == change)
    return iter(lambda: b"".join(islice(chosen, LINES)), b"")


def _as_data(one: RecordChange) -> dict[str, Any]:
    return {
        "change": one.change,
        "path": one.path,
        "sv": one.sv,
        "en": one.en,
        "reason": dict(zip(("sv", "en"), one.reason, strict=True)) if one.reason else None,
        "fields": [{"sv": list(field.sv), "en": list(field.en)} for field in one.fields],
    }
