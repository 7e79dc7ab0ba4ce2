"""The releases in a folder, and the link that says which one is current."""

from __future__ import annotations

import os
from pathlib import Path

from loader.release.manifest import ReleaseError, open_release


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
    current = root / "current"
    if current.is_symlink() and os.readlink(current) != version:
        _point(root, "previous", os.readlink(current))
    _point(root, "current", version)


def roll_back(root: Path) -> str:
    """Make the release current that was so before the last switch, and return its version; ReleaseError when there is
    none.
    """
    previous, current = root / "previous", root / "current"
    version = os.readlink(previous) if previous.is_symlink() else ""
    if not version or (current.is_symlink() and os.readlink(current) == version):
        raise ReleaseError(f"No other release was current in {root} before; 'registergraf release use' names one.")
    use_release(root, version)
    return version


def _point(root: Path, name: str, version: str) -> None:
    link = root / f".{name}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(version)
    os.replace(link, root / name)
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
