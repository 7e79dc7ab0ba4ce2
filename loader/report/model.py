"""A check as it is reported: what was checked, what was found, grouped, and the few mends that would remove most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loader.checked import CheckResult
from loader.intake.grids.cells import column_letters
from loader.intake.sheets.columns import ColumnReading
from loader.intake.upload import Upload
from loader.model import iris
from loader.model.findings import Finding, Language, Message, Position, Severity, count
from loader.report.effect import Counted, counted, details, sentence

RULES = iris.BASE + "validate/rules#"
MENDS = 5


@dataclass(frozen=True, slots=True)
class Report:
    """What a report is made of; `release` is the version that was checked against, `kept` what was counted then."""

    result: CheckResult
    uploads: tuple[Upload, ...]
    profile: str
    release: str
    language: Language
    kept: Counted | None = None

    @property
    def counted(self) -> Counted | None:
        """What the submission would do; None when nothing was compared."""
        return self.kept or counted(self.result.effect)

    @property
    def effect(self) -> Message:
        """The same in one sentence."""
        said = self.counted
        return Message(sv=sentence(said, "sv"), en=sentence(said, "en"))

    @property
    def effects(self) -> tuple[str, ...]:
        """The same by kind, and the first of the records that go; in the report's language."""
        return tuple(details(self.counted, self.language))

    @property
    def conclusion(self) -> Message:
        """The outcome in one sentence."""
        numbers = count(self.result.findings)
        if not self.result.readable:
            return Message(sv="Ingen fil kunde läsas.", en="No file could be read.")
        errors, warnings, notes = (numbers[severity] for severity in ("Violation", "Warning", "Info"))
        sv = f"{errors} fel, {_counted(warnings, 'varning', 'ar')}, {_counted(notes, 'upplysning', 'ar')}"
        en = f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}, {_counted(notes, 'note')}"
        if self.result.conforms:
            return Message(sv=f"Godkänt: {sv}.", en=f"Conforms: {en}.")
        return Message(sv=f"Underkänt: {sv}.", en=f"Does not conform: {en}.")


def _counted(number: int, noun: str, ending: str = "s") -> str:
    return f"{number} {noun if number == 1 else noun + ending}"


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The findings of one rule."""

    rule: str
    severity: Severity
    findings: tuple[Finding, ...]

    @property
    def link(self) -> str:
        """Where the rule is explained."""
        return rule_link(self.rule)


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing to do that removes `count` findings; `blocking` of them are errors."""

    rule: str
    text: Message
    count: int
    blocking: int


def rule_link(rule: str) -> str:
    """The address of a rule's explanation."""
    return RULES + rule


def groups(findings: Iterable[Finding]) -> list[RuleGroup]:
    """The findings by rule: the worst rules first, among these the ones with most findings."""
    found: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.rule, finding.severity), []).append(finding)
    made = [RuleGroup(rule, severity, tuple(items)) for (rule, severity), items in found.items()]
    return sorted(made, key=lambda group: (group.severity.rank, -len(group.findings), group.rule))


def mends(findings: Sequence[Finding], limit: int = MENDS) -> list[Mend]:
    """The few mends that remove most: the same wrong value replaced, the same column filled in or mended; no notes."""
    findings = [finding for finding in findings if finding.severity is not Severity.INFO]
    same = Counter(_cause(finding) for finding in findings)
    blocking = Counter(_cause(finding) for finding in findings if finding.severity is Severity.VIOLATION)
    first = {_cause(finding): finding for finding in reversed(findings)}
    made = [Mend(cause[0], _mend(first[cause], number), number, blocking[cause]) for cause, number in same.items()]
    return sorted(made, key=lambda mend: (-mend.blocking, -mend.count, mend.rule, mend.text.sv))[:limit]


def _cause(finding: Finding) -> tuple[str, str, str, str]:
    position = finding.position
    place = f"{position.file}!{position.sheet or ''}!{position.column if position.line is None or position.row else ''}"
    if finding.suggestion is not None and finding.value:
        return (finding.rule, place, finding.value, finding.suggestion)
    return (finding.rule, place, "", "")


def _mend(finding: Finding, number: int) -> Message:
    times = Message(
        sv=f"({number} ställen)" if number > 1 else "(1 ställe)", en=f"({number} places)" if number > 1 else "(1 place)"
    )
    where = _where(finding.position)
    if finding.suggestion is not None and finding.value:
        return Message(
            sv=f"Byt «{_short(finding.value)}» mot «{finding.suggestion}»{where.sv} {times.sv}.",
            en=f"Replace “{_short(finding.value)}” by “{finding.suggestion}”{where.en} {times.en}.",
        )
    return Message(sv=f"{finding.message.sv}{where.sv} {times.sv}", en=f"{finding.message.en}{where.en} {times.en}")


def _where(position: Position) -> Message:
    if position.row is not None and position.column is not None:
        return Message(sv=f" i kolumnen «{position.column}»", en=f" in the column “{position.column}”")
    return Message(sv="", en="")


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def cell_of(position: Position, columns: Iterable[ColumnReading]) -> str | None:
    """The cell of a sheet, such as K8; None for what is no cell."""
    if position.row is None or position.column is None:
        return None
    text = str(position.column)
    for reading in columns:
        if (reading.file, reading.sheet, reading.header) == (position.file, position.sheet, text) and reading.number:
            return f"{column_letters(reading.number)}{position.row}"
    plain = text.isascii() and text.isalpha() and text.isupper() and len(text) <= 3
    return f"{text}{position.row}" if plain and position.sheet is not None else None


def place_of(position: Position, columns: Iterable[ColumnReading]) -> str:
    """A position as people write it: `book.xlsx!Indikatorer!K8 (Måttyp)`, or `file.ttl:12:5`."""
    cell = cell_of(position, columns)
    if cell is None or position.sheet is None:
        return str(position)
    named = "" if cell.startswith(str(position.column)) else f" ({position.column})"
    return f"{position.file}!{position.sheet}!{cell}{named}"
