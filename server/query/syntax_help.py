"""A syntax error in words that help: where, which token, and, where it can be told, how to mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from rapidfuzz import fuzz, process

from server.engine.interface import QuerySyntax
from server.query.text import read_query
from server.query.tokens import Token, line_and_column, tokens
from server.web.problem import Problem

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


def syntax_problem(query: str, error: QuerySyntax, known: Mapping[str, str]) -> Problem:
    """The problem for a query that the engine cannot parse, with line, column, token and hints.

    `known` gives the IRIs of the prefixes that a query may have forgotten to declare.
    """
    hints = list(islice(_hints(query, known), MOST_HINTS))
    offset = _offset(query, error)
    offending = _token(query, offset) if offset is not None else None
    line, column = line_and_column(query, offending.start if offending else offset or 0)
    token = offending.text[:80] if offending else ""
    at = f"`{token}`" if token else "the end"
    at_sv = f"`{token}`" if token else "slutet"
    en = " ".join([f"Line {line}, column {column}, at {at}.", *(hint["en"] for hint in hints)])
    sv = " ".join([f"Rad {line}, kolumn {column}, vid {at_sv}.", *(hint["sv"] for hint in hints)])
    members = {"line": line, "column": column, "token": token, "parser": str(error), "hints": hints}
    return Problem("query-syntax", en, sv, members=members)


def _offset(query: str, error: QuerySyntax) -> int | None:
    if error.line is None or error.column is None:
        return None
    lines = query.split("\n")
    return min(sum(len(line) + 1 for line in lines[: error.line - 1]) + error.column - 1, len(query))


def _token(query: str, offset: int) -> Token | None:
    """The undeclared name just read, the token at an offset, or the next one; None at the end."""
    undeclared = next(iter(_undeclared(query)), None)
    if undeclared is not None and undeclared.start <= offset:
        return undeclared
    return next((token for token in tokens(query) if token.end > offset), None)


def _undeclared(query: str) -> list[Token]:
    """The first name with each prefix that the prologue does not declare."""
    declared = read_query(query)
    found: dict[str, Token] = {}
    for token in tokens(query):
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and token.start >= declared.prologue_end and prefix not in declared.prefixes:
            found.setdefault(prefix, token)
    return list(found.values())


def _hints(query: str, known: Mapping[str, str]) -> Iterator[dict[str, str]]:
    yield from _unknown_prefixes(query, known)
    yield from _misspelt_keywords(query)
    yield from _unclosed(query)


def _unknown_prefixes(query: str, known: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for token in _undeclared(query):
        prefix = token.text.partition(":")[0]
        if prefix in known:
            line = f"PREFIX {prefix}: <{known[prefix]}>"
            yield {"en": f"Put this first: {line}", "sv": f"Skriv detta först: {line}", "insert": line}
        else:
            near = _near(prefix, (*read_query(query).prefixes, *known))
            said = (f"The prefix {prefix}: is not declared", f"Prefixet {prefix}: är inte deklarerat")
            yield _suggest(*said, near and near + ":")


def _misspelt_keywords(query: str) -> Iterator[dict[str, str]]:
    """Words that are no keyword; a `name` of another kind cannot be one."""
    for token in tokens(query):
        if token.kind == "word" and token.text.upper() not in KEYWORDS:
            near = _near(token.text.upper(), KEYWORDS)
            yield _suggest(f"{token.text} is no word of SPARQL", f"{token.text} är inget ord i SPARQL", near)


def _unclosed(query: str) -> Iterator[dict[str, str]]:
    opened: list[Token] = []
    for token in tokens(query):
        if token.text in ('"', "'"):
            yield _at(query, token, "The quotation mark", "is never closed", "Citattecknet", "stängs aldrig")
            return
        if token.kind == "mark" and token.text in _PAIRS:
            opened.append(token)
        closes = token.kind == "mark" and token.text in _PAIRS.values()
        if closes and (not opened or _PAIRS[opened.pop().text] != token.text):
            yield _at(query, token, f"The {token.text}", "closes nothing", token.text, "stänger ingenting")
            return
    if opened:
        mark = opened[-1].text
        yield _at(query, opened[-1], f"The {mark}", "is never closed", mark, "stängs aldrig")


def _at(query: str, token: Token, en: str, en_fault: str, sv: str, sv_fault: str) -> dict[str, str]:  # noqa: PLR0913
    line, column = line_and_column(query, token.start)
    return {
        "en": f"{en} on line {line}, column {column} {en_fault}.",
        "sv": f"{sv} på rad {line}, kolumn {column} {sv_fault}.",
    }


def _suggest(en: str, sv: str, near: str) -> dict[str, str]:
    if not near:
        return {"en": en + ".", "sv": sv + "."}
    return {"en": f"{en}; did you mean {near}?", "sv": f"{sv}; menade du {near}?", "nearest": near}


def _near(word: str, candidates: Collection[str]) -> str:
    found = process.extractOne(word, sorted(candidates), scorer=fuzz.ratio, score_cutoff=_SCORE)
    return found[0] if found else ""
