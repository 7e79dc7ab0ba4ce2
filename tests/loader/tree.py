"""Folders in tests: the small sources, changing one cell of them, and what a folder holds to the byte."""

from __future__ import annotations

import csv
import hashlib
import os
from pathlib import Path

SMALL = Path(__file__).parent / "sources"


def change_cell(folder: Path, place: str, text: str) -> None:
    """Write the text into the cell `table:row:column` (row 1 is the header) of the source demo."""
    table, row, column = place.split(":")
    path = folder / "demo" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[int(row) - 1][rows[0].index(column)] = text
    write_rows(path, rows)


def write_rows(path: Path, rows: list[list[str]]) -> None:
    """Write rows as CSV with LF."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def read_rows(path: Path) -> list[list[str]]:
    """All rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def digest(root: Path) -> dict[str, str]:
    """Every file below the folder by its path with its sha256; links with their target; the lock left out."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if path.is_symlink():
            found[name] = f"-> {os.readlink(path)}"
        elif path.is_file() and path.name != ".lock":
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
