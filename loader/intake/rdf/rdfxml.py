"""Where each statement of an RDF/XML text stands: rdflib's reader, watched; no document type, no entities."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.sax import SAXException
from xml.sax.handler import feature_namespaces
from xml.sax.xmlreader import InputSource

import defusedxml.sax
from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser
from rdflib import BNode, URIRef
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.rdfxml import RDFXMLHandler

from loader.intake.rdf.quiet import quiet_rdflib
from loader.intake.rdf.statements import BLANK, Found, Spot, Spots
from loader.intake.rdf.turtle import Unplaceable

_DOCUMENT = "urn:registergraf:document"
_STUMBLES = (
    SAXException,
    DefusedXmlException,
    ParserError,
    ValueError,
    KeyError,
    AttributeError,
    TypeError,
    IndexError,
)


def declares_type(text: str) -> Spot | None:
    """Where the text declares a document type, which is never read; None when it does not."""
    parser = defusedxml.sax.make_parser()
    parser.forbid_dtd = True
    try:
        parser.parse(io.StringIO(text))
    except DefusedXmlException:
        return Spot(parser.getLineNumber() or 1, (parser.getColumnNumber() or 0) + 1)
    except SAXException:
        return None  # not XML: pyoxigraph says where
    return None


def find_places(text: str) -> Iterator[Found]:
    """Every statement with its places; Unplaceable when rdflib cannot follow the text."""
    recorder = _Recorder()
    parser = _parser(recorder)
    try:
        with quiet_rdflib():
            parser.parse(_source(text))
    except _STUMBLES as error:
        raise Unplaceable(str(error)) from error
    return iter(recorder.found)


def error_spot(text: str) -> Spot | None:
    """Where the reading of a text that is not RDF/XML ends; None when it does not."""
    parser = _parser(_Recorder())
    try:
        with quiet_rdflib():
            parser.parse(_source(text))
    except _STUMBLES:
        return Spot(parser.getLineNumber() or 1, (parser.getColumnNumber() or 0) + 1)
    return None


def _parser(recorder: _Recorder) -> DefusedExpatParser:
    parser = defusedxml.sax.make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(_Handler(recorder))
    return parser


def _source(text: str) -> InputSource:
    source = InputSource(_DOCUMENT)
    source.setCharacterStream(io.StringIO(text))
    return source


class _Recorder:
    """Takes the place of the graph that rdflib's handler fills."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.spots: list[Spot] = [Spot(1, 1)]
        self.subjects: dict[object, Spot] = {}

    def bind(self, prefix: object, namespace: object, override: bool = True) -> None:
        """Prefixes are not needed."""

    def add(self, triple: tuple[object, object, object]) -> None:
        """Record the statement where the element that is being read begins."""
        subject, predicate, value = (_text(term) for term in triple)
        here = self.spots[-1]
        known = self.subjects.setdefault(triple[0], here)
        self.found.append(Found((subject, predicate, value), Spots(known, here, here)))


def _text(term: object) -> str:
    if isinstance(term, BNode):
        return BLANK
    return f"<{term}>" if isinstance(term, URIRef) else f'"{term}'


class _Handler(RDFXMLHandler):
    """rdflib's handler, telling the recorder where each element begins."""

    def __init__(self, recorder: _Recorder) -> None:
        super().__init__(recorder)  # type: ignore[arg-type]
        self._recorder = recorder

    def startElementNS(self, name, qname, attrs):  # type: ignore[no-untyped-def]  # noqa: N802
        here = Spot(self.locator.getLineNumber() or 1, (self.locator.getColumnNumber() or 0) + 1)
        self._recorder.spots.append(here)
        super().startElementNS(name, qname, attrs)

    def node_element_start(self, name, qname, attrs):  # type: ignore[no-untyped-def]
        super().node_element_start(name, qname, attrs)
        self._recorder.subjects.setdefault(self.current.subject, self._recorder.spots[-1])

    def endElementNS(self, name, qname):  # type: ignore[no-untyped-def]  # noqa: N802
        super().endElementNS(name, qname)
        self._recorder.spots.pop()
