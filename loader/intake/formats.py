"""Which format an upload is in: told by its first bytes, then by its name, then by its text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from enum import StrEnum

from loader.intake.foreign import COMPOUND, encrypted, foreign_archive, in_compound_file, unknown_format
from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Position, Severity
from loader.tables.files import recognise


class Format(StrEnum):
    """The formats that are read."""

    XLSX = "xlsx"
    ODS = "ods"
    CSV = "csv"
    TURTLE = "turtle"
    TRIG = "trig"
    N_TRIPLES = "n-triples"
    N_QUADS = "n-quads"
    RDF_XML = "rdf-xml"
    JSON_LD = "json-ld"
    YAML = "yaml"


_MANIFEST = "META-INF/manifest.xml"
WORKBOOKS = (Format.XLSX, Format.ODS)
_BY_SUFFIX = {
    **{"csv": Format.CSV, "tsv": Format.CSV, "tab": Format.CSV, "txt": Format.CSV},
    **{"ttl": Format.TURTLE, "turtle": Format.TURTLE, "trig": Format.TRIG, "nt": Format.N_TRIPLES},
    **{"nq": Format.N_QUADS, "rdf": Format.RDF_XML, "owl": Format.RDF_XML, "xml": Format.RDF_XML},
    **{"jsonld": Format.JSON_LD, "json": Format.JSON_LD, "yaml": Format.YAML, "yml": Format.YAML},
}
_LINE = re.compile(r"\s*(?:#.*)?(?:(?:<[^>]*>|_:\S+)\s*<[^>]*>\s*(?:<[^>]*>|_:\S+|\".*).*\.\s*(?:#.*)?)?$")
_DIRECTIVE = re.compile(r"^\s*(?:@prefix|@base|prefix\s+\S*:\s*<|base\s+<)", re.IGNORECASE | re.MULTILINE)
_GRAPH = re.compile(r"(?:^|\s)(?:graph\s+)?(?:<[^>\s]*>|[\w-]*:[\w.-]*)?\s*\{", re.IGNORECASE)


def recognise_format(upload: Upload) -> Format | Finding:
    """The format of an upload, or the finding that says why it is none of those that are read."""
    if not upload.data.strip():
        message = Message(sv="Filen är tom.", en="The file is empty.")
        return Finding("empty-file", Severity.VIOLATION, message, Position(upload.shown))
    if upload.data.startswith(b"PK"):
        return _zipped(upload)
    if upload.data.startswith(COMPOUND):
        return in_compound_file(upload)
    text = _beginning(upload.data)
    by_text = _by_text(text)
    if by_text is None:
        other = recognise(upload.data)
        if other is not None and not upload.data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return unknown_format(upload, other)
    suffix = upload.shown.rpartition(".")[2].casefold() if "." in upload.shown else ""
    named = _BY_SUFFIX.get(suffix)
    if by_text in (Format.RDF_XML, Format.JSON_LD):
        return by_text
    return named or by_text or Format.CSV


def _zipped(upload: Upload) -> Format | Finding:
    try:
        with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
            names = set(archive.namelist())
            kind = archive.open("mimetype").read(200).strip() if "mimetype" in names else b""
            if _MANIFEST in names and b"encryption-data" in archive.open(_MANIFEST).read(1 << 20):
                return encrypted(upload)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError):
        message = Message(sv="ett skadat zip-arkiv", en="a damaged zip archive")
        return unknown_format(upload, message)
    if "xl/workbook.xml" in names:
        return Format.XLSX
    if "content.xml" in names and "mimetype" in names and kind.endswith(b"spreadsheet"):
        return Format.ODS
    return unknown_format(upload, foreign_archive(names, kind))


def _beginning(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return data[:65_536].decode(encoding, errors="replace")


def _by_text(text: str) -> Format | None:
    start = text.lstrip()
    if start.startswith(("<?xml", "<rdf:RDF", "<!DOCTYPE rdf")) or re.match(r"<\w+:RDF\s", start):
        return Format.RDF_XML
    if re.match(r"\{\s*\"|\[\s*\{|\{\s*\}|\[\s*\]", start):
        return Format.JSON_LD
    if _DIRECTIVE.search(text):
        return Format.TRIG if _GRAPH.search(text) else Format.TURTLE
    lines = [line for line in text.splitlines()[:20] if line.strip() and not line.startswith("#")]
    if lines and all(_LINE.match(line) for line in lines[:-1] or lines):
        return Format.N_QUADS
    return None
