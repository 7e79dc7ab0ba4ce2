"""One cell: from the text in a table to a value, or to the problem that says what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from loader.model import iris
from loader.model.codes import Ambiguous, CodeList, Concept
from loader.model.findings import Message
from loader.model.layout import Column
from loader.model.nearest import nearest

Datatype = Literal["integer", "decimal", "date", "gYear", "gYearMonth", "boolean"]


@dataclass(frozen=True, slots=True)
class Text:
    """A literal: a typed one (`datatype`, canonical form), one in a language, or a plain one."""

    text: str
    lang: str | None = None
    datatype: Datatype | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Something elsewhere, by its absolute IRI."""

    iri: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of another row, by its IRI path."""

    path: str


Value = Text | Link | Concept | Subject


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell (or one item of it) is not legal: the rule's id, the sentence, the item, the nearest legal value."""

    rule: str
    message: Message
    value: str
    suggestion: str | None = None


_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"(?:1[6-9]|20)[0-9]{2}")
_MONTH = re.compile(r"(?:1[6-9]|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LOOSE_KEY = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_BOOLEANS = {"ja": "true", "yes": "true", "true": "true", "nej": "false", "no": "false", "false": "false"}


def parse_text(column: Column, text: str) -> Value | Problem:
    """Text as printed; as part of a key it must be fit for an IRI."""
    if column.key and not _LOOSE_KEY.fullmatch(text):
        return _problem("bad-key", text, "ASCII-bokstäver och siffror", "ASCII letters and digits")
    return Text(text, lang=column.lang)


def parse_key(column: Column, text: str) -> Value | Problem:
    """A lower-case ASCII slug."""
    if _SLUG.fullmatch(text):
        return Text(text)
    return _problem(
        "bad-key", text, "gemena ASCII-bokstäver, siffror och bindestreck", "a lower-case ASCII slug", plain_key(text)
    )


def plain_key(text: str) -> str | None:
    """The key that a text makes, or None when it has neither letters a–z nor digits.

    >>> plain_key("Hemkommun (vid vård)"), plain_key("…")
    ('hemkommun-vid-vard', None)
    """
    return re.sub(r"[^a-z0-9]+", "-", text.casefold().translate(_PLAIN)).strip("-") or None


_PLAIN = str.maketrans("åäöéèü", "aaoeeu")


def parse_integer(column: Column, text: str) -> Value | Problem:
    """An integer in canonical form, of at most 18 digits."""
    if _INTEGER.fullmatch(text):
        return Text(text, datatype="integer")
    digits = re.fullmatch(r"([+-]?)0*([0-9]{1,18})(?:[.,]0+)?", text.replace(" ", "").replace("\u00a0", ""), re.ASCII)
    guess = None if digits is None else str(int(digits[1] + digits[2]))
    return _problem("bad-integer", text, "ett heltal, som 42", "an integer such as 42", guess)


def parse_decimal(column: Column, text: str) -> Value | Problem:
    """A decimal number with a point."""
    if _DECIMAL.fullmatch(text):
        return Text(text, datatype="decimal")
    guess = text.replace(",", ".").replace(" ", "").removesuffix("%")
    legal = guess if _DECIMAL.fullmatch(guess) else None
    return _problem("bad-decimal", text, "ett tal med punkt, som 99.5", "a number with a point, such as 99.5", legal)


def parse_date(column: Column, text: str) -> Value | Problem:
    """A day of the calendar, YYYY-MM-DD."""
    if _DATE.fullmatch(text):
        try:
            return Text(date.fromisoformat(text).isoformat(), datatype="date")
        except ValueError:
            return _problem("bad-date", text, "en dag som finns i kalendern", "a day that exists")
    return _problem("bad-date", text, "ett datum, som 2025-07-01", "a date such as 2025-07-01", _as_date(text))


def parse_partial_date(column: Column, text: str) -> Value | Problem:
    """A year, a month or a day, as exact as is known: 2019, 2019-05 or 2019-05-14."""
    if _YEAR.fullmatch(text):
        return Text(text, datatype="gYear")
    if _MONTH.fullmatch(text):
        return Text(text, datatype="gYearMonth")
    if _DATE.fullmatch(text):
        return parse_date(column, text)
    expected = ("ett år, en månad eller en dag, som 2019, 2019-05 eller 2019-05-14",)
    return _problem("bad-date", text, *expected, "a year, a month or a day, such as 2019, 2019-05 or 2019-05-14")


def _as_date(text: str) -> str | None:
    digits = re.fullmatch(r"([0-9]{4})[./ ]?([0-9]{2})[./ ]?([0-9]{2})", text, re.ASCII)
    try:
        return None if digits is None else date(int(digits[1]), int(digits[2]), int(digits[3])).isoformat()
    except ValueError:
        return None


def parse_boolean(column: Column, text: str) -> Value | Problem:
    """Yes or no: ja/nej, yes/no, true/false."""
    known = _BOOLEANS.get(text.casefold())
    if known is not None:
        return Text(known, datatype="boolean")
    return _problem("bad-boolean", text, "ja eller nej", "yes or no (ja/nej)", nearest(text, _BOOLEANS))


def parse_iri(column: Column, text: str) -> Value | Problem:
    """An absolute http(s) IRI."""
    if text.startswith(("http://", "https://")) and iris.is_absolute(text):
        return Link(text)
    expected = ("en absolut adress, som https://www.scb.se/", "an absolute address such as https://www.scb.se/")
    return _problem("bad-iri", text, *expected)


def parse_code(codes: CodeList, text: str) -> Concept | Problem:
    """A concept of the scheme by key, notation or label."""
    found = codes.find(text)
    if isinstance(found, Concept):
        return found
    if isinstance(found, Ambiguous):
        keys = ", ".join(concept.key for concept in found.concepts)
        message = Message(
            sv=f"«{text}» kan betyda flera saker i {codes.scheme}: {keys}. Skriv nyckeln.",
            en=f"“{text}” may mean several things in {codes.scheme}: {keys}. Write the key.",
        )
        return Problem("ambiguous-code", message, text, found.concepts[0].key)
    message = Message(
        sv=f"«{text}» finns inte i kodlistan {codes.scheme} ({_some(codes, 'sv')}).",
        en=f"“{text}” is not in the code list {codes.scheme} ({_some(codes, 'en')}).",
    )
    return Problem("unknown-code", message, text, codes.suggest(text))


PARSERS: Mapping[str, Callable[[Column, str], Value | Problem]] = {
    "key": parse_key,
    "text": parse_text,
    "integer": parse_integer,
    "decimal": parse_decimal,
    "date": parse_date,
    "partial-date": parse_partial_date,
    "boolean": parse_boolean,
    "iri": parse_iri,
    "passage-row": parse_key,
}


def split_items(column: Column, text: str) -> tuple[str, ...] | Problem:
    """The items of a cell: one, or for a many-valued column those between | characters; none may be empty."""
    if not text:
        return ()
    if not column.many:
        return (text,)
    items = tuple(item.strip() for item in text.split("|"))
    if all(items):
        return items
    message = Message(
        sv=f"«{text}» har en tom punkt mellan lodstrecken. Ta bort ett lodstreck.",
        en=f"“{text}” has an empty item between bars. Remove a bar.",
    )
    return Problem("empty-item", message, text, " | ".join(item for item in items if item))


def required(column: Column) -> bool:
    """Whether an empty cell is a finding."""
    return column.required or column.kind == "key"


def _problem(rule: str, text: str, sv: str, en: str, guess: str | None = None) -> Problem:
    return Problem(rule, Message(sv=f"«{text}» är inte {sv}.", en=f"“{text}” is not {en}."), text, guess)


def _some(codes: CodeList, language: str, limit: int = 8) -> str:
    """The first labels of a code list in a language; its keys where it has none."""
    legal = codes.labels.get(language) or tuple(codes.by_key)
    return ", ".join(legal[:limit]) + (" …" if len(legal) > limit else "")
