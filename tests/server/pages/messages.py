"""The messages of the pages' code and templates, by Babel's own extraction."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "server" / "pages"
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("templates/**.html", "jinja2")]
_OPTIONS = {
    "**.py": {},
    "**/templates/**.html": {"trimmed": "true", "silent": "false"},
    "templates/**.html": {"trimmed": "true", "silent": "false"},
}

Message = str | tuple[str, str]


def used() -> Iterator[Message]:
    """Every message in the code and the templates; one with a plural as a pair."""
    for folder in (PAGES, PAGES.parent / "asking", PAGES.parent / "reconcile"):
        for _file, _line, message, _comments, _context in extract_from_dir(folder, _METHODS, _OPTIONS):
            yield message if isinstance(message, str) else (message[0], message[1])
    yield from summaries()


def summaries() -> Iterator[str]:
    """What the OpenAPI description says of each operation, which /api shows: second arguments that are sentences."""
    files = [*(ROOT / "server").rglob("described.py"), PAGES / "openapi.py"]
    for call in (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))):
        if isinstance(call, ast.Call) and len(call.args) > 1:
            second = call.args[1]
            if isinstance(second, ast.Constant) and isinstance(second.value, str) and second.value.endswith("."):
                yield second.value


def catalogue() -> Catalog:
    """The Swedish catalogue."""
    with (PAGES / "locale" / "sv.po").open("rb") as file:
        return read_po(file, locale="sv")


def missing() -> list[Message]:
    """The messages that have no Swedish, or as one of a pair what is used alone: not every Python finds that."""
    known = catalogue()
    return [
        one
        for one in dict.fromkeys(used())
        if (entry := known.get(one[0] if isinstance(one, tuple) else one)) is None
        or entry.pluralizable != isinstance(one, tuple)
        or not _whole(entry.string)
    ]


def _whole(text: object) -> bool:
    return all(text) if isinstance(text, tuple) else bool(text)


if __name__ == "__main__":
    for one in missing():
        print(one)
