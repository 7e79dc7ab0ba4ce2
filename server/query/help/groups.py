"""The structure of a query's group graph patterns, as spans of its text: single triple patterns, filters, nested
groups.

Grammar: SPARQL 1.1, section 19.8, rules 53 to 109. A text that does not follow it ends in NotRead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from server.engine.tokens import Token, tokens

_PAIRS = {"{": "}", "(": ")", "[": "]"}
_CLOSING = frozenset(_PAIRS.values())
_TERMS = frozenset({"iri", "name", "variable", "blank", "number", "string"})


class NotRead(Exception):  # noqa: N818 - a refusal, not a fault
    """The text is beyond what is read here."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a group: `text` is SPARQL that can stand in a group by itself, `start` its offset in the query.

    `kind` is triple, filter, optional, union, group, graph, minus, bind, values or select; for group and graph `inner`
    holds the tokens between the braces and `head` what stands before them.
    """

    kind: str
    text: str
    start: int
    predicate: tuple[Token, ...] = ()
    object: tuple[Token, ...] = ()
    head: str = ""
    inner: tuple[Token, ...] = ()


def where_tokens(text: str) -> tuple[list[Token], list[Token]]:
    """The tokens inside the outermost group of a SELECT query, and those behind it (the solution modifiers)."""
    stream = list(tokens(text))
    begin = next((place for place, token in enumerate(stream) if token.text == "{"), None)
    if begin is None:
        raise NotRead
    end = _closing(stream, begin)
    return stream[begin + 1 : end], stream[end + 1 :]


def elements(stream: list[Token], text: str) -> list[Element]:
    """The elements of one group, in the order of the text."""
    return list(_Reader(stream, text).elements())


def _closing(stream: list[Token], place: int) -> int:
    """The place of the bracket that closes the one at `place`."""
    depth = 0
    for index in range(place, len(stream)):
        token = stream[index]
        if token.kind == "mark" and token.text in _PAIRS:
            depth += 1
        elif token.kind == "mark" and token.text in _CLOSING:
            depth -= 1
            if depth == 0:
                return index
    raise NotRead


class _Reader:
    """Reads the tokens of one group from left to right."""

    def __init__(self, stream: list[Token], text: str) -> None:
        self._stream = stream
        self._text = text
        self._place = 0

    def elements(self) -> Iterator[Element]:
        if self._stream and self._stream[0].text.upper() == "SELECT":
            yield self._element("select", 0, len(self._stream))
            return
        while self._place < len(self._stream):
            word = self._peek().text.upper()
            if self._peek().text == ".":
                self._place += 1
            elif word == "FILTER":
                yield self._filter()
            elif word in ("OPTIONAL", "MINUS"):
                yield self._braced(word.lower(), 1)
            elif word in ("GRAPH", "SERVICE"):
                yield self._braced("graph", 2)
            elif word == "BIND":
                yield self._upto_bracket("bind", "(")
            elif word == "VALUES":
                yield self._upto_bracket("values", "{")
            elif self._peek().text == "{":
                yield self._groups()
            else:
                yield from self._triples()

    def _peek(self) -> Token:
        if self._place >= len(self._stream):
            raise NotRead
        return self._stream[self._place]

    def _element(self, kind: str, begin: int, end: int) -> Element:
        first, last = self._stream[begin], self._stream[end - 1]
        return Element(kind, self._text[first.start : last.end], first.start)

    def _filter(self) -> Element:
        """FILTER with a bracketed expression, a call, or (NOT) EXISTS with a group."""
        begin = self._place
        self._place += 1
        while self._peek().text not in ("(", "{"):
            self._place += 1
        self._place = _closing(self._stream, self._place) + 1
        return self._element("filter", begin, self._place)

    def _braced(self, kind: str, skip: int) -> Element:
        begin = self._place
        self._place += skip
        if self._peek().text != "{":
            raise NotRead
        opened, closed = self._place, _closing(self._stream, self._place)
        self._place = closed + 1
        head = self._text[self._stream[begin].start : self._stream[opened].start]
        whole = self._element(kind, begin, closed + 1)
        return Element(kind, whole.text, whole.start, head=head, inner=tuple(self._stream[opened + 1 : closed]))

    def _upto_bracket(self, kind: str, bracket: str) -> Element:
        begin = self._place
        while self._peek().text != bracket:
            self._place += 1
        self._place = _closing(self._stream, self._place) + 1
        return self._element(kind, begin, self._place)

    def _groups(self) -> Element:
        """A group, or several joined by UNION."""
        begin = self._place
        first = self._braced("group", 0)
        while self._place < len(self._stream) and self._stream[self._place].text.upper() == "UNION":
            self._place += 1
            self._braced("group", 0)
        whole = self._element("union", begin, self._place)
        return first if whole.text == first.text else whole

    def _triples(self) -> Iterator[Element]:
        """One subject with its properties and objects, as one triple pattern each."""
        subject = self._term()
        if self._ends() and subject[0].text in ("[", "("):
            yield self._triple(subject, (), ())
            return
        while True:
            predicate = self._path()
            while True:
                yield self._triple(subject, predicate, self._term())
                if self._ends() or self._peek().text != ",":
                    break
                self._place += 1
            if self._ends() or self._peek().text != ";":
                return
            while not self._ends() and self._peek().text == ";":
                self._place += 1
            if self._ends() or self._peek().text == ".":
                return

    def _ends(self) -> bool:
        return self._place >= len(self._stream)

    def _triple(self, subject: tuple[Token, ...], predicate: tuple[Token, ...], value: tuple[Token, ...]) -> Element:
        parts = [self._text[part[0].start : part[-1].end] for part in (subject, predicate, value) if part]
        start = (predicate or subject)[0].start
        return Element("triple", " ".join(parts), start, predicate, value)

    def _term(self) -> tuple[Token, ...]:
        """A term: a bracketed node, or one token; a literal with its language or datatype, a number with its sign."""
        begin = self._place
        token = self._peek()
        if token.text in ("[", "("):
            self._place = _closing(self._stream, self._place) + 1
        elif token.text in ("+", "-"):
            self._place += 2
        elif token.kind in _TERMS or token.text.lower() in ("true", "false"):
            self._place += 1
            if token.kind == "string" and not self._ends():
                self._skip_suffix()
        else:
            raise NotRead
        return tuple(self._stream[begin : self._place])

    def _skip_suffix(self) -> None:
        if self._peek().kind == "language":
            self._place += 1
        elif self._peek().text == "^":
            self._place += 3

    def _path(self) -> tuple[Token, ...]:
        """A variable, or a property path: primaries with signs, joined by / and |."""
        begin = self._place
        if self._peek().kind == "variable":
            self._place += 1
            return tuple(self._stream[begin : self._place])
        while True:
            while self._peek().text in ("^", "!"):
                self._place += 1
            if self._peek().text == "(":
                self._place = _closing(self._stream, self._place) + 1
            elif self._peek().kind in ("iri", "name") or self._peek().text == "a":
                self._place += 1
            else:
                raise NotRead
            if not self._ends() and self._peek().text in ("*", "+", "?"):
                self._place += 1
            if self._ends() or self._peek().text not in ("/", "|"):
                return tuple(self._stream[begin : self._place])
            self._place += 1
