"""The names under which columns and sheets of submitted tables are known, from aliases.toml and layouts.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from loader.errors import LayoutError
from loader.intake.sheets.columns import How
from loader.model.layout import Layouts, default_layouts
from loader.model.nearest import fold

HELPERS = {
    "read-me": {"sv": "Läs mig", "en": "Read me"},
    "codes": {"sv": "Kodlistor", "en": "Code lists"},
    "report": {"sv": "Valideringsrapport", "en": "Validation report"},
}
"""Sheets of the template and of the marked workbook that hold nothing to submit."""
_TEXTS = ("variable", "indicator")
"""Keys whose names others use for the text itself: they are taken for keys only when written exactly."""
_HINT = re.compile(r"\s*\((?:obligatorisk|required|frivillig|optional|välj|choose)[^)]*\)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """One column: `sv` and `en` are its headers in the template, `names` all folded headers that mean it."""

    table: str
    column: str
    sv: str
    en: str
    names: frozenset[str]
    help_sv: str
    help_en: str
    example: str
    example_en: str

    def title(self, language: str) -> str:
        """The header in the template of a language."""
        return self.sv if language == "sv" else self.en


@dataclass(frozen=True, slots=True)
class TableNames:
    """One table that may be submitted: `sheets` are folded names of sheets, `columns` are in the layout's order."""

    table: str
    sv: str
    en: str
    sheets: frozenset[str]
    columns: Mapping[str, ColumnNames]

    def find(self, header: str) -> tuple[str, How] | None:
        """The column that a header means: by its own name first, then by another."""
        bare = header.strip()
        if bare in self.columns:
            return bare, How.NAME
        folded = fold_header(header)
        found = next((name for name, column in self.columns.items() if folded in column.names), None)
        return None if found is None else (found, How.ALIAS)


def fold_header(header: str) -> str:
    """A header without regard to case, white space, hyphens, bullets, hints, and a colon or asterisk at the end.

    >>> fold_header("Uppföljnings-område:"), fold_header("Follow-up areas")
    ('uppföljningsområde', 'followup areas')
    """
    plain = _HINT.sub("", header.replace("_", " ").replace("\u00ad", ""))
    plain = fold(plain).strip(" :*•").replace("-\u200b", "").replace("-", "")
    return re.sub(r"\s*/\s*", "/", plain)


@cache
def known_tables() -> Mapping[str, TableNames]:
    """The tables that may be submitted, by name; LayoutError when aliases.toml does not fit the layouts."""
    path = Path(__file__).with_name("aliases.toml")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LayoutError(f"{path} cannot be read: {error}") from error
    layouts = default_layouts()
    return {name: _table(name, body, layouts) for name, body in raw.items()}


@cache
def helper_sheets() -> frozenset[str]:
    """The folded names of sheets that hold nothing to submit."""
    return frozenset(fold_header(title) for titles in HELPERS.values() for title in titles.values())


@cache
def known_headers() -> frozenset[str]:
    """Every folded header of every table."""
    tables = known_tables().values()
    return frozenset(name for table in tables for column in table.columns.values() for name in column.names)


def _table(name: str, body: dict[str, Any], layouts: Layouts) -> TableNames:
    if name not in layouts:
        raise LayoutError(f"aliases.toml: there is no table {name!r}")
    wanted = {column.name for column in layouts[name].columns if not column.kind.startswith("passage")}
    if wanted != set(body["columns"]):
        raise LayoutError(f"aliases.toml: {name} lacks or has too much of {wanted ^ set(body['columns'])}")
    columns = {column: _column(name, column, settings) for column, settings in body["columns"].items()}
    titles = [body["title_sv"], body["title_en"], name, *body.get("sheets", ())]
    return TableNames(name, body["title_sv"], body["title_en"], frozenset(map(fold_header, titles)), columns)


def _column(table: str, name: str, settings: dict[str, Any]) -> ColumnNames:
    names = [settings["sv"], settings["en"], *settings["names"], *(() if name in _TEXTS else (name,))]
    return ColumnNames(
        table=table,
        column=name,
        sv=settings["sv"],
        en=settings["en"],
        names=frozenset(map(fold_header, names)),
        help_sv=settings["help_sv"],
        help_en=settings["help_en"],
        example=settings["example"],
        example_en=settings.get("example_en", settings["example"]),
    )
