"""A result as lines for a terminal, in either language."""

from __future__ import annotations

from loader.model.findings import Language
from server.registerservice.coverage.result import Reason, Result, Row
from server.registerservice.messages import Said

NAMES = {
    "register-found-in-reference": Said("Registret funnet i referensen", "Register found in reference"),
    "reference-found-in-register": Said("Referensen funnen i registret", "Reference found in register"),
    "register": Said("Registrets täckningsgrad", "Coverage of the register"),
    "reference": Said("Referensens täckningsgrad", "Coverage of the reference"),
    "participation": Said("Anslutningsgrad, enheter", "Participation, units"),
}
REASONS = {
    "invalid number": Said("ogiltigt nummer", "invalid number"),
    "no date": Said("datum saknas", "no date"),
    "person not in reference": Said("personen finns inte i referensen", "person not in reference"),
    "person not in register": Said("personen finns inte i registret", "person not in register"),
    "other unit": Said("annan enhet", "other unit"),
    "outside window": Said("utanför fönstret", "outside window"),
    "taken by another": Said("motsvarigheten tagen av en annan", "taken by another"),
}
SUPPRESSED = Said("visas inte", "not shown")


def percent(value: float, lang: Language) -> str:
    """A fraction as a percentage with one decimal."""
    text = f"{100 * value:.1f}"
    return text.replace(".", ",") + " %" if lang == "sv" else text + "%"


def share_text(row: Row, lang: Language) -> str:
    """A row's numbers in words."""
    if row.suppressed:
        return SUPPRESSED.text(lang)
    if row.rate is None:
        return f"{row.found}/{row.of}"
    limits = (
        f" ({percent(row.lower, lang)}–{percent(row.upper, lang)})"
        if row.lower is not None and row.upper is not None
        else ""
    )
    return f"{row.found}/{row.of} = {percent(row.rate, lang)}{limits}"


def place(row: Row | Reason) -> str:
    """What a row is broken down by."""
    return ", ".join(f"{name} {value or '–'}" for name, value in row.by.items())


def summary(result: Result, lang: Language) -> str:
    """All shares, a line each, then the reasons."""
    lines = []
    for row in result.shares:
        where = place(row)
        lines.append(f"{NAMES[row.what].text(lang)}{', ' + where if where else ''}: {share_text(row, lang)}")
    for entry in result.unmatched:
        if entry.suppressed or entry.count:
            number = SUPPRESSED.text(lang) if entry.suppressed else str(entry.count)
            told = ", ".join(
                filter(None, (NAMES[entry.direction].text(lang), place(entry), REASONS[entry.reason].text(lang)))
            )
            lines.append(f"{told}: {number}")
    return "\n".join(lines)
