"""What each column of a submitted table was taken for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """How a column was recognised."""

    NAME = "name"
    """The header is the column's own name."""
    ALIAS = "alias"
    """The header is another name of the column."""
    MAPPING = "mapping"
    """A mapping says so."""
    DERIVED = "derived"
    """No header: worked out from the columns named in `origin`, a sheet's name or a title."""
    CONSTANT = "constant"
    """No header: the same value in every row."""
    IGNORED = "ignored"
    """The column is not read."""


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """One column: `number` is its 1-based place (None when there is no such column), `header` the text as written.

    `table` and `column` are the names in layouts.toml; `column` is None for a column that is not read. `origin` says
    what a derived or constant value comes from.
    """

    file: str
    sheet: str | None
    table: str
    number: int | None
    header: str
    column: str | None
    how: How
    origin: str | None = None
