"""The cells of a list, which a page shows with links and a file holds as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing, Value
from server.pages.words.collation import swedish
from server.pages.words.names import plain
from server.pages.words.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Cell:
    """Things to link to, or a text, or a number; `unknown` when the sources are silent, `href` leads to what a number
    counts, or out of here.

    `short` says that documents stand with publisher and year alone.
    """

    things: tuple[Thing, ...] = ()
    text: str = ""
    language: str = ""
    number: int | None = None
    unknown: bool = False
    href: str = ""
    marks: tuple[str, ...] = ()
    short: bool = False

    @property
    def plain(self) -> str | int:
        """The cell in a file."""
        if self.number is not None:
            return self.number
        if self.unknown:
            return _("we do not know")
        if self.things:
            marks = self.marks or ("",) * len(self.things)
            return "; ".join(
                plain(one) + (f" ({mark})" if mark else "") for one, mark in zip(self.things, marks, strict=True)
            )
        return self.text

    @property
    def order(self) -> tuple[object, ...]:
        """The place in a column: numbers by value, words in Swedish order, what is not known last."""
        if self.number is not None:
            return (0, self.number)
        return (2,) if self.unknown else (1, swedish(str(self.plain)))


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its key and word; `of` makes its cell of a thing; a `narrow` one keeps its words on one line."""

    key: str
    word: str
    of: Callable[[Catalogue, Thing], Cell]
    numeric: bool = False
    narrow: bool = False


def linked(name: str, *, silent: bool = True) -> Callable[[Catalogue, Thing], Cell]:
    """The things that a property leads to; nothing is unknown when the sources are `silent`, else simply nothing."""

    def make(found: Catalogue, thing: Thing) -> Cell:
        things = tuple(found.linked(thing, name))
        return Cell(things) if things or not silent else Cell(unknown=True)

    return make


def all_of(things: Iterable[Thing]) -> Cell:
    """Things, or nothing known."""
    every = tuple(things)
    return Cell(every) if every else Cell(unknown=True)


def said(value: Value | None) -> Cell:
    """A text in its language."""
    return Cell(text=value.text, language=value.language) if value is not None else Cell(unknown=True)


def yes_or_no(flag: bool | None) -> Cell:
    """Yes, no, or not known."""
    if flag is None:
        return Cell(unknown=True)
    return Cell(text=_("yes") if flag else _("no"))
