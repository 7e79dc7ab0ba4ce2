"""The releases in a folder, and the link that says which one is current."""

from __future__ import annotations

import os
from pathlib import Path

from loader.release import ReleaseError, open_release


def releases(root: Path) -> list[tuple[str, bool]]:
    """Every readable release under `root` by name, and whether it is the current one."""
    current = (root / "current").resolve()
    found: list[tuple[str, bool]] = []
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if folder.is_dir() and not folder.is_symlink() and (folder / "manifest.json").is_file():
            found.append((folder.name, folder.resolve() == current))
    return found


def use_release(root: Path, version: str) -> None:
    """Make `root/current` point to a release, atomically; ReleaseError when there is no such release or it is
    damaged.
    """
    if version not in [name for name, _ in releases(root)]:
        raise ReleaseError(f"There is no release {version!r} in {root}; 'registergraf release list' shows them.")
    open_release(root / version)
    link = root / f".current-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(version)
    os.replace(link, root / "current")
