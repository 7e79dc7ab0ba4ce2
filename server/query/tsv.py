"""SPARQL 1.1 Query Results TSV Format, read back row by row as it streams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.engine.interface import Chunks

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9\-]+)|\^\^<([^>]*)>)?\Z', re.DOTALL)
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Term:
    """One term: `kind` is iri, literal, blank or empty (unbound); `text` its value, `language` its tag or empty."""

    kind: str
    text: str
    language: str = ""


def read_rows(chunks: Chunks, most: int) -> tuple[list[str], list[list[Term]], bool]:
    """The variables, at most `most` rows, and whether there are more; the rest of the answer is given up."""
    try:
        lines = _lines(chunks)
        names = [name.removeprefix("?") for name in next(lines, "").split("\t") if name]
        rows: list[list[Term]] = []
        for line in lines:
            if len(rows) == most:
                return names, rows, True
            rows.append([read_term(cell) for cell in line.split("\t")] if names else [])
        return names, rows, False
    finally:
        chunks.close()


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line.decode("utf-8").removesuffix("\r") for line in lines)
    if rest:
        yield rest.decode("utf-8")


def read_term(cell: str) -> Term:
    r"""One cell.

    >>> read_term('"bo\\"stad"@sv')
    Term(kind='literal', text='bo"stad', language='sv')
    """
    if not cell:
        return Term("empty", "")
    if cell.startswith("<") and not cell.startswith("<<"):
        return Term("iri", _ESCAPE.sub(_unescape, cell[1:-1]))
    if cell.startswith("_:"):
        return Term("blank", cell)
    match = _LITERAL.match(cell)
    if match is None:
        return Term("literal", cell)
    return Term("literal", _ESCAPE.sub(_unescape, match[1]), match[2] or "")


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPES.get(match[3], match[3])
