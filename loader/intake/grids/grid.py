"""What workbooks and delimited text have in common: sheets of rows of cells, all cells as text."""

from __future__ import annotations

from dataclasses import dataclass

from loader.model.findings import Finding


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: `number` is 1-based as the submitter's program shows it, `line` the physical line of a text file.

    `struck` are the columns, from 1, whose text is struck out, `merged` those that span others to their right.
    """

    number: int
    line: int | None
    cells: tuple[str, ...]
    hidden: bool = False
    struck: frozenset[int] = frozenset()
    merged: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: `source` is the key of its upload as a source; rows without any text are left out."""

    file: str
    sheet: str | None
    source: str
    rows: tuple[GridRow, ...]
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """How messages call the sheet; unique among the uploads of a check."""
        return self.file if self.sheet is None else f"{self.file}!{self.sheet}"


@dataclass(frozen=True, slots=True)
class ReadGrids:
    """What reading an upload gave; `readable` is False when nothing could be read."""

    grids: tuple[Grid, ...]
    findings: tuple[Finding, ...]
    readable: bool = True
