"""A syntax error in words that help: where, which token, and, where it can be told, how to mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any

from rapidfuzz import fuzz, process

from server.engine.source import Source
from server.engine.tokens import Token, line_and_column, tokens
from server.query.help.corrections import Mend, mends
from server.query.help.vocabulary import known_prefixes
from server.query.text import QueryText, read_query

KEYWORDS = frozenset(
    """SELECT ASK CONSTRUCT DESCRIBE WHERE PREFIX BASE FROM NAMED DISTINCT REDUCED FILTER OPTIONAL UNION MINUS GRAPH
    BIND VALUES SERVICE SILENT GROUP ORDER BY HAVING LIMIT OFFSET ASC DESC AS EXISTS NOT IN UNDEF COUNT SUM MIN MAX
    AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT
    STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS
    TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK
    ISLITERAL
    ISNUMERIC REGEX SUBSTR REPLACE TRUE FALSE A""".split()  # noqa: SIM905 - reads better than eighty quoted words
)
MOST_HINTS = 20
_PAIRS = {"{": "}", "(": ")", "[": "]"}
_SCORE = 70.0
Hint = dict[str, str]


def syntax_job(source: Source, arguments: dict[str, Any]) -> dict[str, Any]:
    """Where a query breaks and how to mend it, as a Job: line, column, token and hints.

    Arguments: text, line and column (as the engine tells, or None).
    """
    fault = _Fault(source, arguments["text"], arguments["line"], arguments["column"])
    token = fault.token
    line, column = line_and_column(fault.text, token.start if token else fault.offset or 0)
    hints = list(islice(fault.hints(), MOST_HINTS))
    return {"line": line, "column": column, "token": token.text[:80] if token else "", "hints": hints}


class _Fault:
    """One text that the engine cannot parse."""

    def __init__(self, source: Source, text: str, line: int | None, column: int | None) -> None:
        self.source, self.text = source, text
        self.query: QueryText = read_query(text)
        self.stream = list(tokens(text))
        self.known: Mapping[str, str] = known_prefixes(source)
        self.undeclared = list(self._undeclared())
        self.offset = _offset(text, line, column)
        self.token = self._token() if self.offset is not None else None

    def _undeclared(self) -> Iterator[Token]:
        """The first name with each prefix that the prologue does not declare."""
        seen: set[str] = set()
        for token in self.stream:
            prefix = token.text.partition(":")[0]
            if token.kind == "name" and token.start >= self.query.prologue_end and prefix not in self.query.prefixes:
                if prefix not in seen:
                    yield token
                seen.add(prefix)

    def _token(self) -> Token | None:
        """The undeclared name just read, the token at the offset, or the next one; None at the end."""
        offset = self.offset or 0
        if self.undeclared and self.undeclared[0].start <= offset:
            return self.undeclared[0]
        return next((token for token in self.stream if token.end > offset), None)

    def hints(self) -> Iterator[Hint]:
        """Prefixes to declare, then mends that the engine has been seen to take, or else what looks wrong."""
        yield from self._prefixes()
        missing = "".join(
            f"PREFIX {name}: <{self.known[name]}>\n" for name in map(_prefix, self.undeclared) if name in self.known
        )
        found = [mend for mend in mends(self.query, self.stream, self.token) if self.source.reads(missing + mend.text)]
        yield from (self._mended(mend) for mend in found[:3])
        if not found:
            yield from self._misspelt()
            yield from self._unclosed()

    def _prefixes(self) -> Iterator[Hint]:
        for prefix in map(_prefix, self.undeclared):
            if prefix in self.known:
                line = f"PREFIX {prefix}: <{self.known[prefix]}>"
                yield {"en": f"Put this first: {line}", "sv": f"Skriv detta först: {line}", "insert": line}
            else:
                near = _near(prefix, (*self.query.prefixes, *self.known))
                said = (f"The prefix {prefix}: is not declared", f"Prefixet {prefix}: är inte deklarerat")
                yield _suggest(*said, near and near + ":")

    def _mended(self, mend: Mend) -> Hint:
        """A mend with the first line that it changes."""
        lines = zip(mend.text.split("\n"), [*self.text.split("\n"), ""], strict=False)
        line = next((new.strip() for new, old in lines if new != old), "")
        return {"en": f"{mend.en}: {line}", "sv": f"{mend.sv}: {line}", "corrected": line}

    def _misspelt(self) -> Iterator[Hint]:
        """Words that are no keyword; a `name` of another kind cannot be one."""
        for token in self.stream:
            if token.kind == "word" and token.text.upper() not in KEYWORDS:
                near = _near(token.text.upper(), KEYWORDS)
                yield _suggest(f"{token.text} is no word of SPARQL", f"{token.text} är inget ord i SPARQL", near)

    def _unclosed(self) -> Iterator[Hint]:
        opened: list[Token] = []
        for token in self.stream:
            if token.text in ('"', "'"):
                yield self._at(token, "The quotation mark", "is never closed", "Citattecknet", "stängs aldrig")
                return
            if token.kind == "mark" and token.text in _PAIRS:
                opened.append(token)
            closes = token.kind == "mark" and token.text in _PAIRS.values()
            if closes and (not opened or _PAIRS[opened.pop().text] != token.text):
                yield self._at(token, f"The {token.text}", "closes nothing", token.text, "stänger ingenting")
                return
        if opened:
            mark = opened[-1].text
            yield self._at(opened[-1], f"The {mark}", "is never closed", mark, "stängs aldrig")

    def _at(self, token: Token, en: str, en_fault: str, sv: str, sv_fault: str) -> Hint:
        line, column = line_and_column(self.text, token.start)
        return {
            "en": f"{en} on line {line}, column {column} {en_fault}.",
            "sv": f"{sv} på rad {line}, kolumn {column} {sv_fault}.",
        }


def _prefix(token: Token) -> str:
    return token.text.partition(":")[0]


def _offset(text: str, line: int | None, column: int | None) -> int | None:
    if line is None or column is None:
        return None
    lines = text.split("\n")
    return min(sum(len(item) + 1 for item in lines[: line - 1]) + column - 1, len(text))


def _suggest(en: str, sv: str, near: str) -> Hint:
    if not near:
        return {"en": en + ".", "sv": sv + "."}
    return {"en": f"{en}; did you mean {near}?", "sv": f"{sv}; menade du {near}?", "nearest": near}


def _near(word: str, candidates: Collection[str]) -> str:
    found = process.extractOne(word[:100], sorted(candidates), scorer=fuzz.ratio, score_cutoff=_SCORE)
    return found[0] if found else ""
