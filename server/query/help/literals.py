"""Literals that the release holds otherwise than a query writes them: with another tag, datatype or letter case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from server.engine.rows import Term
from server.engine.source import Source
from server.engine.tokens import Token, tokens
from server.query.help.groups import Element
from server.query.help.unknown_terms import Hint
from server.query.prefixes import short_name
from server.query.text import QueryText

XSD = "http://www.w3.org/2001/XMLSchema#"
_BARE = {
    XSD + "integer": re.compile(r"[+-]?\d+"),
    XSD + "decimal": re.compile(r"[+-]?\d*\.\d+"),
    XSD + "boolean": re.compile("true|false"),
}
_COMPARISONS = ("=", "IN", "!=")
_MOST = 3


def written(term: Term) -> str:
    """A literal as one writes it in SPARQL: 90, true, "1"^^xsd:date, "ja"@sv."""
    bare = _BARE.get(term.datatype)
    if bare is not None and bare.fullmatch(term.text):
        return term.text
    text = '"' + term.text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if term.language:
        return f"{text}@{term.language}"
    return f"{text}^^{short_name(term.datatype)}" if term.datatype else text


def literal_hints(source: Source, query: QueryText, element: Element) -> Iterator[Hint]:
    """The same text as a value of the same property, where the pattern's own literal is none of it."""
    value = _lexical(element.object)
    if value is None or not element.predicate:
        return
    prologue = query.text[: query.prologue_end]
    path = query.text[element.predicate[0].start : element.predicate[-1].end]
    test = f"FILTER(isLiteral(?value) && LCASE(STR(?value)) = LCASE({value}))"
    rows = source.rows(f"{prologue}\nSELECT DISTINCT ?value {{ ?subject {path} ?value . {test} }} LIMIT {_MOST}", _MOST)
    yield from _told([row[0] for row in rows], _source(element.object, query.text))


def filter_hints(source: Source, prologue: str, text: str, before: str, after: str) -> Iterator[Hint]:
    """The values that a variable has where a filter compares it with a literal that is written otherwise."""
    stream = list(tokens(text))
    for place, token in enumerate(stream):
        literal = _literal_at(stream, place)
        variable = _compared(stream, place)
        if not literal or variable is None:
            continue
        value = _lexical(literal)
        test = f"FILTER(isLiteral({variable}) && LCASE(STR({variable})) = LCASE({value}))"
        select = f"{prologue}\nSELECT DISTINCT {variable} {{ {before} {after} {test} }} LIMIT {_MOST}"
        rows = source.rows(select, _MOST)
        yield from _told([row[0] for row in rows], text[token.start : literal[-1].end])


def _told(values: Sequence[Term], asked: str) -> Iterator[Hint]:
    """What differs is left to see: the value as asked for, and as it stands."""
    names = [name for name in map(written, values) if name != _normal(asked)]
    if names:
        shown = ", ".join(names)
        yield Hint(
            f"Frågan skriver {asked}; värdet är skrivet {shown}.",
            f"The query writes {asked}; the value is written {shown}.",
        )


def _normal(text: str) -> str:
    """A literal's text with straight double quotation marks, to compare it."""
    return f'"{text[1:-1]}"' if text[:1] == "'" and text[-1:] == "'" else text


def _literal_at(stream: Sequence[Token], place: int) -> tuple[Token, ...]:
    """The tokens of the literal that begins here, if one does."""
    token = stream[place]
    if token.kind == "number" or token.text.lower() in ("true", "false"):
        return (token,)
    if token.kind != "string":
        return ()
    behind = stream[place + 1 : place + 4]
    if behind and behind[0].kind == "language":
        return (token, behind[0])
    if len(behind) == 3 and behind[0].text == behind[1].text == "^":
        return (token, *behind)
    return (token,)


def _compared(stream: Sequence[Token], place: int) -> str | None:
    """The variable that stands before `=` and the literal here."""
    if place >= 2 and stream[place - 1].text in _COMPARISONS and stream[place - 2].kind == "variable":
        return stream[place - 2].text
    if place >= 3 and stream[place - 1].text == "(" and stream[place - 2].text.upper() == "IN":
        return stream[place - 3].text if stream[place - 3].kind == "variable" else None
    return None


def _lexical(literal: Sequence[Token]) -> str | None:
    """The text of a literal as SPARQL for a plain string; None when there is no literal."""
    found = _literal_at(literal, 0) if literal else ()
    if not found:
        return None
    return found[0].text if found[0].kind == "string" else f'"{found[0].text}"'


def _source(literal: Sequence[Token], text: str) -> str:
    return text[literal[0].start : literal[-1].end]
