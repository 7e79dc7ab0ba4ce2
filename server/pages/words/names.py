"""What things are called on a page: the short name of a register, else the label in the reader's language."""

from __future__ import annotations

from markupsafe import Markup, escape

from server.pages.catalogue.things import Thing, Value
from server.pages.links import thing as address
from server.pages.words.collation import Key, swedish
from server.pages.words.wording import capital, small, spoken

LABEL = "skos:prefLabel"


def called(thing: Thing, *, whole: bool = False) -> Value:
    """The name of a thing with its language; `whole` asks for the full name of a register."""
    short = thing.first("rg:shortName") if thing.kind in ("register", "agent") and not whole else ""
    if short:
        return Value("literal", capital(short) if thing.kind == "register" else short)
    return thing.text(LABEL, spoken()) or Value("literal", thing.key)


def plain(thing: Thing) -> str:
    """The name as plain text."""
    return called(thing).text


def within(thing: Thing) -> str:
    """The name within a sentence, with a small letter where it is a common noun."""
    return small(plain(thing))


def order(thing: Thing) -> Key:
    """The place of a thing among others of its kind."""
    return swedish(plain(thing))


def marked(value: Value) -> Markup:
    """A text with its language where that is not the page's."""
    if value.language in ("", spoken()):
        return escape(value.text)
    return Markup('<span lang="{}">{}</span>').format(value.language, value.text)


def name(thing: Thing) -> Markup:
    """The name of a thing, ready for a page."""
    return marked(called(thing))


def link(thing: Thing) -> Markup:
    """The name of a thing as a link to its page."""
    return Markup('<a href="{}">{}</a>').format(address(thing.iri), name(thing))
