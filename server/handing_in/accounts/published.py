"""The entries of the audit log that releases name, as the proof of each submission's acceptance."""

from __future__ import annotations

from pathlib import Path

from loader.release.manifest import open_release


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
