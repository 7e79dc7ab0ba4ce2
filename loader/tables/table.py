"""Tables as written: comma-separated UTF-8 text with a header, read strictly, every cell with its position."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loader.model.findings import Finding, Message, Position, Severity
from loader.model.nearest import nearest
from loader.tables.files import TextFile, read_text

MAX_CELL = 20_000
MAX_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: `number` counts the header as 1, `line` is the physical line it begins on; cells are stripped."""

    number: int
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one source: `file` is how findings call it."""

    name: str
    source: str
    file: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class TableFile:
    """Where a table stands: the path to read, the name for findings, the table's and its source's names."""

    path: Path
    file: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class ReadTable:
    """What reading gave: a table, or None when its structure is broken; with all findings."""

    table: Table | None
    findings: tuple[Finding, ...]


def read_table(where: TableFile, columns: Sequence[str]) -> ReadTable:
    """Read one CSV file that must have exactly these columns; broken rows become findings, good ones stay."""
    decoded = read_text(where.path, where.file)
    if isinstance(decoded, Finding):
        return ReadTable(None, (decoded,))
    records = list(split_rows(decoded))
    broken = tuple(record for record in records if isinstance(record, Finding))
    if broken:
        return ReadTable(None, broken)
    good = [record for record in records if not isinstance(record, Finding)]
    return _with_header(where, columns, good)


RawRow = tuple[int, int, list[str]]


def split_rows(text: TextFile, delimiter: str = ",") -> Iterator[RawRow | Finding]:
    """Row number, first line and cells of every row that is not empty; ends with a finding at broken quoting."""
    reader = csv.reader(io.StringIO(text.text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for number in range(1, MAX_ROWS + 2):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken_quoting(text.name, number, line, error)
            return
        if any(cell.strip() for cell in cells):
            yield (number, line, [cell.strip() for cell in cells])
        line = reader.line_num + 1
    message = Message(sv=f"Tabellen har fler än {MAX_ROWS} rader.", en=f"The table has more than {MAX_ROWS} rows.")
    yield Finding("too-many-rows", Severity.VIOLATION, message, Position(text.name))


def _with_header(where: TableFile, columns: Sequence[str], records: list[RawRow]) -> ReadTable:
    if not records:
        message = Message(
            sv=f"Filen är tom. Första raden ska vara {','.join(columns)}.",
            en=f"The file is empty. Its first row should be {','.join(columns)}.",
        )
        return ReadTable(None, (Finding("empty-file", Severity.VIOLATION, message, Position(where.file)),))
    number, line, header = records[0]
    problems = tuple(check_header(header, columns, Position(where.file, row=number, line=line)))
    if any(problem.severity is Severity.VIOLATION for problem in problems):
        return ReadTable(None, problems)
    rows, findings = [], list(problems)
    for record in records[1:]:
        problem = _check_row(where.file, header, record)
        if problem is None:
            rows.append(Row(record[0], record[1], dict(zip(header, record[2], strict=True))))
        else:
            findings.append(problem)
    return ReadTable(Table(where.name, where.source, where.file, tuple(rows)), tuple(findings))


def check_header(header: Sequence[str], columns: Sequence[str], position: Position) -> Iterator[Finding]:
    """Findings about a header: the wrong delimiter, or each repeated, unknown and missing column, or the order."""
    if len(header) == 1 and header[0] not in columns:
        for delimiter, sv, en in ((";", "semikolon", "semicolons"), ("\t", "tabbar", "tabs")):
            if delimiter in header[0]:
                yield _wrong_delimiter(header[0], sv, en, position)
                return
    missing = [name for name in columns if name not in header]
    unknown = list(dict.fromkeys(name for name in header if name not in columns))
    for name in dict.fromkeys(name for name in header if header.count(name) > 1 and name in columns):
        yield _header_finding("duplicate-column", name, position, (f"står {header.count(name)} gånger", "stands twice"))
    for name in unknown:
        guess = nearest(name, missing or columns)
        if guess in missing:
            missing.remove(guess)
        yield _unknown_column(name, guess, position)
    for name in missing:
        yield _header_finding("missing-column", name, position, ("saknas. Lägg till den", "is missing. Add it"))
    if set(header) == set(columns) and len(header) == len(columns) and list(header) != list(columns):
        yield _wrong_order(columns, position)


def _check_row(file: str, header: Sequence[str], record: RawRow) -> Finding | None:
    number, line, cells = record
    position = Position(file, row=number, line=line)
    if len(cells) != len(header):
        message = Message(
            sv=f"Raden har {len(cells)} celler, rubrikraden {len(header)}. Sätt citattecken om celler med komma.",
            en=f"The row has {len(cells)} cells, the header {len(header)}. Put quotes around cells that hold commas.",
        )
        return Finding("row-width", Severity.VIOLATION, message, position)
    for name, cell in zip(header, cells, strict=True):
        if len(cell) > MAX_CELL:
            text = (
                f"{len(cell)} tecken; högst {MAX_CELL} läses",
                f"{len(cell)} characters; at most {MAX_CELL} are read",
            )
            message = Message(sv=f"Cellen har {text[0]}.", en=f"The cell has {text[1]}.")
            place = Position(file, row=number, column=name, line=line)
            return Finding("too-long", Severity.VIOLATION, message, place, cell[:80])
    return None


def _broken_quoting(file: str, number: int, line: int, error: csv.Error) -> Finding:
    message = Message(
        sv=f"Citattecknen i raden går inte ihop ({_in_swedish(error)}). Skriv ett citattecken i en cell som två.",
        en=f'The quoting of the row is broken ({error}). Write a quotation mark within a cell as two ("").',
    )
    return Finding("broken-quoting", Severity.VIOLATION, message, Position(file, row=number, line=line))


def _in_swedish(error: csv.Error) -> str:
    """What the csv module says, in Swedish."""
    text = str(error)
    if "end of data" in text:
        return "filen slutar inom citattecken"
    if "expected after" in text:
        return "efter ett citattecken som avslutar en cell väntas skiljetecknet"
    return "cellen går inte att tolka"


def _wrong_delimiter(header: str, sv: str, en: str, position: Position) -> Finding:
    message = Message(
        sv=f"Cellerna är åtskilda med {sv}; använd komma.", en=f"The cells are separated by {en}; use commas."
    )
    return Finding("wrong-delimiter", Severity.VIOLATION, message, position, header[:80])


def _unknown_column(name: str, guess: str | None, position: Position) -> Finding:
    message = Message(
        sv=f"Kolumnen «{name}» hör inte till tabellen.", en=f"The column “{name}” does not belong to the table."
    )
    place = Position(position.file, position.sheet, position.row, name, position.line)
    return Finding("unknown-column", Severity.VIOLATION, message, place, name, guess)


def _header_finding(rule: str, name: str, position: Position, words: tuple[str, str]) -> Finding:
    message = Message(sv=f"Kolumnen «{name}» {words[0]}.", en=f"The column “{name}” {words[1]}.")
    place = Position(position.file, position.sheet, position.row, name, position.line)
    return Finding(rule, Severity.VIOLATION, message, place, name)


def _wrong_order(columns: Sequence[str], position: Position) -> Finding:
    order = ",".join(columns)
    message = Message(sv=f"Kolumnerna ska stå i ordningen {order}.", en=f"The columns should be in the order {order}.")
    return Finding("column-order", Severity.WARNING, message, position)
