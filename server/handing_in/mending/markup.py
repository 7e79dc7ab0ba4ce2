"""XML mended by its bytes: elements with where they begin and end, so that all else can stay as it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.parsers.expat import ParserCreate
from xml.sax.saxutils import escape, quoteattr

_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")


@dataclass(slots=True)
class Element:
    """An element in the bytes: its name as written, and where it begins and ends; `inner` is where its tag ends."""

    name: str
    attributes: Mapping[str, str]
    depth: int
    begin: int
    inner: int
    end: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """Other bytes from `begin` to `end`."""

    begin: int
    end: int
    new: bytes


def elements(xml: bytes, names: frozenset[str]) -> list[Element]:
    """The elements with these names (without prefix), in the order in which they begin; ExpatError when ill-formed."""
    parser = ParserCreate()
    found: list[Element] = []
    opened: list[Element | None] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] not in names:
            opened.append(None)
            return
        begin = parser.CurrentByteIndex
        tag = _TAG.match(xml, begin)
        element = Element(name, attributes, len(opened), begin, tag.end() if tag else begin)
        opened.append(element)
        found.append(element)

    def end(name: str) -> None:
        element = opened.pop()
        if element is None:
            return
        closing = _TAG.match(xml, parser.CurrentByteIndex)
        alone = xml[element.inner - 2 : element.inner] == b"/>"
        element.end = element.inner if alone or closing is None else closing.end()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(xml, True)
    return found


def can_be_edited(xml: bytes) -> bool:
    """Whether ASCII can be put into it: not where two bytes make a character."""
    return b"\0" not in xml[:100]


def edited(xml: bytes, edits: Sequence[Edit]) -> bytes:
    """The bytes with the edits, which do not overlap."""
    parts, last = [], 0
    for edit in sorted(edits, key=lambda edit: edit.begin):
        parts += [xml[last : edit.begin], edit.new]
        last = edit.end
    return b"".join([*parts, xml[last:]])


def tag(name: str, attributes: Mapping[str, str], *, alone: bool = False) -> bytes:
    """A start tag in ASCII."""
    said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return ascii_only(f"<{name}{said}{'/' if alone else ''}>")


def content(text: str) -> bytes:
    """The text of an element in ASCII, whatever encoding the file has."""
    return ascii_only(escape(text))


def ascii_only(text: str) -> bytes:
    """The text with references for what is beyond ASCII."""
    return text.encode("ascii", "xmlcharrefreplace")
