"""The tests of what changed, or of one room: `python -m tests.quick [ROOM]`, as `make quick` calls it.

ROOM is a folder of the project, such as server/query. Without one, the rooms are those of the files that differ from
the last commit. Prints the folders of tests, one a line, and options that leave files which take long to `make test`;
nothing when nothing changed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.longest import LONGEST

ROOT = Path(__file__).resolve().parents[1]
# The questions on the embedded engine; the other stores take minutes, and are left to `make test`.
QUESTIONS = ("tests/questions/test_questions.py", "tests/questions/test_questions_page.py")
ELSEWHERE = {"ontology": ("tests/ontology", *QUESTIONS), "shapes": ("tests/shapes",), "docs": ("tests/docs",)}
SOURCES = ("tests/loader/release", *QUESTIONS)


def changed() -> list[str]:
    """The files that differ from the last commit, and those that git does not know yet."""
    listed = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [line[3:].split(" -> ")[-1].strip('"') for line in listed.stdout.splitlines()]


def folders_for(paths: Iterable[str]) -> list[str]:
    """The tests of files or folders, each once, none within another."""
    found = sorted({test for path in paths for test in _tests_of(Path(path))})
    return [test for test in found if not any(test.startswith(other + "/") for other in found)]


def left_out(tests: Iterable[str]) -> list[str]:
    """The files within these folders that take long."""
    folders = tuple(f"{test}/" for test in tests)
    return [file for file in (f"tests/{name}" for name in LONGEST) if file.startswith(folders)]


def _tests_of(path: Path) -> Iterator[str]:
    top = path.parts[0] if path.parts else ""
    if top == "tests" and path.suffix == ".py" and path.name.startswith("test_"):
        yield str(path)
    elif top in ("loader", "server"):
        yield from _nearest(path)
    elif top == "data":
        yield from SOURCES
    else:
        yield from ELSEWHERE.get(top, ())


def _nearest(path: Path) -> Iterator[str]:
    """The folder of tests that lies as the room does, or the first above it that is there."""
    room = path.parent if path.suffix else path
    while room.parts:
        if (ROOT / "tests" / room).is_dir():
            yield str(Path("tests") / room)
            return
        room = room.parent


if __name__ == "__main__":
    chosen = folders_for(sys.argv[1:] or changed())
    left = left_out(chosen)
    print("\n".join([*chosen, *(f"--ignore={file}" for file in left)]))
    if left:
        print("Left to make test:", *left, file=sys.stderr)
