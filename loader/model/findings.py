"""A finding: what is wrong or remarkable, where, and how to mend it, in Swedish and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

Language = Literal["sv", "en"]


class Severity(StrEnum):
    """How bad a finding is; only a Violation blocks."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Message:
    """The same sentence in Swedish and English."""

    sv: str
    en: str

    def text(self, language: Language) -> str:
        """The sentence in one language."""
        return self.sv if language == "sv" else self.en


@dataclass(frozen=True, slots=True)
class Position:
    """Where: a file, and within it what is known.

    `sheet` is the sheet of a workbook; `row` is 1-based and counts the header as row 1; `column` is the column's name
    in a table, or the 1-based character of the line elsewhere; `line` is the 1-based physical line of a text file.
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | int | None = None
    line: int | None = None

    def __str__(self) -> str:
        """`file!sheet:row:column`, leaving out what is not known; the line stands in where there is no row."""
        place = self.file or ""
        if self.sheet is not None:
            place += f"!{self.sheet}"
        number = self.row if self.row is not None else self.line
        parts = [place, *(str(item) for item in (number, self.column) if item is not None)]
        return ":".join(parts)

    def sort_key(self) -> tuple[str, str, int, int, str]:
        """Orders positions by file, sheet, row, line and column."""
        return (self.file or "", self.sheet or "", self.row or 0, self.line or 0, str(self.column or ""))


NOWHERE = Position()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `rule` is its stable id, `value` the text as found, `suggestion` the nearest legal value.

    `focus` and `path` are the IRIs of the subject and property where the finding is about a statement.
    """

    rule: str
    severity: Severity
    message: Message
    position: Position = NOWHERE
    value: str | None = None
    suggestion: str | None = None
    focus: str | None = None
    path: str | None = field(default=None)

    def sort_key(self) -> tuple[int, tuple[str, str, int, int, str], str, str, str]:
        """Worst first, then by position, rule, focus and value."""
        return (self.severity.rank, self.position.sort_key(), self.rule, self.focus or "", self.value or "")


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without repetitions, worst first, then by position."""
    return tuple(sorted(dict.fromkeys(findings), key=Finding.sort_key))


def blocks(findings: Iterable[Finding]) -> bool:
    """Whether any of the findings is a Violation."""
    return any(finding.severity is Severity.VIOLATION for finding in findings)


def to_dict(finding: Finding) -> dict[str, object]:
    """The finding as JSON data; keys are always there, unknown ones null."""
    position = finding.position
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": {"sv": finding.message.sv, "en": finding.message.en},
        "file": position.file,
        "sheet": position.sheet,
        "row": position.row,
        "column": position.column,
        "line": position.line,
        "value": finding.value,
        "suggestion": finding.suggestion,
        "focus": finding.focus,
        "path": finding.path,
    }


def from_dict(item: Mapping[str, Any]) -> Finding:
    """The finding that `to_dict` wrote; KeyError, ValueError or TypeError when it is none."""
    place = Position(*(item[name] for name in ("file", "sheet", "row", "column", "line")))
    rest = (item[name] for name in ("value", "suggestion", "focus", "path"))
    return Finding(item["rule"], Severity(item["severity"]), Message(**item["message"]), place, *rest)


_WORDS: Mapping[Language, Mapping[str, str]] = {
    "sv": {"Violation": "Fel", "Warning": "Varning", "Info": "Upplysning", "suggestion": "menade du «{}»?"},
    "en": {"Violation": "Error", "Warning": "Warning", "Info": "Note", "suggestion": "did you mean “{}”?"},
}


def render(finding: Finding, language: Language = "en") -> str:
    """The finding as one line: position, severity, message, suggestion, rule.

    >>> render(Finding("empty-cell", Severity.VIOLATION, Message(sv="Tom.", en="Empty."), Position("a.csv", row=3)))
    'a.csv:3: Error: Empty. [empty-cell]'
    """
    words = _WORDS[language]
    place = str(finding.position) or (finding.focus or "")
    text = f"{place}: {words[finding.severity.value]}: {finding.message.text(language)}"
    if finding.suggestion is not None:
        text += f" – {words['suggestion'].format(finding.suggestion)}"
    return " ".join(f"{text} [{finding.rule}]".split())


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each severity, the worst first, zeros included."""
    found = Counter(finding.severity for finding in findings)
    return {severity.value: found[severity] for severity in Severity}


def count_rules(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each rule, sorted by rule."""
    return dict(sorted(Counter(finding.rule for finding in findings).items()))
