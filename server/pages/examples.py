"""The example queries of the pages: the competency questions, with their Swedish and English headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_HEADER = re.compile(r"#\s*(sv|en):\s*(.+)")


@dataclass(frozen=True, slots=True)
class Example:
    """One question file: `key` is its file name's stem, `sv` and `en` the question in words, `query` the whole file."""

    key: str
    sv: str
    en: str
    query: str


@lru_cache(4)
def load_examples(folder: Path) -> tuple[Example, ...]:
    """Every question of a folder in the order of its file names."""
    return tuple(_read(file) for file in sorted(folder.glob("*.rq")))


def _read(file: Path) -> Example:
    text = file.read_text(encoding="utf-8")
    headings = {found[1]: found[2].strip() for line in text.splitlines() if (found := _HEADER.match(line))}
    return Example(file.stem, headings.get("sv", file.stem), headings.get("en", file.stem), text)
