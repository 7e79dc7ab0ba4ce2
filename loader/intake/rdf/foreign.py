"""What submitted RDF/XML and JSON-LD may not lead to: document types, entities, and contexts elsewhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from xml.sax import SAXException

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from loader.intake.rdf.statements import Spot


def document_type_spot(text: str) -> Spot | None:
    """Where a text declares a document type, which is never read; None when it does not."""
    spot, error = _read(text)
    return spot if isinstance(error, DefusedXmlException) else None


def xml_error_spot(text: str) -> Spot | None:
    """Where the reading of a text that is not XML ends; None when it is XML."""
    spot, error = _read(text)
    return spot if error is not None else None


def remote_contexts(value: Any) -> Iterator[str]:
    """The address of every context of a JSON-LD document that would have to be fetched."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack += item
        elif isinstance(item, dict):
            for name, member in item.items():
                if name in ("@context", "@import"):
                    yield from (
                        part for part in (member if isinstance(member, list) else [member]) if isinstance(part, str)
                    )
                stack.append(member)


def _read(text: str) -> tuple[Spot, Exception | None]:
    """Where the reader of XML stopped, and why."""
    parser = defusedxml.sax.make_parser()
    parser.forbid_dtd = True
    error: Exception | None = None
    try:
        parser.parse(io.StringIO(text))
    except (DefusedXmlException, SAXException) as raised:
        error = raised
    return Spot(parser.getLineNumber() or 1, (parser.getColumnNumber() or 0) + 1), error
