"""What can be told from a query's text without running it, read in one pass over its tokens.

An engine may read a `<` as "less than" where others see the beginning of an IRI, so the pass follows every reading of
the text (server/engine/tokens.py); what must not be missed is true when any reading holds it. The time grows with the
length of the text only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from server.engine.tokens import Token, readings, unescaped

QUERY_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATE_FORMS = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
PART_WORDS = frozenset(["FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", "BIND", "VALUES", "EXISTS", "SELECT"])
DEEPEST = 200
MOST_PARTS = 500
MOST_ITEMS = 1000
_CHANGING = ("NOW", "RAND", "UUID", "BNODE")  # and STRUUID
_AMBIGUOUS = re.compile(
    r"[#'\"(){}\\]"
)  # in an IRI: a comment, string or bracket may begin there if `<` is "less than"
_FRESH = frozenset("[(<~|")  # in a template these make blank nodes, besides `_:`
_STEPS = {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}
_NO_SERVICE_BEFORE = ("GRAPH", "FROM", "NAMED")


@dataclass(frozen=True, slots=True)
class Excess:
    """What a text has more of than is taken: `kind` is depth, parts or items, `most` the bound, `place` an offset."""

    kind: str
    most: int
    place: int


@dataclass(frozen=True, slots=True)
class QueryText:
    """One query's text, read.

    `form` is one of QUERY_FORMS or UPDATE_FORMS, or empty when the text is neither; `prefixes` and `base` are as
    declared in the prologue, and `prologue_end` is the offset behind it. `repeatable` is false when a function such as
    NOW() or RAND(), or a blank node that the template of a CONSTRUCT makes, makes each answer another. `service` is the
    offset of what may be a SERVICE, or -1. `has_dataset` tells of FROM clauses. `star` is the offset of the `*` of
    SELECT *, or -1; `variables` are all, in the order of their first appearance. `excess` is what is too much, or None.
    """

    text: str
    form: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    base: str = ""
    prologue_end: int = 0
    repeatable: bool = True
    service: int = -1
    has_dataset: bool = False
    star: int = -1
    variables: tuple[str, ...] = ()
    excess: Excess | None = None


def read_query(text: str) -> QueryText:
    """Read a query's text, also as an engine does that resolves codepoint escapes first (SPARQL 1.1, section 19.2)."""
    found = _read(text)
    plain = unescaped(text)
    if plain == text:
        return found
    other = _read(plain)
    return replace(
        found,
        repeatable=found.repeatable and other.repeatable,
        service=found.service if found.service >= 0 or other.service < 0 else min(other.service, len(text)),
        has_dataset=found.has_dataset or other.has_dataset,
        excess=found.excess or (other.excess and replace(other.excess, place=min(other.excess.place, len(text)))),
    )


def query_text_of(values: dict[str, Any]) -> QueryText:
    """What `read_job` gave, once more as QueryText."""
    excess = Excess(**values["excess"]) if values["excess"] else None
    return QueryText(**{**values, "variables": tuple(values["variables"]), "excess": excess})


def _read(text: str) -> QueryText:
    everywhere = _Everywhere()
    every = readings(text, _AMBIGUOUS)
    main, following = next(every)
    everywhere.read(main, following, main=True)
    for own, following in every:
        everywhere.read(own, following, main=False)
    prologue = _prologue(text, iter(main))
    body = _Body(prologue.form, prologue.prologue_end)
    body.read(main)
    return replace(
        prologue,
        repeatable=not everywhere.changing and not body.fresh,
        service=everywhere.service,
        has_dataset=everywhere.dataset,
        star=body.star,
        variables=tuple(body.variables),
        excess=body.excess,
    )


def _prologue(text: str, stream: Iterator[Token]) -> QueryText:
    prefixes: dict[str, str] = {}
    base = ""
    first = next(stream, None)
    while first is not None:
        word = first.text.upper()
        if word == "PREFIX" and (pair := _declaration(stream)):
            prefixes[pair[0].text[:-1]] = pair[1].text[1:-1]
        elif word in ("BASE", "VERSION") and (value := next(stream, None)):
            base = value.text[1:-1] if word == "BASE" else base
        else:
            break
        first = next(stream, None)
    return QueryText(text, _form(first), prefixes, base, first.start if first else len(text))


def _declaration(stream: Iterator[Token]) -> tuple[Token, Token] | None:
    """The name and the IRI behind PREFIX, if that is what follows."""
    name, iri = next(stream, None), next(stream, None)
    if name and iri and (name.kind, iri.kind) == ("name", "iri") and name.text.endswith(":"):
        return name, iri
    return None


def _form(first: Token | None) -> str:
    """The first keyword; engines also take keywords without a space behind them, so the beginning of the word
    decides.
    """
    if first is None or first.kind not in ("word", "name"):
        return ""
    word = first.text.upper()
    return next((form for form in (*QUERY_FORMS, *UPDATE_FORMS) if word.startswith(form)), "")


class _Everywhere:
    """What must not be missed in any reading."""

    def __init__(self) -> None:
        self.changing = self.dataset = False
        self.service = -1

    def read(self, own: list[Token], following: list[Token], *, main: bool) -> None:
        """One sequence of tokens with the three behind it."""
        reading = own + following
        for place, token in enumerate(own):
            if token.kind == "word":
                upper = token.text.upper()
                if upper.endswith(_CHANGING) and reading[place + 1 : place + 2] and reading[place + 1].text == "(":
                    self.changing = True  # DISTINCTRAND() is DISTINCT RAND() to some engines
                self.dataset = self.dataset or (main and "FROM" in upper)  # also ASKFROM<g>
            if self.service < 0 and _may_be_service(reading, place) and (main or _opens_group(reading, place)):
                self.service = token.start


def _may_be_service(reading: list[Token], place: int) -> bool:
    """Whether some engine may take a token for the keyword SERVICE: SERVICE:a{…}, SERVICESILENT<…>, trueSERVICE<…>."""
    token = reading[place]
    if token.kind == "word":
        return "service" in token.text.lower() and _names_a_target(reading[place + 1 : place + 2])
    if token.kind != "name" or "service" not in token.text.partition(":")[0].lower():
        return False
    before = reading[place - 1].text.upper() if place else ""
    opens = place + 1 >= len(reading) or reading[place + 1].text == "{"
    return opens and before not in _NO_SERVICE_BEFORE


def _names_a_target(following: list[Token]) -> bool:
    """Whether what follows the keyword can be SILENT or the name of a service; the end of the text leaves it open."""
    return not following or following[0].kind in ("iri", "name", "variable", "word") or following[0].text == "<"


def _opens_group(reading: list[Token], place: int) -> bool:
    """Whether a group opens behind the keyword and its target; asked where words may come from the middle of an IRI."""
    return any(token.text == "{" for token in reading[place + 1 : place + 4])


class _Body:
    """What is told of the text as people read it: its bounds, its columns, and whether its template makes nodes."""

    def __init__(self, form: str, start: int) -> None:
        self.variables: dict[str, None] = {}
        self.star = -1
        self.fresh = False
        self.excess: Excess | None = None
        self._form, self._start = form, start
        self._depth = self._negations = self._quoted = self._parts = 0
        self._angle, self._text_before = -1, ""  # the offset behind a lone `<` or `>`, and which it was
        self._open: list[int] = []  # per open bracket the items seen in a row in it; -1 where it holds no items
        self._in_template = form == "CONSTRUCT"
        self._head = form == "SELECT"  # before the first `{` or `(` or variable

    def read(self, reading: list[Token]) -> None:
        """All tokens of the text."""
        for token in reading:
            if token.kind == "mark":
                self._mark(token)
            elif token.kind == "variable":
                self.variables.setdefault(token.text[1:])
                self._head = False
            elif token.kind == "word" and token.text.upper() in PART_WORDS:
                self._count(token)
            self._template(token)
            self._item(token)
            if token.text != "!":
                self._negations = 0

    def _mark(self, token: Token) -> None:
        mark = token.text
        self._depth = max(self._depth + _STEPS.get(mark, 0), 0)
        self._negations += mark == "!"
        self._quote(token)
        if self._depth + self._negations + self._quoted > DEEPEST:
            self._exceed("depth", DEEPEST, token.start)
        if mark == "*" and self._head and token.start >= self._start:
            self.star = token.start
        self._head = self._head and mark not in "{(*"

    def _quote(self, token: Token) -> None:
        """Count `<<` that no `>>` has closed."""
        if token.text not in "<>":
            return
        paired = self._angle == token.start and self._text_before == token.text
        self._quoted = max(self._quoted + (1 if token.text == "<" else -1), 0) if paired else self._quoted
        self._angle, self._text_before = (-1 if paired else token.end), token.text

    def _count(self, token: Token) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            self._exceed("parts", MOST_PARTS, token.start)

    def _item(self, token: Token) -> None:
        """Count the items of a collection: what stands in parentheses in a row, without a comma or an operator."""
        if token.kind != "mark":
            if self._open and self._open[-1] >= 0:
                self._open[-1] += 1
                if self._open[-1] > MOST_ITEMS:
                    self._exceed("items", MOST_ITEMS, token.start)
        elif _STEPS.get(token.text, 0) > 0:
            self._open.append(0 if token.text == "(" else -1)
        elif self._open and _STEPS.get(token.text, 0) < 0:
            self._open.pop()
        elif self._open and self._open[-1] > 0:
            self._open[-1] = 0

    def _exceed(self, kind: str, most: int, place: int) -> None:
        self.excess = self.excess or Excess(kind, most, place)

    def _template(self, token: Token) -> None:
        """Whether the template, which is the first group, has blank nodes, collections or reifiers."""
        if not self._in_template or token.start < self._start:
            return
        if self._depth and (token.kind == "blank" or (token.kind == "mark" and token.text in _FRESH)):
            self.fresh = True
        if token.text == "}" and self._depth <= 0:
            self._in_template = False


def read_job(_source: object, arguments: dict[str, Any]) -> dict[str, Any]:
    """`read_query` as a Job: a long, perhaps hostile, text is read where that can be stopped. Argument: text."""
    return asdict(read_query(arguments["text"]))
