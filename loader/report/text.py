"""The report for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from loader.intake.sheets.columns import How
from loader.model.findings import Severity
from loader.report.model import Report, RuleGroup, groups, mends, place_of

SHOWN = 10
_WORDS = {
    "sv": {
        "Violation": "Fel",
        "Warning": "Varning",
        "Info": "Upplysning",
        "mends": "De åtgärder som tar bort mest:",
        "more": "… och {} till",
        "meant": "menade du «{}»?",
        "columns": "Kolumnerna lästes så:",
        "ignored": "läses inte",
        "value": "«{}»: ",
    },
    "en": {
        "Violation": "Error",
        "Warning": "Warning",
        "Info": "Note",
        "mends": "The mends that remove most:",
        "more": "… and {} more",
        "meant": "did you mean “{}”?",
        "columns": "The columns were read as:",
        "ignored": "not read",
        "value": "“{}”: ",
    },
}


def text_report(report: Report) -> bytes:
    """The outcome, the mends, the findings by rule (at most ten of each), and what each column was taken for."""
    return ("\n".join(_lines(report)) + "\n").encode()


def _lines(report: Report) -> Iterator[str]:
    words = _WORDS[report.language]
    yield report.conclusion.text(report.language)
    yield report.effect.text(report.language)
    yield from (_clean(f"  {line}") for line in report.effects)
    best = [mend for mend in mends(report.result.findings) if mend.count > 1]
    if best:
        yield f"\n{words['mends']}"
        yield from (f"  {number}. {mend.text.text(report.language)}" for number, mend in enumerate(best, 1))
    for group in groups(report.result.findings):
        yield ""
        yield from _group(report, group)
    if report.result.columns:
        yield f"\n{words['columns']}"
        for reading in report.result.columns:
            taken = words["ignored"] if reading.how is How.IGNORED else f"{reading.table}.{reading.column}"
            origin = f" ← {reading.origin}" if reading.origin else ""
            place = f"{reading.file}!{reading.sheet}" if reading.sheet else reading.file
            yield _clean(f"  {place}: {reading.header or '–'} → {taken} ({reading.how.value}){origin}")


def _group(report: Report, group: RuleGroup) -> Iterator[str]:
    words = _WORDS[report.language]
    yield f"{words[group.severity.value]} {group.rule} ({len(group.findings)}) {group.link}"
    shown = (
        group.findings if group.severity is Severity.VIOLATION and len(group.findings) <= 50 else group.findings[:SHOWN]
    )
    for finding in shown:
        place = place_of(finding.position, report.result.columns)
        hint = "" if finding.suggestion is None else f" – {words['meant'].format(finding.suggestion)}"
        yield _clean(f"  {place}: {finding.message.text(report.language)}{hint}")
    if len(group.findings) > len(shown):
        yield f"  {words['more'].format(len(group.findings) - len(shown))}"


def _clean(text: str) -> str:
    """No line breaks, and no control characters that a terminal would obey."""
    return "  " * text.startswith("  ") + " ".join(
        "".join(sign if sign.isprintable() else " " for sign in text).split()
    )
