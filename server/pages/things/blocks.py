"""What the page of a thing is put together from; the template `thing.html` shows each kind of block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.pages.catalogue.things import Thing, Value
from server.pages.lists.cells import Cell, Column
from server.pages.queries import Counted
from server.pages.registers import Coverage
from server.pages.words.badges import Badge, Whys


@dataclass(frozen=True, slots=True)
class Fact:
    """A property in words with its value, how sure it is, and what there is to add."""

    word: str
    cell: Cell
    badges: tuple[Badge, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Properties of the thing."""

    facts: Sequence[Fact]
    block: str = "facts"


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of other things, with its query; `whole` is the address of the list that holds them all."""

    caption: str
    columns: Sequence[Column]
    things: Sequence[Thing]
    counted: Counted | None = None
    whole: str = ""
    block: str = "listing"


@dataclass(frozen=True, slots=True)
class Measures:
    """Indicators with a column for each follow-up area."""

    caption: str
    columns: Sequence[Thing]
    rows: Sequence[object]
    counted: Counted
    block: str = "measures"


@dataclass(frozen=True, slots=True)
class Items:
    """A bulleted list of texts or things; `unknown` marks them as what we do not know."""

    items: Sequence[str | Thing]
    block: str = "items"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `unknown` begins it with “we do not know”, `note` sets it off, `href` is where it leads on."""

    text: str
    unknown: bool = False
    note: bool = False
    href: str = ""
    more: str = ""
    block: str = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str
    block: str = "heading"


@dataclass(frozen=True, slots=True)
class Chart:
    """The coverage of a register, drawn; `title` states the finding."""

    title: str
    coverage: Coverage
    printed: str
    passages: Sequence[Thing]
    block: str = "chart"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two provisions side by side: what it says, words of its text, whether it holds, since or until when."""

    thing: Thing
    subject: str
    words: Sequence[str]
    holds: bool
    begun: str
    ended: str
    links: Sequence[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """An old and a new provision side by side, and how sure it is that they answer to one another."""

    new: Side
    old: Side
    badges: tuple[Badge, ...]
    kind: str
    block: str = "pair"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Days and what happened."""

    events: Sequence[tuple[str, str]]
    block: str = "timeline"


@dataclass(frozen=True, slots=True)
class Code:
    """A query or rule as text, with the page that runs it when there is one."""

    text: str
    run: str = ""
    block: str = "code"


Block = Facts | Listing | Measures | Items | Text | Heading | Chart | Pair | Timeline | Code


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a heading of its own."""

    key: str
    word: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class View:
    """The page of a thing: its kind in words, its name, the finding, its sections, and links beside them."""

    kind: str
    title: Value
    lede: str
    sections: Sequence[Section]
    whys: Whys
    above: tuple[str, str] | None = None
    beside: Sequence[tuple[str, Sequence[tuple[str, str]]]] = field(default_factory=tuple)
