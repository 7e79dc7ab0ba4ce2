"""Files that hold one SPARQL query below a header of comments: rules, checks and questions.

The header is the block of `#` lines at the top, `# key: value`; a line without a key continues the value before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from loader.errors import RuleError

_KEY = re.compile(r"#\s*([a-z][a-z-]*):\s*(.*)")


@dataclass(frozen=True, slots=True)
class QueryFile:
    """One query: `header` are its settings in order, `text` the file without the header."""

    path: Path
    header: tuple[tuple[str, str], ...]
    text: str

    def get(self, key: str, default: str | None = None) -> str:
        """One setting; RuleError when it is missing and has no default."""
        found = dict(self.header).get(key, default)
        if not found:
            raise RuleError(f"{self.path} has no line '# {key}: …' in its header")
        return found


def read_query_files(folder: Path, *, suffix: str = ".rq") -> tuple[QueryFile, ...]:
    """All files of a folder, sorted by name; none when there is no folder."""
    return tuple(read_query_file(path) for path in sorted(folder.glob(f"*{suffix}")))


def read_query_file(path: Path) -> QueryFile:
    """One file, its header taken apart; RuleError when it is not UTF-8 text."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path} cannot be read: {error}") from error
    end = next((index for index, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return QueryFile(path, tuple(_header(lines[:end])), "\n".join(lines[end:]).strip() + "\n")


def _header(lines: Iterable[str]) -> list[tuple[str, str]]:
    settings: list[tuple[str, str]] = []
    for line in lines:
        match = _KEY.match(line)
        if match is not None:
            settings.append((match[1], match[2].strip()))
        elif settings and line.strip("# "):
            key, value = settings[-1]
            settings[-1] = (key, f"{value} {line.lstrip('# ').strip()}".strip())
    return settings
