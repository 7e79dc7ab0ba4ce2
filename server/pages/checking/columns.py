"""How the columns of a sheet were read, in the words of the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from loader.intake.sheets.aliases import known_tables
from loader.intake.sheets.columns import How
from server.pages.words.wording import gettext as _
from server.pages.words.wording import listed, spoken


def read_columns(columns: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line a column: its heading alone where that is the template's own, else what it was taken for."""
    return list(dict.fromkeys(_line(column) for column in columns))


def _line(column: Mapping[str, Any]) -> str:
    header, table = column["header"], column["table"]
    name = column["column"] or ""
    title = _title(table, name)
    match How(column["how"]):
        case How.IGNORED:
            return _("%(header)s: not read", header=header)
        case How.DERIVED:
            made = listed([_title(table, name) for name in (column["origin"] or "").split(", ")])
            return _("%(title)s: made of %(columns)s", title=title, columns=made)
        case How.CONSTANT:
            return _("%(title)s: %(value)s in every row", title=title, value=column["origin"])
    if header.strip().casefold() == title.casefold() or title == name:
        return str(header)
    return _("%(header)s: read as %(title)s", header=header, title=title)


def _title(table: str, column: str) -> str:
    """What the template calls a column; its own name where the template has none."""
    names = known_tables().get(table)
    known = names.columns.get(column) if names else None
    return known.title(spoken()) if known else column
