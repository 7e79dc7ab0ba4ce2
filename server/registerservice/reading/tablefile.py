"""CSV and Parquet files as DuckDB reads them: encoding, separator and header are settled before a row is read."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from server.registerservice.messages import Finding, StopError
from server.registerservice.reading import sqltext

SAMPLE = 1 << 20
_SEPARATORS = (";", ",", "\t", "|")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "ascii": "utf-8",
    "iso8859-1": "latin-1",
    "cp1252": "latin-1",
    "utf-16": "utf-16",
}
_DIGITS = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class TableFile:
    """A file of rows: its columns, and the SQL that reads it with every cell as text.

    `rejects` is the temporary table where the reader notes lines that it cannot read; None for Parquet.
    """

    path: Path
    columns: tuple[str, ...]
    relation: str
    kinds: dict[str, str]
    rejects: str | None = None

    def column(self, wanted: str) -> str:
        """The column as the file writes it; letter case is not minded. Stops when there is none."""
        for found in self.columns:
            if found.casefold() == wanted.casefold():
                return found
        shown = ", ".join(shown_name(found) for found in self.columns)
        raise StopError(
            f"{self.path.name}: kolumnen {wanted} finns inte. Kolumner: {shown}.",
            f"{self.path.name}: there is no column {wanted}. Columns: {shown}.",
        )

    def has(self, wanted: str) -> bool:
        """Whether there is such a column."""
        return wanted.casefold() in {found.casefold() for found in self.columns}

    def cell(self, column: str) -> str:
        """SQL for a cell as trimmed text: empty is NULL, a whole number in floating point has no decimals."""
        found = self.column(column)
        value = sqltext.name(found)
        if self.kinds.get(found) in {"DOUBLE", "FLOAT"}:
            value = f"TRY_CAST({value} AS BIGINT)"
        return f"nullif(trim(CAST({value} AS VARCHAR)), '')"


def shown_name(column: str) -> str:
    """A column's name, unless it looks like data: a file without a header would show a person's number."""
    return "…" if _DIGITS.search(column) else column


def open_table(connection: duckdb.DuckDBPyConnection, path: Path, encoding: str | None = None) -> TableFile:
    """The table in a file that ends in .csv, .txt, .tsv or .parquet; stops with what is wrong with the whole file."""
    if not path.is_file():
        raise StopError(f"Filen {path} finns inte.", f"There is no file {path}.")
    if path.suffix.casefold() == ".parquet":
        return _open_parquet(connection, path)
    return _open_csv(path, encoding)


def _open_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> TableFile:
    relation = f"read_parquet({sqltext.text(str(path))})"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except duckdb.Error:
        raise StopError(f"{path.name} är ingen Parquetfil.", f"{path.name} is no Parquet file.") from None
    kinds = {str(row[0]): str(row[1]) for row in described}
    return TableFile(path, _checked_header(path, list(kinds)), relation, kinds)


def _open_csv(path: Path, encoding: str | None) -> TableFile:
    known = encoding or "utf-8"
    text = _sample(path, known)
    separator = _separator(path, text)
    columns = _checked_header(path, next(csv.reader(io.StringIO(text, newline=None), delimiter=separator)))
    _check_width(path, text, separator, len(columns))
    rejects = "rejected_" + re.sub(r"\W", "_", str(path.resolve()))
    listed = ", ".join(f"{sqltext.text(column)}: 'VARCHAR'" for column in columns)
    options = [
        f"delim = {sqltext.text(separator)}",
        f"columns = {{{listed}}}",
        f"encoding = {sqltext.text(known_encoding(known))}",
        f"rejects_table = {sqltext.text(rejects)}",
        f"rejects_scan = {sqltext.text(rejects + '_scan')}",
        "auto_detect = false, header = true, quote = '\"', escape = '\"', store_rejects = true, rejects_limit = 10000",
    ]
    relation = f"read_csv({sqltext.text(str(path))}, {', '.join(options)})"
    return TableFile(path, columns, relation, {}, rejects)


def known_encoding(encoding: str) -> str:
    """DuckDB's name of an encoding; stops on one that it cannot read. Windows' own is read as Latin-1."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        name = ""
    found = _ENCODINGS.get(name)
    if found is None:
        raise StopError(
            f"Kodningen {encoding} är okänd. Kända: utf-8, latin-1, windows-1252, utf-16.",
            f"The encoding {encoding} is unknown. Known: utf-8, latin-1, windows-1252, utf-16.",
        )
    return found


def _sample(path: Path, encoding: str) -> str:
    """The beginning of the file up to a line's end, decoded; a wrong encoding is said here."""
    with path.open("rb") as stream:
        data = stream.read(SAMPLE)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not encoding.casefold().startswith("utf-16"):
        raise StopError(
            f"{path.name} är skriven i UTF-16: ge --encoding utf-16, eller spara den i UTF-8.",
            f"{path.name} is written in UTF-16: give --encoding utf-16, or save it in UTF-8.",
        )
    whole = data if len(data) < SAMPLE else data[: data.rfind(b"\n") + 1] or data
    try:
        text = whole.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise StopError(
            f"{path.name}, rad {line}: inte {encoding}. Äldre svenska filer är ofta latin-1: ge --encoding latin-1.",
            f"{path.name}, line {line}: not {encoding}. Older files are often latin-1: give --encoding latin-1.",
        ) from None
    if not text.strip():
        raise StopError(f"{path.name} är tom.", f"{path.name} is empty.")
    return text


def _separator(path: Path, text: str) -> str:
    first = text.splitlines()[0]
    counts = {separator: first.count(separator) for separator in _SEPARATORS}
    best = max(counts, key=lambda separator: counts[separator])
    rivals = [separator for separator in _SEPARATORS if counts[separator] and separator != best]
    if rivals and counts[rivals[0]] == counts[best]:
        raise StopError(
            f"{path.name}: rubrikraden har två skiljetecken lika ofta. Använd ett av dem.",
            f"{path.name}: the header has two separators equally often. Use one of them.",
        )
    return best


def _checked_header(path: Path, header: list[str]) -> tuple[str, ...]:
    """The names, trimmed; stops at data in the place of names, at an empty name and at two alike."""
    names = [column.strip() for column in header]
    if any(_DIGITS.search(column) for column in names):
        raise StopError(
            f"{path.name}: första raden ser ut som uppgifter, inte som kolumnnamn. Lägg till en rubrikrad.",
            f"{path.name}: the first row looks like data, not like column names. Add a header.",
        )
    folded = [column.casefold() for column in names]
    doubles = sorted({column for column in names if folded.count(column.casefold()) > 1})
    if doubles:
        raise StopError(
            f"{path.name}: rubriken har kolumnen {doubles[0] or '(utan namn)'} två gånger.",
            f"{path.name}: the header has the column {doubles[0] or '(nameless)'} twice.",
        )
    return tuple(names)


def _check_width(path: Path, text: str, separator: str, width: int) -> None:
    """Stop when most rows of the sample have another number of cells than the header: a wrong separator."""
    rows = [row for row in csv.reader(io.StringIO(text, newline=None), delimiter=separator) if row][1:200]
    odd = sum(len(row) != width for row in rows)
    if rows and odd * 2 > len(rows):
        raise StopError(
            f"{path.name}: rubriken har {width} celler men raderna ett annat antal. Är skiljetecknet detsamma?",
            f"{path.name}: the header has {width} cells but the rows another number. Is the separator the same?",
        )


def unreadable_rows(connection: duckdb.DuckDBPyConnection, table: TableFile) -> list[Finding]:
    """Rows that the reader could not take, known once the file has been read through."""
    if table.rejects is None:
        return []
    known = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [table.rejects]).fetchone()
    if not known or not known[0]:
        return []
    query = f"SELECT DISTINCT line, error_type = 'INVALID ENCODING' FROM {sqltext.name(table.rejects)} ORDER BY ALL"
    rows = connection.execute(query).fetchall()
    return [Finding(table.path.name, int(line), "–", "encoding" if bad else "cells") for line, bad in rows]
