"""Zipped formats, looked at before anything is unpacked: how much they unpack to, and whether their XML is plain."""

from __future__ import annotations

import io
import zipfile
import zlib

from loader.intake.limits import Limits
from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Position, Severity

_CHUNK = 1 << 20


def check_archive(upload: Upload, limits: Limits) -> Finding | None:
    """What forbids unpacking the workbook, or None; sizes are counted while unpacking, not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
            return _check(archive, upload, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        message = Message(
            sv="Arbetsboken är skadad och kan inte packas upp. Spara om den.",
            en="The workbook is damaged and cannot be unpacked. Save it again.",
        )
        return Finding("damaged-workbook", Severity.VIOLATION, message, Position(upload.shown))


def _check(archive: zipfile.ZipFile, upload: Upload, limits: Limits) -> Finding | None:
    entries = archive.infolist()
    if len(entries) > limits.entries:
        return _too_much(upload, f"{len(entries)} delar", f"{len(entries)} parts", limits.entries)
    if any(entry.flag_bits & 1 for entry in entries):
        message = Message(
            sv="Arbetsboken är skyddad med lösenord. Ta bort lösenordet.",
            en="The workbook is protected by a password. Remove the password.",
        )
        return Finding("encrypted-workbook", Severity.VIOLATION, message, Position(upload.shown))
    allowed = min(limits.unpacked_bytes, max(len(upload.data) * limits.ratio, _CHUNK))
    unpacked = 0
    for entry in entries:
        with archive.open(entry) as part:
            plain = not entry.filename.casefold().endswith((".xml", ".rels", ".vml"))
            before = b""
            while chunk := part.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > allowed:
                    return _too_much(upload, f"över {allowed} byte", f"over {allowed} bytes", allowed)
                if not plain and _declares(before + chunk):
                    return _doctype(upload)
                before = chunk[-32:]
    return None


def _declares(xml: bytes) -> bool:
    """Whether the XML declares a document type: ASCII or UTF-16, with or without white space."""
    return any(name in xml.replace(b"\0", b"") for name in (b"<!DOCTYPE", b"<!ENTITY"))


def _too_much(upload: Upload, sv: str, en: str, limit: int) -> Finding:
    message = Message(
        sv=f"Arbetsboken packas upp till {sv}; högst {limit} läses. Ta bort det som inte ska lämnas in.",
        en=f"The workbook unpacks to {en}; at most {limit} are read. Remove what is not to be submitted.",
    )
    return Finding("expands-too-much", Severity.VIOLATION, message, Position(upload.shown))


def _doctype(upload: Upload) -> Finding:
    message = Message(
        sv="Arbetsboken innehåller XML med egna entiteter (DOCTYPE), som aldrig läses. Spara om den.",
        en="The workbook holds XML with entities of its own (DOCTYPE), which are never read. Save it again.",
    )
    return Finding("entity-declaration", Severity.VIOLATION, message, Position(upload.shown))
