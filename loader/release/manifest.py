"""A release: an immutable folder of files under a release directory, one of which is current.

A release is opened only when it is whole: each file that the manifest names is there, with the hash that it names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from loader.errors import ReleaseError
from loader.model.findings import Finding, from_dict

__all__ = ["Release", "ReleaseError", "current_release", "open_release", "read_findings", "read_manifest"]
_GRAPH = "graph.nq"
_REMEDY = "Restore it from a backup, or build it again: registergraf build."


@dataclass(frozen=True, slots=True)
class Release:
    """One finished release: `directory` holds graph.nq, manifest.json and the exports named in the manifest."""

    version: str
    directory: Path
    manifest: dict[str, Any]

    @property
    def graph(self) -> Path:
        """The statements: sorted N-Quads, one named graph per source, module, scheme, and for what is inferred."""
        return self.directory / _GRAPH


def open_release(directory: Path) -> Release:
    """The release of a folder, verified; ReleaseError, with the file's name, when it is none or is not whole."""
    manifest = read_manifest(directory)
    for name, digest in manifest["files"].items():
        if (found := _digest(directory / name)) != digest:
            what = "is missing or cannot be read" if found is None else "is not as it was built"
            raise ReleaseError(f"{directory / name} {what}. {_REMEDY}")
    return Release(version=manifest["version"], directory=directory, manifest=manifest)


def read_manifest(directory: Path) -> dict[str, Any]:
    """What a release says of itself, its files unread; ReleaseError when it is none."""
    try:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{directory} is no release: {error}. Run 'registergraf build'.") from error
    if not _in_form(manifest):
        raise ReleaseError(f"{directory / 'manifest.json'} is not the manifest of a release. {_REMEDY}")
    return cast(dict[str, Any], manifest)


def _in_form(manifest: object) -> bool:
    """Whether it has a version, files with their hashes, and statements by graph."""
    if not isinstance(manifest, dict) or not isinstance(manifest.get("version"), str):
        return False
    files, graphs = manifest.get("files"), manifest.get("graphs")
    if not isinstance(files, dict) or not isinstance(graphs, dict) or _GRAPH not in files:
        return False
    plain = all(Path(name).name == name and isinstance(digest, str) for name, digest in files.items())
    return plain and all(isinstance(number, int) for number in graphs.values())


def _digest(file: Path) -> str | None:
    """The SHA-256 of a file in hexadecimal; None when it cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def current_release(root: Path) -> Release:
    """The release that `root/current` points to."""
    current = root / "current"
    if not current.exists():
        raise ReleaseError(f"There is no release in {root}. Run 'registergraf build'.")
    return open_release(current.resolve())


def read_findings(release: Release) -> Iterator[Finding]:
    """What the build of a release found, the worst first."""
    data = json.loads((release.directory / "findings.json").read_bytes())
    return map(from_dict, data["findings"])
