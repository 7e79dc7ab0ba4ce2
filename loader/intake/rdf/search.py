"""The lines on which statements of RDF/XML and JSON-LD stand, looked for in the text.

Their parsers do not say where a statement stands, so its words are looked for: the line that names the subject, from
there the line that names the property, and from there the one that names the value. What repeats is taken in its order.
It is a place to look, and may be another where two things share their last names.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from loader.intake.rdf.statements import Found, Spot, Spots, text_of
from loader.model import iris

_WORD = re.compile(r"[^\s\"'<>=,{}\[\]&;]+")
_LAST = re.compile(r"[^/#:]+$")
_TYPE = iris.PREFIXES["rdf"] + "type"
_DESCRIBES = re.compile(r"\babout=|\bID=|\"@id\"")


class Text:
    """The lines of a text by the last names of the words on them."""

    def __init__(self, text: str) -> None:
        """Read the words of each line."""
        self._lines = text.splitlines()
        self._of: defaultdict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(self._lines, 1):
            for word in {_last(word) for word in _WORD.findall(line)}:
                self._of[word].append(number)
        self._beginnings = [number for number, line in enumerate(self._lines, 1) if _DESCRIBES.search(line)]

    def describing(self, subject: str) -> int | None:
        """The first line that begins the description of a subject, or names it at all."""
        named = self._of.get(_last(subject), [])
        return next((number for number in named if number in set(self._beginnings)), named[0] if named else None)

    def after(self, line: int, name: str, nth: int = 0) -> int | None:
        """The line from `line` on that names something for the nth time, counted from 0; the last one when fewer do."""
        later = [number for number in self._of.get(_last(name), []) if number >= line]
        return later[min(nth, len(later) - 1)] if later else None

    def spot(self, line: int) -> Spot:
        """The first character of a line that is not white."""
        text = self._lines[line - 1]
        return Spot(line, len(text) - len(text.lstrip()) + 1)


def find_places(text: str, quads: Iterable[Quad]) -> Iterator[Found]:
    """The places of statements, given in the order of the file; those of which no word is found are left out."""
    lines = Text(text)
    seen: Counter[tuple[str, str]] = Counter()
    subject_line = line = 1
    for quad in quads:
        subject, predicate, value = (text_of(part) for part in (quad.subject, quad.predicate, quad.object))
        named = "@type" if quad.predicate.value == _TYPE else quad.predicate.value
        if isinstance(quad.subject, NamedNode):
            subject_line = lines.describing(quad.subject.value) or subject_line
        else:
            subject_line = lines.after(line + 1, named) or line
        nth = seen[subject, predicate] if isinstance(quad.subject, NamedNode) else 0
        seen[subject, predicate] += 1
        line = lines.after(subject_line, named, nth) or subject_line
        spots = (lines.spot(number) for number in (subject_line, line, _value_line(lines, line, quad.object)))
        yield Found((subject, predicate, value), Spots(*spots))


def line_of(text: str, word: str) -> int:
    """The first line that holds a word; 1 when none does."""
    return next((number for number, line in enumerate(text.splitlines(), 1) if word in line), 1)


def _value_line(lines: Text, line: int, value: object) -> int:
    """Where the value stands: on the line of its property, or on the next that holds its first word."""
    if isinstance(value, BlankNode):
        return line
    text = value.value if isinstance(value, NamedNode | Literal) else ""
    words = _WORD.findall(text)
    found = lines.after(line, words[0]) if words else None
    return found if found is not None and found - line <= 2 else line


def _last(word: str) -> str:
    match = _LAST.search(word)
    return match[0] if match else word
