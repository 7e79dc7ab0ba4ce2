"""Files of results: made whole in memory and put in place by one rename, so that a stopped run leaves none."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from server.registerservice.messages import StopError

if TYPE_CHECKING:
    from server.registerservice.coverage.result import Result

Format = Callable[["Result"], bytes]


def json_bytes(result: Result) -> bytes:
    """A result in JSON, with unrounded fractions."""
    return (json.dumps(result.as_json(), ensure_ascii=False, indent=1) + "\n").encode()


def put(contents: dict[Path, bytes]) -> None:
    """Write all files or none: each beside its place first, then all renamed. Stops when a folder cannot be written."""
    made: list[tuple[Path, Path]] = []
    try:
        for path, data in contents.items():
            made.append((_beside(path, data), path))
        for temporary, path in made:
            os.replace(temporary, path)
    except OSError as error:
        raise StopError(f"Går inte att skriva: {error.strerror}", f"Cannot be written: {error.strerror}") from None
    finally:
        for temporary, _ in made:
            temporary.unlink(missing_ok=True)


def _beside(path: Path, data: bytes) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=".registergraf-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        os.chmod(name, 0o644)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


@contextlib.contextmanager
def ended_cleanly() -> Iterator[None]:
    """Within this, an end asked for by SIGTERM unwinds as an interrupt does, so that nothing half-written stays."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(143)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
