"""Golden files: the expected text of an answer, written by `--update-golden`, read and compared ever after."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

GOLDEN = Path(__file__).parent / "golden"


@dataclass(frozen=True, slots=True)
class Golden:
    """Compares a text with `folder/name`, or writes it there when `update` is set.

    Called as `golden("questions/q01.csv", text)`. Names are relative POSIX paths inside the folder. The text is
    compared exactly, save that the file always ends in one line feed.
    """

    folder: Path
    update: bool

    def __call__(self, name: str, text: str) -> None:
        """Fail with a diff when `text` is not what the golden file holds."""
        path = self._path(name)
        actual = text if text.endswith("\n") else text + "\n"
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(actual.encode("utf-8"))
            return
        if not path.is_file():
            pytest.fail(f"There is no golden file {path}. Run pytest with --update-golden, and read what it wrote.")
        expected = path.read_bytes().decode("utf-8")
        if actual != expected:
            pytest.fail(f"{name} differs from its golden file:\n{_diff(expected, actual)}", pytrace=False)

    def _path(self, name: str) -> Path:
        """The file of a name that stays inside the folder."""
        relative = PurePosixPath(name)
        if relative.is_absolute() or ".." in relative.parts or not relative.parts:
            raise ValueError(f"A golden file's name is a relative path, not {name!r}.")
        return self.folder / relative


def _diff(expected: str, actual: str) -> str:
    """The first 200 lines of what differs, expected first."""
    lines = difflib.unified_diff(expected.splitlines(), actual.splitlines(), "expected", "actual", lineterm="")
    return "\n".join(list(lines)[:200])
