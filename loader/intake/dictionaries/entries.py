"""What a data dictionary says of one variable, and the sheet that such entries make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from loader.intake.language import language_of
from loader.intake.sheets.grids import Grid, GridRow, ReadGrids
from loader.intake.sheets.texts import cleaned, text_findings
from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Position, Severity

HEADER = (
    "Variabel",
    "Andra beteckningar",
    "Fråga eller benämning (svenska)",
    "Fråga eller benämning (engelska)",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable: its name, another one, its label by language (`und` where it is not said), and its line."""

    name: str
    labels: tuple[tuple[str, str], ...] = ()
    other: str = ""
    line: int | None = None


def as_sheet(upload: Upload, kind: str, title: str, entries: Sequence[Entry]) -> ReadGrids:
    """The entries as a sheet of variables, the title above its header, and a note on what was read."""
    rows = [GridRow(1, None, (cleaned(title),))] if title else []
    rows.append(GridRow(2, None, HEADER))
    for number, entry in enumerate(entries, 3):
        cells = (entry.name, entry.other if entry.other != entry.name else "", _label(entry, "sv"), _label(entry, "en"))
        rows.append(GridRow(number, entry.line or number, tuple(map(cleaned, cells))))
    grid = Grid(upload.shown, None, upload.source, tuple(rows))
    return ReadGrids((grid,), (said(Position(upload.shown), kind, len(entries)), *text_findings(grid)))


def said(position: Position, kind: str, number: int) -> Finding:
    """What a file was taken for, and what of it is read."""
    message = Message(
        sv=f"Läst som {kind} med {number} variabler: beteckning och benämning. Datatyper, koder och gränser har ingen "
        "plats i registergrafen och läses inte.",
        en=f"Read as {kind} with {number} variables: notation and label. Data types, codes and bounds have no place in "
        "the graph and are not read.",
    )
    return Finding("dictionary-read", Severity.INFO, message, position)


def _label(entry: Entry, language: str) -> str:
    said_to_be = {code.partition("-")[0].casefold(): text for code, text in reversed(entry.labels) if text}
    if language in said_to_be:
        return said_to_be[language]
    unsaid = said_to_be.get("und", "")
    return unsaid if unsaid and (language_of(unsaid) or "sv") == language else ""
