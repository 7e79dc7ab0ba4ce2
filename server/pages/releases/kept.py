"""The releases in the server's folder, in the order in which they were published, and their differences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from loader.release.difference import difference, write_lines
from loader.release.link import releases
from loader.release.manifest import open_release
from loader.release.records import RecordChange
from server.engine.caller import CALLER
from server.engine.interface import Job
from server.engine.source import Source
from server.service import Service
from server.web.problem import Problem

_SECONDS = 30.0
_FILES = ("added.nq", "removed.nq")


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
    """What differs, as data: computed once in a worker, where it can be ended. Raises an EngineError."""
    derived, key = site.derived, ("difference", old, new)
    found = derived.get(key)
    if not isinstance(found, dict):
        found = _run(site, "difference_job", _folders(site, old, new))
        derived[key] = found
    return found


def lines(site: Service, old: str, new: str, file: str) -> bytes:
    """added.nq or removed.nq of a difference. Raises an EngineError."""
    arguments = {**_folders(site, old, new), "file": file}
    return str(_run(site, "lines_job", arguments)).encode()


def _run(site: Service, name: str, arguments: dict[str, str]) -> Any:
    return site.engine.run(Job(f"{__name__}:{name}", arguments, _SECONDS, CALLER.get()))


def _folders(site: Service, old: str, new: str) -> dict[str, str]:
    return {"old": str(site.settings.releases / old), "new": str(site.settings.releases / new)}


def difference_job(source: Source, arguments: dict[str, Any]) -> dict[str, Any]:
    """`difference` of two releases, as a Job. Arguments: old, new (folders)."""
    found = difference(open_release(Path(arguments["old"])), open_release(Path(arguments["new"])))
    return {
        "counts": {change: found.counts.get(change, 0) for change in ("removed", "changed", "new")},
        "inferred": {"added": found.inferred[0], "removed": found.inferred[1]},
        "records": [_as_data(one) for one in found.records],
    }


def lines_job(source: Source, arguments: dict[str, Any]) -> str:
    """The statements that came or went, as a Job. Arguments: old, new (folders), file (added.nq or removed.nq)."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        places = {name: Path(folder) / name for name in _FILES}
        old, new = (open_release(Path(arguments[name])) for name in ("old", "new"))
        write_lines(old, new, places["added.nq"], places["removed.nq"])
        return places[arguments["file"]].read_text(encoding="utf-8")


def _as_data(one: RecordChange) -> dict[str, Any]:
    return {
        "change": one.change,
        "path": one.path,
        "sv": one.sv,
        "en": one.en,
        "fields": [{"sv": list(field.sv), "en": list(field.en)} for field in one.fields],
    }
