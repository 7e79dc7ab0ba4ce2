"""A release: an immutable folder of files under a release directory, one of which is current."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loader.errors import ReleaseError

__all__ = ["Release", "ReleaseError", "current_release", "open_release"]


@dataclass(frozen=True, slots=True)
class Release:
    """One finished release: `directory` holds graph.nq, manifest.json and the exports named in the manifest."""

    version: str
    directory: Path
    manifest: dict[str, Any]

    @property
    def graph(self) -> Path:
        """The statements: sorted N-Quads, one named graph per source, module, scheme, and for what is inferred."""
        return self.directory / "graph.nq"


def open_release(directory: Path) -> Release:
    """Read one release folder's manifest."""
    try:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{directory} is no release: {error}. Run 'registergraf build'.") from error
    return Release(version=manifest["version"], directory=directory, manifest=manifest)


def current_release(root: Path) -> Release:
    """The release that `root/current` points to."""
    current = root / "current"
    if not current.exists():
        raise ReleaseError(f"There is no release in {root}. Run 'registergraf build'.")
    return open_release(current.resolve())
