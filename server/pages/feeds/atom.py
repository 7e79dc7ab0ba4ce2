"""Atom as text: a feed and its entries, escaped by the XML library (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

TYPE = "application/atom+xml; charset=utf-8"
_NS = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: `key` is a URI that stays while what it tells stays; `updated` is a time as in RFC 3339."""

    key: str
    title: str
    updated: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed under `address`, about the page `link`; `updated` is the time of its newest entry or of the release."""

    address: str
    title: str
    link: str
    updated: str
    lang: str
    entries: Sequence[Entry]


def atom(feed: Feed) -> bytes:
    """The feed as a document."""
    ET.register_namespace("", _NS)
    root = ET.Element(f"{{{_NS}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.lang})
    _head(root, feed.address, feed.title, feed.updated, feed.link)
    _add(root, "link", rel="self", href=feed.address, type="application/atom+xml")
    _add(_add(root, "author"), "name").text = "registergraf"
    for one in feed.entries:
        entry = _add(root, "entry")
        _head(entry, one.key, one.title, one.updated, one.link)
        _add(entry, "content", type="text").text = _xml(one.text)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode").encode("utf-8")


def _head(parent: ET.Element, key: str, title: str, updated: str, link: str) -> None:
    for name, text in (("id", key), ("title", title), ("updated", updated)):
        _add(parent, name).text = _xml(text)
    _add(parent, "link", rel="alternate", href=link, type="text/html")


def _add(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_NS}}}{name}", attributes)


def _xml(text: str) -> str:
    """A text without what XML 1.0 cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff"))
