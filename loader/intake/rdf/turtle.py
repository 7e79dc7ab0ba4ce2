"""Where each statement of a Turtle, TriG, N-Triples or N-Quads text stands.

The text is known to be legal, as pyoxigraph has read it. So this follows the grammar and complains of nothing.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from loader.intake.rdf.statements import BLANK, Found, Lines, Spot, Spots
from loader.model.iris import PREFIXES, is_absolute

_TOKEN = re.compile(
    r"""
    (?P<skip>\s+|\#[^\n\r]*)
  | (?P<iri><[^>\s]*>)
  | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<typed>\^\^)
  | (?P<number>[+-]?(?:[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+\.[eE][+-]?[0-9]+|[0-9]+(?:[eE][+-]?[0-9]+)?))
  | (?P<mark>[.;,\[\](){}])
  | (?P<name>(?:\\.|%[0-9A-Fa-f]{2}|[\w:\-·̀-ͯ‿-⁀]|\.(?=[\w:\-\\%.·]))+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SIGNS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_RDF = PREFIXES["rdf"]
_TYPE, _FIRST, _REST, _NIL = (f"<{_RDF}{name}>" for name in ("type", "first", "rest", "nil"))


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind, its text and its offset."""

    kind: str
    text: str
    offset: int


class Unplaceable(Exception):  # noqa: N818 - not an error of the text: only its places stay unknown
    """The text uses what this reader does not know."""


def find_places(text: str, *, lines_only: bool) -> Iterator[Found]:
    """Every statement with its places; `lines_only` for N-Triples and N-Quads. Raises Unplaceable."""
    reader = _Reader(text)
    return reader.flat() if lines_only else reader.document()


def _tokens(text: str) -> Iterator[Token]:
    offset = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise Unplaceable(f"no token at {offset}")
        if match.lastgroup != "skip":
            yield Token(match.lastgroup or "", match.group(), offset)
        offset = match.end()


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = [*_tokens(text), Token("end", "", len(text))]
        self._at = 0
        self._lines = Lines(text)
        self._prefixes: dict[str, str] = {}
        self._base = ""

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        if token.kind == "end":
            raise Unplaceable("the text ends too early")
        self._at += 1
        return token

    def _expect(self, mark: str) -> None:
        if self._take().text != mark:
            raise Unplaceable(f"{mark} was expected")

    def flat(self) -> Iterator[Found]:
        while self._next.kind != "end":
            subject, predicate = self._take(), self._take()
            place = self._next
            value = self._literal() if place.kind == "string" else self._term(self._take())
            yield self._found((self._term(subject), self._spot(subject)), predicate, value, place)
            while self._take().text != ".":
                continue

    def document(self) -> Iterator[Found]:
        while self._next.kind != "end":
            word = self._next.text.casefold()
            if word in ("@prefix", "prefix", "@base", "base") and self._next.kind in ("tag", "name"):
                self._directive(dotted=word.startswith("@"))
            elif word == "graph" or word == "{" or self._graph_follows():
                while self._take().text != "{":
                    continue
                while self._next.text != "}":
                    yield from self._triples()
                    if self._next.text == ".":
                        self._take()
                self._expect("}")
            else:
                yield from self._triples()
                self._expect(".")

    def _graph_follows(self) -> bool:
        ahead = [token.text for token in self._tokens[self._at + 1 : self._at + 3]]
        return bool(ahead) and (ahead[0] == "{" or (self._next.text == "[" and ahead == ["]", "{"]))

    def _directive(self, *, dotted: bool) -> None:
        word = self._take().text.casefold().lstrip("@")
        if word == "prefix":
            name = self._take().text.removesuffix(":")
            self._prefixes[name] = self._iri(self._take().text)
        else:
            self._base = self._iri(self._take().text)
        if dotted:
            self._expect(".")

    def _triples(self) -> Iterator[Found]:
        start = self._next
        if start.text in ("[", "("):
            subject = yield from self._compound()
            if self._next.text in (".", "}"):
                return
        else:
            subject = self._term(self._take())
        yield from self._properties(subject, start)

    def _properties(self, subject: str, start: Token) -> Iterator[Found]:
        while self._next.text not in (".", "]", "}") and self._next.kind != "end":
            if self._next.text == ";":
                self._take()
                continue
            predicate = self._take()
            yield from self._values(subject, start, predicate)

    def _values(self, subject: str, start: Token, predicate: Token) -> Iterator[Found]:
        while True:
            place = self._next
            here = (subject, self._spot(start))
            if place.text in ("[", "(") and place.kind == "mark":
                at = self._at
                yield self._found(here, predicate, _NIL if self._tokens[at + 1].text == ")" else BLANK, place)
                yield from self._compound()
            elif place.kind == "string":
                yield self._found(here, predicate, self._literal(), place)
            else:
                yield self._found(here, predicate, self._value(self._take()), place)
            if self._next.text != ",":
                return
            self._take()

    def _compound(self) -> Generator[Found, None, str]:
        """A blank node with its properties, or a collection; the generator returns the text of the node."""
        start = self._take()
        if start.text == "[":
            yield from self._properties(BLANK, start)
            self._expect("]")
            return BLANK
        empty = True
        while self._next.text != ")":
            empty = False
            place = self._next
            spots = Spots(self._spot(place), self._spot(place), self._spot(place))
            if place.text in ("[", "(") and place.kind == "mark":
                nil = place.text == "(" and self._tokens[self._at + 1].text == ")"
                yield Found((BLANK, _FIRST, _NIL if nil else BLANK), spots)
                yield from self._compound()
            else:
                value = self._literal() if place.kind == "string" else self._value(self._take())
                yield Found((BLANK, _FIRST, value), spots)
            yield Found((BLANK, _REST, _NIL if self._next.text == ")" else BLANK), spots)
        self._expect(")")
        return _NIL if empty else BLANK

    def _found(self, subject: tuple[str, Spot], predicate: Token, value: str, place: Token) -> Found:
        key = (subject[0], self._predicate(predicate), value)
        return Found(key, Spots(subject[1], self._spot(predicate), self._spot(place)))

    def _predicate(self, token: Token) -> str:
        return _TYPE if token.text == "a" and token.kind == "name" else self._term(token)

    def _value(self, token: Token) -> str:
        if token.kind == "number" or (token.kind == "name" and token.text in ("true", "false")):
            return f'"{token.text}'
        return self._term(token)

    def _term(self, token: Token) -> str:
        if token.kind == "iri":
            return f"<{self._iri(token.text)}>"
        if token.kind != "name":
            raise Unplaceable(f"{token.text} is no term")
        prefix, colon, local = token.text.partition(":")
        if not colon or (prefix != "_" and prefix not in self._prefixes):
            raise Unplaceable(f"{token.text} has no known prefix")
        return BLANK if prefix == "_" else f"<{self._prefixes[prefix]}{_unescape(local)}>"

    def _literal(self) -> str:
        text = self._take().text
        marks = 3 if text.startswith(('"""', "'''")) else 1
        if self._next.kind == "tag":
            self._take()
        elif self._next.kind == "typed":
            self._take()
            self._take()
        return f'"{_unescape(text[marks:-marks])}'

    def _iri(self, text: str) -> str:
        iri = _unescape(text[1:-1])
        return iri if is_absolute(iri) or not self._base else urljoin(self._base, iri)

    def _spot(self, token: Token) -> Spot:
        return self._lines.spot(token.offset)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(_sign, text) if "\\" in text else text


def _sign(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _SIGNS.get(match[3], match[3])
