"""Text files of the sources: read whole, checked to be what their names say, decoded as UTF-8."""

from __future__ import annotations

import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from loader.model.findings import Finding, Message, Position, Severity

MAX_BYTES = 64 * 1024 * 1024

_SIGNATURES = (
    (b"PK\x03\x04", "ett zip-arkiv eller en arbetsbok (XLSX, ODS)", "a zip archive or a workbook (XLSX, ODS)"),
    (b"PK\x05\x06", "ett tomt zip-arkiv", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "en äldre Office-fil (XLS, DOC)", "an old Office file (XLS, DOC)"),
    (b"%PDF", "ett PDF-dokument", "a PDF document"),
    (b"\x1f\x8b", "en gzip-packad fil", "a gzip file"),
    (b"\xff\xfe", "text i UTF-16", "UTF-16 text"),
    (b"\xfe\xff", "text i UTF-16", "UTF-16 text"),
    (b"\x89PNG", "en bild", "an image"),
    (b"\xff\xd8\xff", "en bild", "an image"),
    (b"SQLite format 3", "en databas", "a database"),
    (b"<?xml", "ett XML-dokument", "an XML document"),
    (b"<html", "en webbsida", "a web page"),
    (b"<!doc", "en webbsida", "a web page"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A decoded file: `name` is how findings call it."""

    name: str
    text: str


def read_text(path: Path, name: str) -> TextFile | Finding:
    """The decoded text of a regular UTF-8 file (without byte order mark), or the one finding that says why not."""
    problem = _unreadable(path, name)
    if problem is not None:
        return problem
    return decode(path.read_bytes(), name)


def decode(data: bytes, name: str) -> TextFile | Finding:
    """The text of a file's bytes, or the one finding that says why they are no UTF-8 text."""
    kind = recognise(data)
    if kind is not None:
        return _finding("not-a-text-file", Position(name), _other_file(kind))
    return decode_utf8(data, name)


def decode_utf8(data: bytes, name: str) -> TextFile | Finding:
    """The text of the bytes in composed form (NFC), or the finding that says where they are no UTF-8."""
    try:
        text = unicodedata.normalize("NFC", data.decode("utf-8-sig").lstrip("\ufeff"))
    except UnicodeDecodeError as error:
        return _broken_encoding(data, error, name)
    bad = _CONTROL.search(data)
    if bad is not None:
        return _control_character(data, bad.start(), name)
    return TextFile(name, text)


def recognise(data: bytes) -> Message | None:
    """What kind of file the bytes are, when they begin like one that is no plain text table."""
    start = data[:16].lstrip().lower()
    for signature, sv, en in _SIGNATURES:
        if data.startswith(signature) or start.startswith(signature.lower()):
            return Message(sv=sv, en=en)
    return None


def _unreadable(path: Path, name: str) -> Finding | None:
    try:
        status = path.stat()
    except OSError as error:
        reason = error.strerror or str(error)
        text = Message(sv=f"Filen kan inte läsas: {reason}.", en=f"The file cannot be read: {reason}.")
        return _finding("unreadable-file", Position(name), text)
    if not stat.S_ISREG(status.st_mode):
        text = Message(
            sv="Detta är ingen vanlig fil. Lägg en UTF-8-fil här.", en="This is no regular file. Put a UTF-8 file here."
        )
        return _finding("not-a-text-file", Position(name), text)
    if status.st_size > MAX_BYTES:
        text = Message(
            sv=f"Filen är {status.st_size} byte; högst {MAX_BYTES} läses. Dela upp den.",
            en=f"The file has {status.st_size} bytes; at most {MAX_BYTES} are read. Split it.",
        )
        return _finding("too-large", Position(name), text)
    return None


def _other_file(kind: Message) -> Message:
    return Message(
        sv=f"Filen är {kind.sv}, inte en UTF-8-kodad text som namnet säger. Spara den som CSV UTF-8.",
        en=f"The file is {kind.en}, not the UTF-8 text that its name says. Save it as CSV UTF-8.",
    )


def _broken_encoding(data: bytes, error: UnicodeDecodeError, name: str) -> Finding:
    # error.start counts from after a byte order mark
    start = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
    line = data.count(b"\n", 0, start) + 1
    seen = data[start : start + 1]
    guess = seen.decode("cp1252", errors="replace")
    message = Message(
        sv=f"Byte {start + 1} (0x{seen.hex()}, i Windows-1252 «{guess}») på rad {line} är inte UTF-8. "
        "Spara filen som CSV UTF-8.",
        en=f"Byte {start + 1} (0x{seen.hex()}, “{guess}” in Windows-1252) on line {line} is not UTF-8. "
        "Save the file as CSV UTF-8.",
    )
    row = line if data[:start].count(b'"') % 2 == 0 else None
    return _finding("broken-encoding", Position(name, row=row, line=line), message, f"0x{seen.hex()}")


def _control_character(data: bytes, index: int, name: str) -> Finding:
    line = data.count(b"\n", 0, index) + 1
    message = Message(
        sv=f"Styrtecknet 0x{data[index]:02x} på rad {line} hör inte hemma i en texttabell. Ta bort det.",
        en=f"The control character 0x{data[index]:02x} on line {line} does not belong in a text table. Remove it.",
    )
    return _finding("control-character", Position(name, line=line), message, f"0x{data[index]:02x}")


def _finding(rule: str, position: Position, message: Message, value: str | None = None) -> Finding:
    return Finding(rule, Severity.VIOLATION, message, position, value)
