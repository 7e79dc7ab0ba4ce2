"""Mends in delimited text: encoding, byte order mark, delimiter, quotes and line ends stay as they are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loader.intake.sheets.aliases import known_headers
from loader.intake.sheets.delimited import find_delimiter
from server.handing_in.mending.mend import Mend, Mended, by_cell, in_cell

_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))


@dataclass(frozen=True, slots=True)
class _Field:
    """Where a cell stands in the text, quotes included."""

    row: int
    column: int
    begin: int
    end: int


def mend_text(data: bytes, mends: Sequence[Mend]) -> Mended:
    """The text with the mends in it; untouched when it cannot be taken apart for certain."""
    mark, encoding = _encoding(data)
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        return Mended(data, ())
    lead = _separator_line(text)
    body = text[len(lead) :]
    delimiter = find_delimiter(body, known_headers())
    fields = _fields(body, delimiter)
    if fields is None:
        return Mended(data, ())
    parts, done = _mended(body, fields, mends, (delimiter, 1 if lead else 0, encoding))
    return Mended(mark + (lead + parts).encode(encoding), tuple(done)) if done else Mended(data, ())


def _mended(
    body: str, fields: Sequence[_Field], mends: Sequence[Mend], how: tuple[str, int, str]
) -> tuple[str, list[Mend]]:
    delimiter, skipped, encoding = how
    wanted = by_cell(mends)
    parts, done, last = [], list[Mend](), 0
    for field in fields:
        here = wanted.get((field.row + skipped, field.column))
        if not here:
            continue
        raw = body[field.begin : field.end]
        new, put = in_cell(_text_of(raw), here)
        if put and _fits(new, encoding):
            parts += [body[last : field.begin], _raw(new, raw, delimiter)]
            last = field.end
            done += put
    return "".join([*parts, body[last:]]), done


def _encoding(data: bytes) -> tuple[bytes, str]:
    """The byte order mark and the encoding, as the check reads them."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return mark, encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "cp1252"
    return b"", "utf-8"


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _separator_line(text: str) -> str:
    """Excel's first line sep=…, with its end."""
    match = re.match(r"\s*sep=.?[ \t\r]*\n", text[:12], re.IGNORECASE)
    return match[0] if match else ""


def _fields(body: str, delimiter: str) -> list[_Field] | None:
    """Every cell with its place; None when the reader that checks would read others."""
    fields = list(_scan(body, delimiter))
    read = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    try:
        rows = list(read)
    except csv.Error:
        return None
    ours: list[list[str]] = [[] for _ in rows]
    for field in fields:
        if field.row > len(rows):
            return None
        ours[field.row - 1].append(_text_of(body[field.begin : field.end]))
    return fields if [_bare(row) for row in rows] == [_bare(row) for row in ours] else None


def _bare(row: list[str]) -> list[str]:
    return [] if row == [""] else row


def _scan(body: str, delimiter: str) -> Iterator[_Field]:
    pattern = re.compile(rf'(?:"(?:[^"]|"")*"[^{re.escape(delimiter)}\r\n]*|[^{re.escape(delimiter)}\r\n]*)')
    place, row, column = 0, 1, 1
    while place < len(body) or column > 1:
        match = pattern.match(body, place)
        end = match.end() if match else place
        yield _Field(row, column, place, end)
        if end >= len(body):
            return
        if body[end] == delimiter:
            place, column = end + 1, column + 1
        else:
            place = end + (2 if body.startswith("\r\n", end) else 1)
            row, column = row + 1, 1


def _text_of(raw: str) -> str:
    if raw.startswith('"'):
        end = raw.rfind('"')
        return raw[1:end].replace('""', '"') + raw[end + 1 :] if end else raw
    return raw


def _raw(text: str, before: str, delimiter: str) -> str:
    """A cell's text as it is written: between quotes when it was, or when it has to be."""
    if before.startswith('"') or any(sign in text for sign in (delimiter, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text
