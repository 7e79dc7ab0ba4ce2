"""Folders in tests: the small sources, changing one cell of them, and what a folder holds to the byte."""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
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


HOLDERS = {
    "registers": (
        "riksstroke,quality-register,Nationella kvalitetsregistret för stroke,"
        "Swedish Stroke Register,Riksstroke,nej,,,,",
        "riksfot,quality-register,Nationella kvalitetsregistret för fot- och fotledskirurgi,"
        "Swedish National Quality Register for Foot and Ankle Surgery,Riksfot,nej,,,,",
        "tyreoidcancer,quality-register,Nationellt kvalitetsregister för tyreoidcancer,"
        "Swedish National Quality Register for Thyroid Cancer,,nej,,,,",
    ),
    "variables": ("riksstroke,boende,Boende,,Boende,Housing,housing-type,,,,,,,",),
    "agents": (
        "socialstyrelsen,Socialstyrelsen,National Board of Health and Welfare,,https://example.org/nbhw,agency",
    ),
}


def holders_sources(folder: Path) -> Path:
    """Write the small sources and registers whose holders hand in, and return the folder."""
    shutil.copytree(SMALL, folder)
    for table, rows in HOLDERS.items():
        with (folder / "demo" / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)
    return folder
