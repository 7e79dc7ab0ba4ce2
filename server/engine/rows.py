"""Typed rows of a SELECT, read from SPARQL 1.1 Query Results JSON as it streams, in bounded memory.

For whoever shows rows to people: rows, the characters of one value and those of the whole table are bounded, whatever
the query makes.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from server.engine.interface import Broken, Chunks, QueryFailed, cause_of

VALUE_CHARACTERS = 2000
TABLE_CHARACTERS = 2_000_000
_PIECE = 65_536
_ROW_CHARACTERS = 4_194_304  # of JSON in which one row, its values shortened, must end
_ESCAPED = 12  # characters that JSON takes at most for one of the value: a surrogate pair in \uXXXX
# Groups are greedy, not possessive: before Python 3.11.5 a possessive group with branches matches too little.
_OUTSIDE = re.compile(r'(?:[^"]++|"(?:[^"\\]++|\\.)*")*', re.DOTALL)
_INSIDE = re.compile(r"(?:[^\"\\]++|\\u[0-9A-Fa-f]{4}|\\[^u])*", re.DOTALL)
_BEGINNING = re.compile(r'"bindings"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_KINDS = {"uri": "iri", "literal": "literal", "typed-literal": "literal", "bnode": "blank"}
_decode = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class Term:
    """One term: `kind` is iri, literal, blank, triple (RDF 1.2) or empty (unbound).

    `text` is the IRI, the literal's value, the blank node's name or the triple's three parts. `language` is a literal's
    tag, `datatype` its datatype IRI; both are empty for a plain string. `cut` is true when `text` is only a beginning.
    """

    kind: str
    text: str
    language: str = ""
    datatype: str = ""
    cut: bool = False


EMPTY = Term("empty", "")


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows of a result: `variables` without `?`, one term for each in a row; `more` when rows were left."""

    variables: list[str]
    rows: list[list[Term]]
    more: bool


def read_table(
    chunks: Chunks, limit: int, *, value: int = VALUE_CHARACTERS, characters: int = TABLE_CHARACTERS
) -> Table:
    """At most `limit` rows of an answer in SPARQL 1.1 Query Results JSON; the rest of it is given up.

    The table ends earlier when its values have so many `characters`. QueryFailed when the answer is no such JSON.
    """
    try:
        return _Reader(chunks, value).table(limit, characters)
    except Broken as error:
        raise cause_of(error) from error
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise QueryFailed("The engine's rows cannot be read.") from error
    finally:
        chunks.close()


class _Reader:
    """Reads rows off a text that grows by a piece at a time, and forgets what has been read."""

    def __init__(self, chunks: Iterable[bytes], value: int) -> None:
        self._pieces = _shortened(_pieces(chunks), value * _ESCAPED)
        self._value = value
        self._text = ""
        self._terms: dict[Term, Term] = {}

    def table(self, limit: int, characters: int) -> Table:
        head = self._head()
        names = head or []
        rows: list[list[Term]] = []
        size = 0
        for row in self._rows():
            if len(rows) == limit or size > characters:
                return Table(names, _filled(rows, len(names)), True)
            names += () if head is not None else (name for name in row if name not in names)
            rows.append([self._term(row[name]) if name in row else EMPTY for name in names])
            size += sum(len(str(cell.get("value", ""))) for cell in row.values())
        return Table(names, _filled(rows, len(names)), False)

    def _term(self, cell: dict[str, Any]) -> Term:
        """The term of a cell: one object for all cells that hold the same."""
        term = _term(cell, self._value)
        return self._terms.setdefault(term, term)

    def _head(self) -> list[str] | None:
        """The variables, when they stand before the rows; the text then begins with the first row."""
        while (found := _BEGINNING.search(self._text)) is None:
            self._grow()
        before, self._text = self._text[: found.start()], self._text[found.end() :]
        at = before.find('"head"')
        if at < 0:
            return None
        return [str(name) for name in _decode(before, before.index("{", at))[0].get("vars", [])]

    def _rows(self) -> Iterator[dict[str, Any]]:
        while True:
            self._text = self._text[_BETWEEN.match(self._text).end() :]  # type: ignore[union-attr]  # matches nothing, too
            if self._text.startswith("]"):
                return
            try:
                row, end = _decode(self._text)
            except ValueError:
                self._grow()
                continue
            self._text = self._text[end:]
            yield row

    def _grow(self) -> None:
        """Twice the text, or what there is: a long row is not read again with every piece of it."""
        size = len(self._text)
        if size > _ROW_CHARACTERS:
            raise ValueError("A row does not end.")
        more: list[str] = []
        added = 0
        while added <= size and (piece := next(self._pieces, None)) is not None:
            more.append(piece)
            added += len(piece)
        if not added:
            raise ValueError("The rows do not end.")
        self._text += "".join(more)


def _filled(rows: list[list[Term]], width: int) -> list[list[Term]]:
    """The rows, each as long as the last: a variable that was met later has no value in those before."""
    return [row if len(row) == width else row + [EMPTY] * (width - len(row)) for row in rows]


def _pieces(chunks: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in chunks:
        for start in range(0, len(chunk), _PIECE):
            yield decoder.decode(chunk[start : start + _PIECE])


def _shortened(pieces: Iterable[str], most: int) -> Iterator[str]:
    """The same JSON, in which no string that runs over a piece's end has more than `most` characters of its own."""
    kept = -1  # characters of the string that a piece has ended in; -1 outside of strings
    rest = ""
    for piece in pieces:
        text, position, out = rest + piece, 0, []
        while position < len(text):
            begin = position
            position = (_OUTSIDE if kept < 0 else _INSIDE).match(text, begin).end()  # type: ignore[union-attr]  # as above
            part = text[begin:position] if kept < 0 else _cut(text[begin:position], most - kept)
            out.append(part)
            kept = kept + len(part) if kept >= 0 else kept
            if position == len(text) or text[position] == "\\":
                break
            out.append('"')
            position += 1
            kept = -1 if kept >= 0 else 0
        rest = text[position:]
        if len(rest) > _ESCAPED:
            raise ValueError("A string holds an escape that JSON does not have.")
        yield "".join(out)


def _cut(part: str, most: int) -> str:
    """The beginning of a part of a string, not within an escape."""
    return part if len(part) <= most else _INSIDE.match(part, 0, max(most, 0)).group()  # type: ignore[union-attr]  # as above


def _term(cell: dict[str, Any], most: int) -> Term:
    kind = _KINDS.get(cell["type"], "triple")
    text = _written(cell["value"]) if kind == "triple" else str(cell["value"])
    cut = len(text) > most
    shown = text[:most] if cut else text
    name = f"_:{shown}" if kind == "blank" else shown
    return Term(kind, name, str(cell.get("xml:lang", "")), str(cell.get("datatype", "")), cut)


def _written(triple: dict[str, Any]) -> str:
    parts = (triple[name] for name in ("subject", "predicate", "object"))
    shown = (_written(part["value"]) if part["type"] == "triple" else str(part["value"]) for part in parts)
    return f"<<( {' '.join(shown)} )>>"
