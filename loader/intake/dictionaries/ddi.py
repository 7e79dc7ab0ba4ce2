"""DDI Codebook (2.x): each var of the data description is a variable (ddialliance.org, ddi:codebook)."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from loader.intake.dictionaries.entries import Entry, as_sheet, listed_codes
from loader.intake.grids.grid import ReadGrids
from loader.intake.upload import Upload

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def is_codebook(text: str) -> bool:
    """Whether an XML document is a DDI code book."""
    return "<codeBook" in text[:4_000] or ":codeBook" in text[:4_000]


def read_codebook(upload: Upload) -> ReadGrids | None:
    """The code book's variables as a sheet; None when it is no well-formed code book."""
    try:
        root = fromstring(upload.data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    title = next((_text(item) for item in _all(root, "titl")), "")
    entries = [_entry(item) for item in _all(root, "var") if item.attrib.get("name")]
    return as_sheet(upload, "DDI Codebook", title, entries)


def _entry(variable: Element) -> Entry:
    own = [item for item in variable if _local(item) == "labl"]
    questions = list(_all(variable, "qstnLit"))
    labels = [(item.attrib.get(_LANGUAGE, "und"), _text(item)) for item in (*own, *questions)]
    pairs = [(_first(item, "catValu"), _first(item, "labl")) for item in _all(variable, "catgry")]
    return Entry(
        variable.attrib["name"], tuple(labels), unit=variable.attrib.get("measUnit", ""), codes=listed_codes(pairs)
    )


def _first(element: Element, name: str) -> str:
    return next((_text(item) for item in _all(element, name)), "")


def _all(root: Element, name: str) -> Iterator[Element]:
    return (item for item in root.iter() if _local(item) == name)


def _local(item: Element) -> str:
    return item.tag.rpartition("}")[2] if isinstance(item.tag, str) else ""


def _text(item: Element) -> str:
    return " ".join("".join(item.itertext()).split())
