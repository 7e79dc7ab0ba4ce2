"""The printed acts at hand: one file each, found by their SFS number."""

from __future__ import annotations

from pathlib import Path

from loader.errors import ResourceError
from loader.law.against import against_text
from loader.law.printed import Act, read_act
from loader.law.rows import LawTables
from loader.model.findings import Finding

_ENDINGS = {".md", ".txt"}


def read_printed(path: Path) -> Act:
    """The act that a file prints; ResourceError when it cannot be read as text or prints no section."""
    try:
        act = read_act(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ResourceError(f"{path} cannot be read as text: {error}") from error
    if not act.sections:
        raise ResourceError(f"{path} prints no section. Save the act as the database prints it, as text.")
    return act


def shelf_findings(tables: LawTables, folder: Path) -> list[Finding]:
    """What the acts in the folder do not bear out; files that print no act of the tables are passed over."""
    keys = {row.text("sfs_number"): row.key for row in tables.of("legal_acts")}
    found: list[Finding] = []
    for path in sorted(folder.iterdir()):
        if path.suffix in _ENDINGS:
            act = read_printed(path)
            if act.sfs_number in keys:
                found += against_text(tables, keys[act.sfs_number], act)
    return found
