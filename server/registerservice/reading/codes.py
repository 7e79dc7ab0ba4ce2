"""Which rows of a side are cases: a file of side, columns, system and prefix, as a condition in SQL."""

from __future__ import annotations

import csv
import fnmatch
import re
from pathlib import Path

from server.registerservice.messages import StopError
from server.registerservice.reading import sqltext
from server.registerservice.reading.question import Side
from server.registerservice.reading.tablefile import TableFile

_SIDES = {"register": "register", "reference": "reference", "referens": "reference"}
_NEEDED = ("side", "columns", "system", "prefix")


def read_codes(path: Path) -> list[dict[str, str]]:
    """The lines of a code file; stops on a missing column, an unknown side and a prefix that is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        raise StopError(f"{path} går inte att läsa i UTF-8.", f"{path} cannot be read in UTF-8.") from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = list(csv.DictReader(text.splitlines(), delimiter=separator))
    if not rows or not set(_NEEDED) <= set(rows[0]):
        wanted = ", ".join(_NEEDED)
        raise StopError(f"{path.name} ska ha kolumnerna {wanted}.", f"{path.name} needs the columns {wanted}.")
    return [line for number, row in enumerate(rows, start=2) for line in _checked(path, number, row)]


def _checked(path: Path, number: int, row: dict[str, str]) -> list[dict[str, str]]:
    """A line for each of the prefixes in a row, which are apart by space, comma or bar."""
    side = _SIDES.get((row["side"] or "").strip().casefold())
    prefixes = [_bare(prefix) for prefix in re.split(r"[\s,|]+", (row["prefix"] or "").strip())]
    if side is None or not all(re.fullmatch(r"[0-9A-Z]+", prefix) for prefix in prefixes):
        raise StopError(
            f"{path.name}, rad {number}: sidan är register eller reference, och en kod är bokstäver och siffror "
            "(skriv ett intervall som flera rader).",
            f"{path.name}, row {number}: the side is register or reference, and a code is letters and digits "
            "(write a range as several rows).",
        )
    return [{"side": side, "columns": row["columns"] or "", "prefix": prefix} for prefix in prefixes]


def _bare(code: str) -> str:
    return code.replace(".", "").strip().upper().rstrip("-")


def condition(rows: list[dict[str, str]], side: Side, table: TableFile) -> str | None:
    """SQL that is true of a case: one of the side's lines fits. None when the file has no line for the side."""
    own = [row for row in rows if row["side"] == side]
    prefixes: dict[str, list[str]] = {}
    for row in own:
        for column in _columns(row["columns"], table):
            prefixes.setdefault(column, []).append(row["prefix"])
    tests = [_fits(table.cell(column), sorted(set(found))) for column, found in prefixes.items()]
    return "(" + " OR ".join(tests) + ")" if tests else None


def _columns(text: str, table: TableFile) -> list[str]:
    """The columns of a line: names and patterns as `DIA*`, apart by space, comma or bar."""
    found: list[str] = []
    for pattern in re.split(r"[\s,;|]+", text.strip()):
        if "*" in pattern:
            found += [name for name in table.columns if fnmatch.fnmatch(name.casefold(), pattern.casefold())]
        else:
            found.append(table.column(pattern))
    if not found:
        raise StopError(
            f"{table.path.name} har ingen kolumn som heter {text}.", f"{table.path.name} has no column {text}."
        )
    return found


def _fits(cell: str, prefixes: list[str]) -> str:
    """Whether one of the codes in a cell (several are apart by space, comma or semicolon) begins with a prefix."""
    pattern = "(^|[ ,;])(" + "|".join(prefixes) + ")"
    return f"coalesce(regexp_matches(upper(replace({cell}, '.', '')), {sqltext.text(pattern)}), false)"
