"""SPARQL's terminals (SPARQL 1.1, section 19.8), read as tokens with their positions; what cannot be read becomes
single characters.

However a text is made up, the time to read it grows with its length only: where a pattern alone would scan the same
characters once for every token in them, `Reader` remembers how far it looked.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

_NAME = r"[^\W\d_](?:[\w.\-·]*[\w\-·])?"
_LOCAL_CHAR = r"(?:[\w:\-·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])"
_LOCAL = rf"(?:{_LOCAL_CHAR}(?:(?:\.|{_LOCAL_CHAR})*{_LOCAL_CHAR})?)?"
_GRAMMAR = r"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>\#)
  | (?P<iri><[^<>\s]*>)
  | (?P<string>"(?!"")[^"\\\r\n]{0,99}"|'(?!'')[^'\\\r\n]{0,99}')
  | (?P<quote>["'])
  | (?P<variable>[?$]\w[\w·]*)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
  | (?P<blank>_:\w(?:[\w.\-·]*[\w\-·])?)
  | (?P<name>NAME)
  | (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>\w+)
  | (?P<mark>.)
"""
_TOKEN = re.compile(_GRAMMAR.replace("NAME", rf"(?:{_NAME})?:{_LOCAL}"), re.VERBOSE | re.DOTALL)
_TOKEN_IN_RUN = re.compile(_GRAMMAR.replace("NAME", f":{_LOCAL}"), re.VERBOSE | re.DOTALL)
_RUN = re.compile(r"[\w.\-·]*")
_LINE_END = re.compile(r"[\r\n]")
_STOPS = {
    '"': re.compile(r'["\\\r\n]'),
    "'": re.compile(r"['\\\r\n]"),
    '"""': re.compile(r'"""|\\'),
    "'''": re.compile(r"'''|\\"),
}
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class Token(NamedTuple):
    """One terminal: `kind` is the group's name in the grammar above, `start` the offset of its first character."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind the last character."""
        return self.start + len(self.text)


class Reader:
    """Reads the token at any place of a text; the places may come in any order, and best from left to right."""

    def __init__(self, text: str) -> None:
        """Nothing is read yet."""
        self.text = text
        self._run = (0, 0, True)
        self._lines: list[int] | None = None
        self._ends: dict[str, dict[int, int]] = {mark: {} for mark in _STOPS}

    def span(self, position: int) -> tuple[str, int]:
        """The kind of the token that starts at `position`, and the offset behind it; IndexError beyond the text."""
        begin, end, nameable = self._run
        pattern = _TOKEN if nameable or not begin <= position < end else _TOKEN_IN_RUN
        match = pattern.match(self.text, position)
        if match is None:
            raise IndexError(position)
        kind, behind = match.lastgroup or "mark", match.end()
        if kind == "comment":
            return kind, self._line_end(position)
        if kind == "quote":
            return self._string(position)
        if kind == "word" and not begin <= position < end:
            self._note_run(position)
        return kind, behind

    def _note_run(self, position: int) -> None:
        """A word may begin a run of characters that names have, which no colon follows: then no name begins in it."""
        end = _RUN.match(self.text, position).end()  # type: ignore[union-attr]  # it matches the empty string
        self._run = (position, end, self.text.startswith(":", end) and self.text[end - 1] != ".")

    def _line_end(self, position: int) -> int:
        if self._lines is None:
            self._lines = [*(found.start() for found in _LINE_END.finditer(self.text)), len(self.text)]
        return self._lines[bisect_left(self._lines, position)]

    def _string(self, position: int) -> tuple[str, int]:
        """The string that begins here; a quotation mark that nothing closes is a mark."""
        quote = self.text[position]
        long = self.text.startswith(quote * 3, position)
        behind = (self._closing(quote * 3, position + 3) if long else 0) or self._closing(quote, position + 1)
        return ("string", behind) if behind else ("mark", position + 1)

    def _closing(self, mark: str, position: int) -> int:
        """The offset behind the next `mark` that no backslash escapes, 0 if there is none (on the line, of a short
        one).
        """
        known = self._ends[mark]
        passed: list[int] = []
        behind = 0
        while (stop := _STOPS[mark].search(self.text, position)) is not None:
            if stop.start() in known:
                behind = known[stop.start()]
                break
            passed.append(stop.start())
            if stop.group() != "\\":
                behind = stop.end() if stop.group() == mark else 0
                break
            position = stop.start() + 2
        known.update(dict.fromkeys(passed, behind))
        return behind


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """The tokens of a query in order from an offset on, without white space and comments."""
    reader = Reader(text)
    while start < len(text):
        kind, end = reader.span(start)
        if kind not in ("space", "comment"):
            yield Token(kind, text[start:end], start)
        start = end


def readings(text: str, ambiguous: re.Pattern[str]) -> Iterator[tuple[list[Token], list[Token]]]:
    """The token sequences of a text in every way to read it, each with the three tokens behind it.

    An engine may take a `<` as "less than" where there could be an IRI, so a reading also begins behind the `<` of each
    IRI in which `ambiguous` is found. The first sequence is the text as `tokens` reads it; the others end where they
    meet what is read already.
    """
    reader = Reader(text)
    seen: set[int] = set()
    seams: dict[int, list[Token]] = {}
    starts = [0]
    while starts:
        position = starts.pop()
        reading: list[Token] = []
        while position < len(text) and position not in seen:
            seen.add(position)
            kind, end = reader.span(position)
            if kind not in ("space", "comment"):
                reading.append(Token(kind, text[position:end], position))
            if kind == "iri" and ambiguous.search(text, position, end):
                starts.append(position + 1)
            position = end
        if position not in seams:
            seams[position] = _following(reader, position)
        yield reading, seams[position]


def _following(reader: Reader, position: int) -> list[Token]:
    """The next three tokens from a place on."""
    found: list[Token] = []
    while position < len(reader.text) and len(found) < 3:
        kind, end = reader.span(position)
        if kind not in ("space", "comment"):
            found.append(Token(kind, reader.text[position:end], position))
        position = end
    return found


def unescaped(text: str) -> str:
    """The text with its codepoint escapes resolved (SPARQL 1.1, section 19.2), once."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else escape[0]


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The 1-based line and column of an offset."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
