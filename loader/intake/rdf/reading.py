"""Submitted RDF as statements with places: pyoxigraph says what is stated, a reader of each syntax says where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pyoxigraph import Quad, RdfFormat, Triple, parse

from loader.intake.formats import Format
from loader.intake.limits import Limits
from loader.intake.rdf import search, turtle
from loader.intake.rdf.foreign import document_type_spot, remote_contexts, xml_error_spot
from loader.intake.rdf.statements import Found, ReadStatements, Spot, with_spots
from loader.intake.rdf.turtle import Unplaceable
from loader.intake.rdf.wording import in_swedish
from loader.intake.upload import Upload
from loader.model.findings import Finding, Message, Position, Severity
from loader.tables.files import decode_utf8

_SYNTAXES: Mapping[Format, tuple[RdfFormat, str]] = {
    Format.TURTLE: (RdfFormat.TURTLE, "Turtle"),
    Format.TRIG: (RdfFormat.TRIG, "TriG"),
    Format.N_TRIPLES: (RdfFormat.N_TRIPLES, "N-Triples"),
    Format.N_QUADS: (RdfFormat.N_QUADS, "N-Quads"),
    Format.RDF_XML: (RdfFormat.RDF_XML, "RDF/XML"),
    Format.JSON_LD: (RdfFormat.JSON_LD, "JSON-LD"),
}


def read_rdf(upload: Upload, form: Format, limits: Limits) -> ReadStatements:
    """The statements of the file; a file with an error of syntax gives that one finding and nothing else."""
    decoded = decode_utf8(upload.data, upload.shown)
    if isinstance(decoded, Finding):
        return _unreadable(upload, decoded)
    text = decoded.text
    refused = _refused(upload, form, text)
    if refused:
        return ReadStatements(upload.shown, upload.source, (), refused, readable=False)
    quads: list[Quad] = []
    try:
        for quad in parse(text.encode(), format=_SYNTAXES[form][0]):
            if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
                return _unreadable(upload, _quoted(upload))
            quads.append(quad)
            if len(quads) > limits.statements:
                return _unreadable(upload, _too_many(upload, limits))
    except SyntaxError as error:
        return _unreadable(upload, _syntax(upload, form, error, text))
    except (ValueError, OSError) as error:
        return _unreadable(upload, _syntax(upload, form, SyntaxError(str(error)), text))
    try:
        places = list(_places(form, text, quads))
    except (Unplaceable, RecursionError):
        places = []
    return ReadStatements(upload.shown, upload.source, tuple(with_spots(quads, places)), (), readable=True)


def _places(form: Format, text: str, quads: list[Quad]) -> Iterator[Found]:
    if form in (Format.RDF_XML, Format.JSON_LD):
        return search.find_places(text, quads)
    return turtle.find_places(text, lines_only=form in (Format.N_TRIPLES, Format.N_QUADS))


def _refused(upload: Upload, form: Format, text: str) -> tuple[Finding, ...]:
    """Findings about what is never followed: document types, and contexts elsewhere; and about JSON that is none."""
    if form is Format.RDF_XML and (spot := document_type_spot(text)) is not None:
        message = Message(
            sv="Filen deklarerar en dokumenttyp (DOCTYPE) eller entiteter, som aldrig läses. Skriv ut IRI:erna.",
            en="The file declares a document type (DOCTYPE) or entities, which are never read. Write the IRIs in full.",
        )
        return (Finding("entity-declaration", Severity.VIOLATION, message, _at(upload, spot)),)
    if form is not Format.JSON_LD:
        return ()
    try:
        value = json.loads(text)
    except RecursionError:
        message = Message(sv="Filen är för djupt nästlad.", en="The file is nested too deeply.")
        return (Finding("syntax-error", Severity.VIOLATION, message, Position(upload.shown)),)
    except json.JSONDecodeError as error:
        message = Message(sv=f"Filen är inte JSON: {in_swedish(error.msg)}.", en=f"The file is not JSON: {error.msg}.")
        return (Finding("syntax-error", Severity.VIOLATION, message, _at(upload, Spot(error.lineno, error.colno))),)
    return tuple(_remote(upload, address, Spot(search.line_of(text, address), 1)) for address in remote_contexts(value))


def _remote(upload: Upload, address: str, spot: Spot) -> Finding:
    message = Message(
        sv=f"Sammanhanget {address} hämtas inte. Skriv @context i filen.",
        en=f"The context {address} is not fetched. Write the @context in the file.",
    )
    return Finding("remote-context", Severity.VIOLATION, message, _at(upload, spot), address)


def _syntax(upload: Upload, form: Format, error: SyntaxError, text: str) -> Finding:
    name = _SYNTAXES[form][1]
    detail = (error.msg or str(error)).rstrip(".")
    message = Message(sv=f"Filen är inte {name}: {in_swedish(detail)}.", en=f"The file is not {name}: {detail}.")
    position = Position(upload.shown, column=error.offset, line=error.lineno)
    if error.lineno is None and form is Format.RDF_XML and (spot := xml_error_spot(text)) is not None:
        position = _at(upload, spot)
    return Finding("syntax-error", Severity.VIOLATION, message, position)


def _quoted(upload: Upload) -> Finding:
    message = Message(
        sv="Filen innehåller påståenden om påståenden (RDF 1.2), som inte läses. Skriv dem som vanliga resurser.",
        en="The file holds statements about statements (RDF 1.2), which are not read. Write them as plain resources.",
    )
    return Finding("triple-term", Severity.VIOLATION, message, Position(upload.shown))


def _too_many(upload: Upload, limits: Limits) -> Finding:
    message = Message(
        sv=f"Filen har fler än {limits.statements} påståenden. Dela upp den.",
        en=f"The file has more than {limits.statements} statements. Split it.",
    )
    return Finding("too-many-statements", Severity.VIOLATION, message, Position(upload.shown))


def _unreadable(upload: Upload, finding: Finding) -> ReadStatements:
    return ReadStatements(upload.shown, upload.source, (), (finding,), readable=False)


def _at(upload: Upload, spot: Spot) -> Position:
    return Position(upload.shown, column=spot.column, line=spot.line)
