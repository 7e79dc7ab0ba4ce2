"""The encoding of delimited text: one for the whole file, and the lines that were saved in another."""

from __future__ import annotations

from dataclasses import dataclass

from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Position, Severity
from loader.tables.files import TextFile, decode_utf8

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, and a finding for each line of another encoding than the rest."""

    text: TextFile
    findings: tuple[Finding, ...] = ()


def decode_text(upload: Upload) -> Decoded | Finding:
    """The text in UTF-8, UTF-16 with a byte order mark (Excel's Unicode text), or else Windows-1252.

    Where some lines are UTF-8 beyond ASCII, the others are read as Windows-1252, each with a finding.
    """
    data = upload.data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return Decoded(TextFile(upload.shown, data.decode("utf-16")))
        except UnicodeDecodeError:
            return _broken(upload)
    decoded = decode_utf8(data, upload.shown)
    if isinstance(decoded, TextFile):
        return Decoded(decoded)
    if decoded.rule != "broken-encoding":
        return decoded
    try:
        return _mixed(upload) if any(_beyond_ascii(line) for line in data.split(b"\n")) else _windows(upload)
    except UnicodeDecodeError:
        return decoded


def _windows(upload: Upload) -> Decoded:
    return Decoded(TextFile(upload.shown, upload.data.decode("cp1252")))


def _beyond_ascii(line: bytes) -> bool:
    """Whether the line is UTF-8 and more than ASCII: text in another encoding hardly ever is."""
    try:
        return not line.removeprefix(b"\xef\xbb\xbf").decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _mixed(upload: Upload) -> Decoded:
    lines, findings = [], []
    for number, line in enumerate(upload.data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252"))
            findings.append(_other(upload, number, lines[-1].strip()))
    return Decoded(TextFile(upload.shown, "\n".join(lines)), tuple(findings[:_SHOWN]))


def _other(upload: Upload, line: int, text: str) -> Finding:
    message = Message(
        sv=f"Rad {line} är sparad i en annan teckenkodning än resten av filen (Windows-1252 i stället för UTF-8). "
        f"Den lästes som «{text[:80]}». Spara hela filen som CSV UTF-8.",
        en=f"Line {line} was saved in another encoding than the rest of the file (Windows-1252, not UTF-8). "
        f"It was read as “{text[:80]}”. Save the whole file as CSV UTF-8.",
    )
    return Finding(
        "mixed-encoding", Severity.VIOLATION, message, Position(upload.shown, row=line, line=line), text[:200]
    )


def _broken(upload: Upload) -> Finding:
    message = Message(
        sv="Filen börjar som UTF-16 men är det inte. Spara den som CSV UTF-8.",
        en="The file begins as UTF-16 but is not. Save it as CSV UTF-8.",
    )
    return Finding("broken-encoding", Severity.VIOLATION, message, Position(upload.shown))
