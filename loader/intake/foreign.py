"""Files that are not read, named as what they are, with what to do about each."""

from __future__ import annotations

from collections.abc import Collection

from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Position, Severity

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins (MS-CFB, 2.2): old Office files, and new ones that are encrypted."""
_MEMBERS = (
    ("xl/workbook.bin", "en binär arbetsbok (XLSB)", "a binary workbook (XLSB)"),
    ("word/document.xml", "ett Word-dokument (DOCX)", "a Word document (DOCX)"),
    ("ppt/presentation.xml", "en PowerPoint-presentation (PPTX)", "a PowerPoint presentation (PPTX)"),
    ("Index/Document.iwa", "ett dokument från Apple (Numbers, Pages)", "a document of Apple's (Numbers, Pages)"),
    ("Index.zip", "ett dokument från Apple (Numbers, Pages)", "a document of Apple's (Numbers, Pages)"),
)
_KINDS = (
    (b"opendocument.text", "ett textdokument (ODT)", "a text document (ODT)"),
    (b"opendocument.presentation", "en presentation (ODP)", "a presentation (ODP)"),
    (b"opendocument", "ett OpenDocument som inte är ett kalkylblad", "an OpenDocument that is no spreadsheet"),
    (b"epub", "en e-bok (EPUB)", "an e-book (EPUB)"),
)
_STREAMS = (
    ("EncryptedPackage", None, None),
    ("WordDocument", "ett äldre Word-dokument (DOC)", "an old Word document (DOC)"),
    ("Workbook", "en äldre arbetsbok (XLS)", "an old workbook (XLS)"),
    ("Book", "en äldre arbetsbok (XLS)", "an old workbook (XLS)"),
)


def foreign_archive(names: Collection[str], kind: bytes) -> Message:
    """What a zip archive is, by its members and the media type that it states of itself."""
    for member, sv, en in _MEMBERS:
        if member in names:
            return Message(sv=sv, en=en)
    for text, sv, en in _KINDS:
        if text in kind:
            return Message(sv=sv, en=en)
    return Message(sv="ett zip-arkiv, ingen arbetsbok", en="a zip archive, not a workbook")


def in_compound_file(upload: Upload) -> Finding:
    """What a compound file holds, by the names in its directory."""
    for name, sv, en in _STREAMS:
        if f"{name}\0".encode("utf-16-le") in upload.data:
            return encrypted(upload) if sv is None or en is None else unknown_format(upload, Message(sv=sv, en=en))
    return unknown_format(upload, Message(sv="en äldre Office-fil (XLS, DOC)", en="an old Office file (XLS, DOC)"))


def encrypted(upload: Upload) -> Finding:
    """The finding about a file that a password protects."""
    message = Message(
        sv="Arbetsboken är krypterad med lösenord. Ta bort lösenordet och spara om den.",
        en="The workbook is encrypted with a password. Remove the password and save it again.",
    )
    return Finding("encrypted-workbook", Severity.VIOLATION, message, Position(upload.shown))


def unknown_format(upload: Upload, kind: Message) -> Finding:
    """The finding about a file of another kind."""
    message = Message(
        sv=f"Filen är {kind.sv}. Lämna in XLSX, ODS, CSV, Turtle, TriG, N-Triples, N-Quads, RDF/XML eller JSON-LD.",
        en=f"The file is {kind.en}. Submit XLSX, ODS, CSV, Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD.",
    )
    return Finding("unknown-format", Severity.VIOLATION, message, Position(upload.shown))
