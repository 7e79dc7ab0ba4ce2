"""Frequent slips in a query, each with the text in which it is mended; whether that can be read, the engine says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.engine.tokens import Token
from server.query.text import QueryText

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'", "»": '"', "«": '"'})
_AGGREGATES = frozenset(["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"])
_PATH = re.compile(r"(?:/[\w.\-]*[\w\-])+")
_REACH = 6  # tokens that the parser may have read beyond the place where the full stop is missing
_ENDS_A_TERM = frozenset({"iri", "name", "variable", "blank", "number", "string", "language"})


@dataclass(frozen=True, slots=True)
class Mend:
    """The whole text with one slip mended, and what was done, in words that a corrected line can follow."""

    text: str
    en: str
    sv: str


def mends(query: QueryText, stream: Sequence[Token], token: Token | None) -> Iterator[Mend]:
    """What may be meant by a text that cannot be parsed; `token` is where the parser stopped."""
    yield from _quotes(query.text)
    yield from _slashes(query, stream)
    yield from _aggregates(query, stream)
    yield from _groups(query, stream)
    yield from _full_stop(query.text, stream, token)


def _quotes(text: str) -> Iterator[Mend]:
    plain = text.translate(_QUOTES)
    if plain != text:
        yield Mend(plain, "Text stands in straight quotation marks", "Text står inom raka citattecken")


def _slashes(query: QueryText, stream: Sequence[Token]) -> Iterator[Mend]:
    """prefix:a/b, where the slash belongs to the name."""
    parts, end = [], 0
    for token in stream:
        path = (
            _PATH.match(query.text, token.end) if token.kind == "name" and token.start >= query.prologue_end else None
        )
        if path is not None:
            parts += [query.text[end : token.end], path.group().replace("/", "\\/")]
            end = path.end()
    if parts:
        text = "".join(parts) + query.text[end:]
        yield Mend(text, "A slash in a name is written \\/", "Ett snedstreck i ett namn skrivs \\/")


def _aggregates(query: QueryText, stream: Sequence[Token]) -> Iterator[Mend]:
    """SELECT COUNT(?x), and SELECT (COUNT(?x)) without AS."""
    text, place = query.text, _select(stream)
    names = iter(name for name in _free_names(query))
    parts, end, changed = [], 0, False
    while 0 < place < len(stream) and stream[place].text not in ("{", "FROM", "WHERE"):
        token = stream[place]
        if token.text.upper() in _AGGREGATES and place + 1 < len(stream) and stream[place + 1].text == "(":
            last = _closing(stream, place + 1)
            if last < 0:
                return
            inside = stream[place - 1].text == "("
            if not (inside and last + 1 < len(stream) and stream[last + 1].text.upper() == "AS"):
                call = text[token.start : stream[last].end]
                parts += [
                    text[end : token.start],
                    f"{call} AS {next(names)}" if inside else f"({call} AS {next(names)})",
                ]
                end, changed = stream[last].end, True
            place = last
        place += 1
    if changed:
        mended = "".join(parts) + text[end:]
        said = (
            "What is computed stands in parentheses, with AS and a name",
            "Det som beräknas står inom parentes, med AS och ett namn",
        )
        yield Mend(mended, *said)
        yield from (
            Mend(mend.text, f"{said[0]}; {mend.en}", f"{said[1]}; {mend.sv}")
            for mend in _group_by(mended, query, stream)
        )


def _groups(query: QueryText, stream: Sequence[Token]) -> Iterator[Mend]:
    """A column beside an aggregate, without GROUP BY."""
    yield from _group_by(query.text, query, stream)


def _group_by(text: str, query: QueryText, stream: Sequence[Token]) -> Iterator[Mend]:
    plain, depth, aggregate = [], 0, False
    for token in stream[max(_select(stream), 0) :]:
        if token.text == "{" or token.text.upper() in ("WHERE", "FROM"):
            break
        depth += (token.text == "(") - (token.text == ")")
        aggregate = aggregate or token.text.upper() in _AGGREGATES
        if token.kind == "variable" and depth == 0:
            plain.append(token.text)
    end = text.rfind("}") + 1
    if plain and aggregate and end and not any(token.text.upper() == "GROUP" for token in stream):
        clause = f"GROUP BY {' '.join(plain)}"
        yield Mend(
            f"{text[:end]} {clause}{text[end:]}",
            "Beside what is computed, the other columns are grouped by",
            "Vid sidan av det som beräknas grupperas efter de andra kolumnerna",
        )


def _full_stop(text: str, stream: Sequence[Token], token: Token | None) -> Iterator[Mend]:
    """Two triple patterns with nothing between them; the parser stops in the second."""
    if token is None:
        return
    place = next((number for number, item in enumerate(stream) if item.start == token.start), 0)
    for number in range(place, max(place - _REACH, 0), -1):
        before = stream[number - 1]
        if before.kind in _ENDS_A_TERM or before.text in ("]", ")"):
            mended = f"{text[: before.end]} .{text[before.end :]}"
            yield Mend(mended, "A full stop stands between two patterns", "Mellan två mönster står en punkt")


def _select(stream: Sequence[Token]) -> int:
    """The place behind the first SELECT, or -1."""
    return next((number + 1 for number, token in enumerate(stream) if token.text.upper() == "SELECT"), -1)


def _closing(stream: Sequence[Token], place: int) -> int:
    """The place of the parenthesis that closes the one at `place`, or -1."""
    depth = 0
    for number in range(place, len(stream)):
        depth += (stream[number].text == "(") - (stream[number].text == ")")
        if depth == 0:
            return number
    return -1


def _free_names(query: QueryText) -> Iterator[str]:
    """?count, ?count2, … without those that the query has."""
    names = (f"count{number or ''}" for number in (0, *range(2, 1000)))
    return (f"?{name}" for name in names if name not in query.variables)
