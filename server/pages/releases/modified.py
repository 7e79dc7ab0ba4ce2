"""When what is stated of a thing was last changed here, as far as the releases that are kept show it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

from server.engine.interface import EngineError
from server.pages.releases.kept import compared, kept
from server.service import BASE, Service

_BACK = 4
"""Releases before the one that answers that are looked at."""


def modified(site: Service, iri: str) -> datetime | None:
    """When the release was published by which a thing came or was changed; None where no kept release tells."""
    found = site.once("modified", lambda: _modified(site))
    return found.get(iri.removeprefix(f"{BASE}id/"))


def _modified(site: Service) -> Mapping[str, datetime]:
    """The moments by the ends of IRIs, from the pairs of releases that follow on each other, the newest first."""
    every = kept(site)
    at = next((place for place, one in enumerate(every) if one.version == site.engine.release), len(every))
    found: dict[str, datetime] = {}
    for new, old in pairwise(every[at : at + _BACK + 1]):
        try:
            things = compared(site, old.version, new.version)["things"]
        except EngineError:
            return found  # too long, or a release is damaged: what is older is not known
        found = {**dict.fromkeys((*things["removed"], *things["changed"], *things["new"]), new.published), **found}
    return found
