"""`python -m tests.beside COMMAND , COMMAND , …`: all at once, as `make test` runs types, layers and tests.

What the last one says is shown as it comes, what the others say when all have ended. The exit code is that of the first
that failed, in the order given.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack


def commands(words: Sequence[str]) -> list[list[str]]:
    """The commands between the commas that stand alone; ValueError when one is empty."""
    found: list[list[str]] = [[]]
    for word in words:
        if word == ",":
            found.append([])
        else:
            found[-1].append(word)
    if not all(found):
        raise ValueError("A command is empty.")
    return found


def main(words: Sequence[str]) -> int:
    """Run them, and say which failed."""
    *others, last = commands(words)
    with ExitStack() as files:
        said = [files.enter_context(tempfile.TemporaryFile("w+")) for _ in others]
        quiet = [
            subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
            for command, file in zip(others, said, strict=True)
        ]
        code = subprocess.run(last, check=False).returncode
        codes = [process.wait() for process in quiet]
        for command, file in zip(others, said, strict=True):
            file.seek(0)
            sys.stderr.write(f"$ {' '.join(command)}\n{file.read()}")
    return next((failed for failed in [*codes, code] if failed), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
