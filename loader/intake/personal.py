"""What must never be kept: identity numbers, telephone numbers, lists of patients.

A finding names the place and never the value. Identity numbers are personal numbers, coordination numbers (the day
plus 60) and the national reserve numbers (the century plus 3, letters in the last four), with or without century and
separator, checked by their date and by the Luhn digit that Skatteverket describes (SKV 704, SKV 707).
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from loader.intake.grids.grid import Grid
from loader.intake.sheets.aliases import fold_header
from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Position, Severity

RULE = "personal-data"
_DASH = r"[-+‐‑‒–—−]"
_GAP = rf"[ .]?{_DASH}?[ ]?"
_NUMBER = re.compile(
    rf"(?<![0-9])(?<![0-9][.,])(?P<century>18|19|20|21|22|23)?(?P<year>[0-9]{{2}}){_GAP}(?P<month>[0-9]{{2}}){_GAP}(?P<day>[0-9]{{2}})"
    rf"{_GAP}(?P<last>[0-9]{{4}}|[0-9A-HJ-NPR-UX-Z]{{3}}[0-9])(?![0-9])"
)
_PHONE = re.compile(
    r"(?<![0-9A-Za-z.,/-])(?:(?:\+|00)46[ -]?(?:\(0\)[ -]?)?[1-9]|0[1-9])[0-9]{0,2}(?:[ -]?[-/][ -]?| )?"
    r"[0-9]{2,3}[ -]?[0-9]{2,3}(?:[ -]?[0-9]{2}){0,2}(?![0-9A-Za-z]|[.,][0-9])"
)
_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0xAD], None)
_MOST_PARTS = 64 * 1024 * 1024
_IDENTITY = frozenset(
    fold_header(name)
    for name in (
        *("personnummer", "personnr", "pnr", "person-id", "personid", "samordningsnummer", "reservnummer", "ssn"),
        *("patient-id", "patientid", "patientnummer", "personal identity number"),
    )
)
_OF_PERSON = frozenset(
    fold_header(name)
    for name in (
        *("namn", "name", "förnamn", "efternamn", "first name", "last name", "adress", "address", "telefon", "phone"),
        *(
            "diagnos",
            "diagnosis",
            "födelsedatum",
            "date of birth",
            "kön",
            "sex",
            "postnummer",
            "ort",
            "e-post",
            "mobil",
        ),
        *("vårddatum", "inskrivningsdatum", "besöksdatum", "ålder", "age", "ort", "mobil"),
    )
)


def is_identity(text: str) -> bool:
    """Whether an identity number stands in the text.

    >>> is_identity("Patient 19121212-1212"), is_identity("20121212-1213"), is_identity("0000000000")
    (True, False, False)
    """
    return any(_legal(match) for match in _NUMBER.finditer(_plain(text)))


def is_telephone(text: str) -> bool:
    """Whether a Swedish telephone number stands in the text.

    >>> is_telephone("tel 070-174 06 05"), is_telephone("ISBN 978-91-8047-016-2"), is_telephone("2024-01-02")
    (True, False, False)
    """
    for match in _PHONE.finditer(_plain(text)):
        digits = re.sub(r"[^0-9]", "", match[0].replace("(0)", ""))
        bare = re.sub(r"^(?:0046|46|0)", "", digits)
        if 7 <= len(bare) <= 9 and (match[0][0] == "+" or re.search(r"[ /-]", match[0]) or bare.startswith("7")):
            return True
    return False


def personal_findings(uploads: Sequence[Upload], grids: Iterable[Grid], *, said: Iterable[str] = ()) -> list[Finding]:
    """Every place of personal data: cells, lines of text, hidden parts of workbooks, names of files; never a value.

    `said` are other texts that came with the files.
    """
    found = [finding for grid in grids for finding in _in_grid(grid)]
    placed = {finding.position.file for finding in found}
    for upload in uploads:
        if is_identity(upload.name) or is_telephone(upload.name):
            found.append(_finding(Position(), ("i filens namn", "in the file's name")))
            found = [_nameless(finding) if finding.position.file == upload.shown else finding for finding in found]
            continue
        if upload.shown not in placed:
            found += _in_bytes(upload)
    if any(is_identity(text) or is_telephone(text) for text in said):
        found.append(_finding(Position(), ("i det som följde med filerna", "in what came with the files")))
    return found


def _nameless(finding: Finding) -> Finding:
    return replace(finding, position=replace(finding.position, file=None))


def _in_grid(grid: Grid) -> Iterator[Finding]:
    for row in grid.rows:
        for number, cell in enumerate(row.cells):
            beside = " ".join(row.cells[number : number + 2]) if number + 1 < len(row.cells) else cell
            what = _what(cell) or (("ett identitetsnummer", "an identity number") if _split(cell, beside) else None)
            if what is not None:
                header = _header(grid, number)
                line = row.line if grid.sheet is None else None
                place = Position(grid.file, grid.sheet, row.number, header or str(number + 1), line)
                yield _finding(place, (f"{what[0]} i cellen", f"{what[1]} in the cell"))
    yield from _patients(grid)


def _split(cell: str, beside: str) -> bool:
    """An identity number whose last four stand in the cell beside."""
    return cell.strip()[-2:].isdigit() and len(re.sub(r"[^0-9]", "", cell)) in (6, 8) and is_identity(beside)


def _header(grid: Grid, number: int) -> str | None:
    first = grid.rows[0].cells if grid.rows else ()
    header = first[number] if number < len(first) else ""
    return header if header and _what(header) is None else None


def _what(text: str) -> tuple[str, str] | None:
    if not any(map(str.isdigit, text)):
        return None
    if is_identity(text):
        return "ett identitetsnummer", "an identity number"
    return ("ett telefonnummer", "a telephone number") if is_telephone(text) else None


def _patients(grid: Grid) -> Iterator[Finding]:
    """A table whose columns are what one notes of a person, with rows below."""
    for index, row in enumerate(grid.rows[:15]):
        headers = {fold_header(cell) for cell in row.cells if cell.strip()}
        if headers & _IDENTITY and headers & _OF_PERSON and index + 1 < len(grid.rows) and len(headers) <= 60:
            place = Position(grid.file, grid.sheet, row.number, None, row.line)
            yield _finding(place, ("en tabell över personer", "a table of persons"))
            return


def _in_bytes(upload: Upload) -> Iterator[Finding]:
    """Personal data in the text of a file that has no cells, or in the parts of a packed one."""
    if upload.data[:2] == b"PK":
        for name, text in _parts(upload.data):
            if _what(name) or any(_what(piece) for piece in re.split(r"<[^>]*>", text)):
                yield _finding(Position(upload.shown), ("i en dold del av filen", "in a hidden part of the file"))
                return
        return
    text = upload.data.decode("utf-16" if upload.data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    unescaped = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), text)
    for number, line in enumerate(unescaped.splitlines(), 1):
        what = _what(line)
        if what is not None:
            yield _finding(Position(upload.shown, line=number), (f"{what[0]} på raden", f"{what[1]} on the line"))


def _parts(data: bytes) -> Iterator[tuple[str, str]]:
    """The XML and text parts of a packed file, as far as they are not too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            left = _MOST_PARTS
            for part in packed.infolist():
                left -= part.file_size
                if left < 0:
                    return
                if part.filename.endswith((".xml", ".rels", ".vml", ".csv", ".txt", ".json")):
                    yield part.filename, packed.read(part).decode("utf-8", "replace")
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_UNSEEN).upper()


def _legal(match: re.Match[str]) -> bool:
    century, last = match["century"], match["last"]
    reserve = century is not None and int(century) >= 21
    if reserve != (not last.isdigit()) and not (century == "21" and last.isdigit()):
        return False
    if last.isdigit() and last[:3] == "000":
        return False
    day = int(match["day"])
    years = [int(century) - (3 if reserve else 0)] if century else [19, 20]
    dated = any(_is_day(years_ * 100 + int(match["year"]), int(match["month"]), day % 60) for years_ in years)
    return dated and _luhn(match["year"] + match["month"] + match["day"] + last)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _luhn(signs: str) -> bool:
    """The check digit over ten signs; a letter counts as its ASCII code minus 48, as in reserve numbers."""
    total = 0
    for place, sign in enumerate(signs):
        value = (ord(sign) - 48) * (2 if place % 2 == 0 else 1)
        total += sum(divmod(value, 10)) if value < 100 else sum(map(int, str(value)))
    return total % 10 == 0


def _finding(position: Position, where: tuple[str, str]) -> Finding:
    message = Message(
        sv=f"Personuppgifter: {where[0]}. Ta bort dem; ingenting av det som skickades har sparats.",
        en=f"Personal data: {where[1]}. Remove them; nothing of what was sent has been kept.",
    )
    return Finding(RULE, Severity.VIOLATION, message, position)
