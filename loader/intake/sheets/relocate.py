"""Findings about tables of the loader, put back to where the submitter sees them: sheet, row and own header."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from loader.intake.sheets.aliases import known_tables
from loader.intake.sheets.columns import ColumnReading, How
from loader.intake.sheets.submitted import MAY_BE_MISSING, Submitted
from loader.model.findings import Finding, Message, Position, Severity
from loader.model.layout import Layouts

LENIENT_RULES = ("pref-label-english", "patient-reported-once")
"""Rules of the shapes that only warn in a submission: a steward supplies what the report's tables do not have."""


@dataclass(frozen=True, slots=True)
class Places:
    """The submitted sheets by the names of their tables' files."""

    sheets: Mapping[str, Submitted]
    layouts: Layouts

    def put_back(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings at the submitter's cells; those on columns that are missing altogether are left out."""
        for finding in findings:
            submitted = self.sheets.get(finding.position.file or "")
            if submitted is None:
                yield finding
            elif (moved := self._moved(finding, submitted)) is not None:
                yield moved

    def _moved(self, finding: Finding, submitted: Submitted) -> Finding | None:
        column = finding.position.column
        grid = submitted.sheet.grid
        header = None if column is None else self.header(submitted, str(column))
        if finding.rule == "empty-cell" and column not in submitted.given:
            return None  # the missing column has a finding of its own
        line = finding.position.line if grid.sheet is None else None
        position = Position(grid.file, grid.sheet, finding.position.row, header, line)
        severity = finding.severity
        if finding.rule == "empty-cell" and column in MAY_BE_MISSING.get(submitted.sheet.table, ()):
            severity = Severity.WARNING
        message = finding.message if column is None else renamed(finding.message, str(column), header)
        return replace(finding, position=position, severity=severity, message=self._tables(message))

    def header(self, submitted: Submitted, column: str) -> str | None:
        """The header of the submitted column, or of the first one that the column was worked out from."""
        reading = next((reading for reading in submitted.columns if reading.column == column), None)
        if reading is None:
            return None
        if reading.how is How.DERIVED:
            sources = [name.strip() for name in (reading.origin or "").split(",")]
            return next((other.header for name in sources for other in _given(submitted, name)), None)
        return reading.header or None

    def _tables(self, message: Message) -> Message:
        """Tables by the names that submitters know."""
        sv, en = message.sv, message.en
        if "tabellen " not in sv:
            return message
        for name, names in known_tables().items():
            sv = sv.replace(f"tabellen {name}.", f"bladet {names.sv} eller i registergrafen.")
            en = en.replace(f"the table {name}.", f"the sheet {names.en} or of the graph.")
        for name, (noun_sv, noun_en) in _NOUNS.items():
            sv = sv.replace(f"är inte nyckeln till någon rad i tabellen {name}.", f"är inte {noun_sv}.")
            en = en.replace(f"is not the key of any row of the table {name}.", f"is not {noun_en}.")
        return Message(sv=sv, en=en)


_NOUNS = {
    "agents": (
        "nyckeln till eller namnet på någon aktör i registergrafen",
        "the key or the name of an agent of the graph",
    ),
}


def _given(submitted: Submitted, column: str) -> Iterator[ColumnReading]:
    return (reading for reading in submitted.columns if reading.column == column and reading.header)


def renamed(message: Message, column: str, header: str | None) -> Message:
    """The message with the column by its header."""
    if not header:
        return message
    return Message(
        sv=message.sv.replace(f"«{column}»", f"«{header}»"), en=message.en.replace(f"“{column}”", f"“{header}”")
    )


def lenient(finding: Finding) -> Finding:
    """The finding as a submission gets it."""
    if finding.rule in LENIENT_RULES and finding.severity is Severity.VIOLATION:
        return replace(finding, severity=Severity.WARNING)
    return finding
