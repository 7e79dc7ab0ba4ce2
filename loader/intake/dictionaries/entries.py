"""What a data dictionary says of one variable, and the sheet that such entries make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from loader.intake.grids.grid import Grid, GridRow, ReadGrids
from loader.intake.grids.texts import cleaned, text_findings
from loader.intake.language import language_of
from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Position, Severity

HEADER = (
    "Variabel",
    "Andra beteckningar",
    "Fråga eller benämning (svenska)",
    "Fråga eller benämning (engelska)",
    "Måttenhet",
    "Koder",
    "Gäller från",
    "Gäller till och med",
)
_SINCE = re.compile(
    r"\b(?:year of introduction|introduced in|införd(?:es)?|fr\.?o\.?m\.?)\W{0,3}((?:19|20)[0-9]{2})\b", re.I
)
_UNTIL = re.compile(r"\b(?:discontinued|last collected|upphörde|t\.?o\.?m\.?)\W{0,3}((?:19|20)[0-9]{2})\b", re.I)


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable: its name, another one, its label by language (`und` where it is not said), and its line.

    `unit` is its unit of measure, `codes` what its values mean (`1=yes;0=no`), `since` and `until` its first and last
    year, month or day. `facts` is all that the dictionary says of it in plain text, by the dictionary's own words.
    """

    name: str
    labels: tuple[tuple[str, str], ...] = ()
    other: str = ""
    line: int | None = None
    unit: str = ""
    codes: str = ""
    since: str = ""
    until: str = ""
    facts: Mapping[str, str] = field(default_factory=dict, compare=False)


def as_sheet(upload: Upload, kind: str, title: str, entries: Sequence[Entry]) -> ReadGrids:
    """The entries as a sheet of variables, the title above its header, and a note on what was read."""
    rows = [GridRow(1, None, (cleaned(title),))] if title else []
    rows.append(GridRow(2, None, HEADER))
    for number, entry in enumerate(entries, 3):
        rows.append(GridRow(number, entry.line or number, tuple(map(cleaned, cells(entry)))))
    grid = Grid(upload.shown, None, upload.source, tuple(rows))
    return ReadGrids((grid,), (dictionary_read(Position(upload.shown), kind, len(entries)), *text_findings(grid)))


def cells(entry: Entry) -> tuple[str, ...]:
    """What is said of a variable, in the order of HEADER."""
    other = entry.other if entry.other != entry.name else ""
    labels = (label_in(entry, "sv"), label_in(entry, "en"))
    return (entry.name, other, *labels, entry.unit, entry.codes, entry.since, entry.until)


def dictionary_read(position: Position, kind: str, number: int) -> Finding:
    """The note that says which format a file was read as, and what of it is used."""
    message = Message(
        sv=f"Läst som {kind} med {number} variabler: beteckning och benämning, och måttenhet, koder och giltighetstid "
        "där de står. Datatyper och gränser har ingen plats i registergrafen och läses inte.",
        en=f"Read as {kind} with {number} variables: notation and label, and unit, codes and period where they stand. "
        "Data types and bounds have no place in the graph and are not read.",
    )
    return Finding("dictionary-read", Severity.INFO, message, position)


def listed_codes(pairs: Iterable[tuple[str, str]]) -> str:
    """Codes and meanings as one text: `1=yes;0=no`; a code without a meaning stands alone."""
    return ";".join(f"{code}={text}" if text else code for code, text in pairs if code)


def year_since(text: str) -> str:
    """The first year that a note gives (“Year of introduction: 1964”); empty when it gives none."""
    found = _SINCE.search(text)
    return found[1] if found else ""


def year_until(text: str) -> str:
    """The last year that a note gives; empty when it gives none."""
    found = _UNTIL.search(text)
    return found[1] if found else ""


def label_in(entry: Entry, language: str) -> str:
    """The label in a language (sv or en); one whose language is not said stands where it reads as that language."""
    said_to_be = {code.partition("-")[0].casefold(): text for code, text in reversed(entry.labels) if text}
    if language in said_to_be:
        return said_to_be[language]
    unsaid = said_to_be.get("und", "")
    return unsaid if unsaid and (language_of(unsaid) or "sv") == language else ""
