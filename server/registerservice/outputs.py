"""A result in each of the forms that it is written in, chosen by the file's ending."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from loader.judging.findings import Language
from server.registerservice.messages import StopError
from server.registerservice.result import Result
from server.registerservice.writing import json_bytes

Render = Callable[[Result, Language], bytes]


def _json(result: Result, _lang: Language) -> bytes:
    return json_bytes(result)


FORMATS: dict[str, Render] = {".json": _json}


def render_all(result: Result, paths: Iterable[Path], lang: Language) -> dict[Path, bytes]:
    """The bytes of every file; stops on an ending that is none of FORMATS."""
    return {path: _format(path)(result, lang) for path in paths}


def _format(path: Path) -> Render:
    found = FORMATS.get(path.suffix.casefold())
    if found is None:
        endings = ", ".join(FORMATS)
        raise StopError(
            f"{path.name}: filens ändelse ska vara {endings}.", f"{path.name}: the ending is one of {endings}."
        )
    return found
