"""What a register's own columns mean: given as JSON, remembered as JSON.

`{"Rubrik i filen": "variables.notation", "Intern kod": "-", "=register": "riksstroke"}`: a header to a column (with its
table, or without), `-` for a column that is not to be read, and `=column` for the same value in every row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from loader.intake.sheets.aliases import known_tables
from loader.intake.sheets.changes import COLUMNS
from loader.intake.sheets.columns import ColumnReading, How
from loader.intake.sheets.recognising import IGNORE
from loader.model.findings import Finding, Message, Position, Severity
from loader.model.nearest import nearest


def read_mapping(path: Path) -> dict[str, str]:
    """The mapping in a JSON file; ValueError when it is none."""
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError(f"{path} is no mapping: write a JSON object of texts")
    return found


def to_json(mapping: Mapping[str, str]) -> str:
    """The mapping as JSON, sorted."""
    return json.dumps(mapping, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def mapping_of(columns: Iterable[ColumnReading]) -> dict[str, str]:
    """What was taken for what, as a mapping to remember for the register's next submission."""
    found = {}
    for reading in columns:
        if reading.header and reading.how is not How.DERIVED:
            found[reading.header] = IGNORE if reading.column is None else f"{reading.table}.{reading.column}"
    return found


def mapping_findings(mapping: Mapping[str, str]) -> Iterable[Finding]:
    """A finding for each column that a mapping names and no table has."""
    tables = known_tables()
    names = [f"{table}.{column}" for table, names in tables.items() for column in names.columns]
    for header, wanted in mapping.items():
        target = header[1:] if header.startswith("=") else wanted
        table, dot, column = target.rpartition(".")
        known = any(column in (*names.columns, *COLUMNS) for name, names in tables.items() if not dot or name == table)
        if target == IGNORE or known:
            continue
        message = Message(
            sv=f"Mappningen av «{header}» nämner kolumnen «{target}», som inte finns.",
            en=f"The mapping of “{header}” names the column “{target}”, which does not exist.",
        )
        guess = nearest(target, [*names, *(name.partition(".")[2] for name in names)])
        yield Finding("unknown-mapping", Severity.VIOLATION, message, Position(), target, guess)
