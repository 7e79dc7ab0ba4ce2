"""A result in each of the forms that it is written in, chosen by the file's ending."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from loader.model.findings import Language
from server.registerservice.coverage.result import Result
from server.registerservice.messages import StopError
from server.registerservice.output.figure import figure_bytes
from server.registerservice.output.measurement import About, turtle_bytes
from server.registerservice.output.report import report_bytes
from server.registerservice.output.tables import csv_bytes, workbook_bytes
from server.registerservice.output.writing import json_bytes

Render = Callable[[Result, Language], bytes]

TURTLE = ".ttl"
FORMATS: dict[str, Render] = {
    ".json": lambda result, _lang: json_bytes(result),
    ".csv": csv_bytes,
    ".xlsx": workbook_bytes,
    ".svg": figure_bytes,
    ".html": report_bytes,
}


def check_endings(paths: Iterable[Path]) -> None:
    """Stop on an ending that is none of FORMATS, before anything is read."""
    endings = ", ".join((*FORMATS, TURTLE))
    for path in paths:
        if path.suffix.casefold() not in (*FORMATS, TURTLE):
            raise StopError(
                f"{path.name}: filens ändelse ska vara {endings}.", f"{path.name}: the ending is one of {endings}."
            )


def render_all(result: Result, paths: Iterable[Path], lang: Language, subject: About | None) -> dict[Path, bytes]:
    """The bytes of every file; `subject` is what the Turtle is about."""
    return {path: _rendered(result, path.suffix.casefold(), lang, subject) for path in paths}


def _rendered(result: Result, ending: str, lang: Language, subject: About | None) -> bytes:
    return turtle_bytes(result, subject) if ending == TURTLE else FORMATS[ending](result, lang)
