"""What releases say that concerns accounts: the audit log's entries that they name, and the registers they have."""

from __future__ import annotations

import re
from pathlib import Path

from loader.release.manifest import Release, open_release

_TYPED = re.compile(rb"<https://w3id\.org/registergraf/id/register/([^>]+)> <[^>]*#type> ")


def published_entries(root: Path) -> dict[str, str]:
    """Entry hash → the version of a release that names it; a folder without a readable release gives none."""
    found: dict[str, str] = {}
    for manifest in sorted(root.glob("*/manifest.json")):
        if manifest.parent.is_symlink():
            continue
        release = open_release(manifest.parent)
        for submission in release.manifest.get("submissions", {}).values():
            found[submission["proof"]] = release.version
    return found


def register_keys(release: Release) -> frozenset[str]:
    """The keys of the registers in a release, read from its sorted lines."""
    with release.graph.open("rb") as file:
        return frozenset(match[1].decode() for line in file if (match := _TYPED.match(line)))
