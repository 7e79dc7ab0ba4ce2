"""From a result about the graph back to the submitted cell or statement that it is about."""

from __future__ import annotations

from dataclasses import dataclass

from loader.intake.rdf.statements import StatementIndex
from loader.judging.positions import Positions
from loader.model.findings import Position


@dataclass(frozen=True, slots=True)
class Evidence:
    """The rows and the statements of a submission."""

    rows: Positions
    statements: StatementIndex

    def locate(self, focus: str, path: str | None, value: str | None) -> Position | None:
        """The most exact place known; None for what was not submitted."""
        return self.rows.locate(focus, path, value) or self.statements.locate(focus, path, value)

    def was_bad(self, focus: str, path: str | None) -> bool:
        """Whether the property already has a finding, so that what follows from it is not told again."""
        return path is not None and (self.rows.was_bad(focus, path) or self.statements.was_bad(focus, path))
