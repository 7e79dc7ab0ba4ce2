"""The parameters of an example query as fields: its keys of ours, dates, numbers and lists of words (VALUES).

A key is a constant such as `target-group:older-people`, written with a prefix or as a whole IRI; where it stands in
VALUES or in a pattern, another key of the same kind takes its place, and the query stays what it was but for that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from server.pages.catalogue.things import Catalogue, Thing
from server.pages.words.names import order, plain
from server.pages.words.wording import gettext as _
from server.pages.words.wording import spoken
from server.service import BASE
from server.web.problem import Problem

MOST_OPTIONS = 350
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
_DATE = re.compile(r'"(\d{4}-\d\d-\d\d)"(?=\^\^xsd:date)')
_NUMBER = re.compile(r"(?<=[<>]= )(\d+)\b")
_WORDS = re.compile(r'(?<=\{)\s*((?:"[^"\\\n]*"(?:@[a-z-]+)?\s*)+)(?=\})')
_WORD = re.compile(r'"([^"\\\n]*)"(@[a-z-]+)?')
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_SWEDISH = re.compile(r'(\blang\(\s*\?\w+\s*\)\s*=\s*)"sv"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `kind` is select, date, number or words; `now` what stands in the query, `options` those of a select."""

    name: str
    word: str
    kind: str
    now: str
    options: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    field: Field
    spans: tuple[tuple[int, int], ...]
    prefix: str = ""


def words() -> dict[str, str]:
    """The kinds of things that can be chosen, in the language of the request."""
    return {
        "target-group": _("Target group"),
        "service-area": _("Service area"),
        "follow-up-area": _("Follow-up area"),
        "analysis-level": _("Level"),
        "relevance-level": _("Relevance"),
        "register": _("Register"),
        "municipality": _("Municipality"),
        "legal-act": _("Act"),
        "channel": _("Channel"),
        "mapping-status": _("In the mapping"),
        "service": _("Service"),
        "coverage-metric": _("What is measured"),
        "care-setting": _("Care setting"),
        "register-property": _("Property"),
    }


def in_language(text: str) -> str:
    """A query that asks for Swedish names alone, in the language of the page."""
    return text if spoken() == "sv" or '"en"' in text else _SWEDISH.sub(r'\1"en"', text)


def fields(found: Catalogue, text: str) -> list[Field]:
    """The fields of a query, in the order of the text."""
    return [place.field for place in _places(found, text)]


def filled(found: Catalogue, text: str, given: Mapping[str, str]) -> str:
    """The query with what was chosen. Raises Problem (bad-request) for a value that does not fit its field."""
    changes: list[tuple[int, int, str]] = []
    for place in _places(found, text):
        value = given.get(place.field.name, "").strip()
        if value and value != place.field.now:
            changes += [(start, end, _written(place, value, text[start:end])) for start, end in place.spans]
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _places(found: Catalogue, text: str) -> list[_Place]:
    places = [*_keys(found, text), *_literals(text)]
    named: dict[str, int] = {}
    made = []
    for place in sorted(places, key=lambda one: one.spans[0]):
        name = place.field.name
        named[name] = number = named.get(name, 0) + 1
        if number > 1:
            field = place.field
            again = Field(f"{name}-{number}", f"{field.word} {number}", field.kind, field.now, field.options)
            place = _Place(again, place.spans, place.prefix)
        made.append(place)
    return made


def _keys(found: Catalogue, text: str) -> list[_Place]:
    prefixes = {iri: name for name, iri in _PREFIX.findall(text)}
    places = []
    for kind, word in words().items():
        namespace = f"{BASE}id/{kind}/"
        patterns = [rf"(?<=<{re.escape(namespace)})[\w.-]+(?=>)"]
        if namespace in prefixes:
            patterns.append(rf"(?<=\b{re.escape(prefixes[namespace])}:)[a-z0-9][\w-]*(?:\.[\w-]+)*")
        spans: dict[str, list[tuple[int, int]]] = {}
        for match in (match for pattern in patterns for match in re.finditer(pattern, text)):
            spans.setdefault(match[0], []).append(match.span())
        options = tuple(sorted(found.of(kind), key=order)) if spans else ()
        if 1 < len(options) <= MOST_OPTIONS:
            places += [
                _Place(Field(kind, word, "select", key, options), tuple(at))
                for key, at in spans.items()
                if found.get(kind, key) is not None
            ]
    return places


def _literals(text: str) -> list[_Place]:
    places = []
    for name, word, pattern in (("date", _("Date"), _DATE), ("number", _("Number"), _NUMBER)):
        spans: dict[str, list[tuple[int, int]]] = {}
        for match in pattern.finditer(text):
            spans.setdefault(match[1], []).append(match.span(1))
        places += [_Place(Field(name, word, name, value, ()), tuple(at)) for value, at in spans.items()]
    for match in _WORDS.finditer(text):
        now = "; ".join(value for value, _tag in _WORD.findall(match[1]))
        places.append(_Place(Field("words", _("Words, separated by ;"), "words", now), (match.span(1),)))
    return places


def _written(place: _Place, value: str, before: str) -> str:
    field = place.field
    if field.kind == "select" and value not in {one.key for one in field.options}:
        raise _bad(field, value, ", ".join(plain(one) for one in field.options[:8]))
    if field.kind == "date" and not _ISO.fullmatch(value):
        raise _bad(field, value, "2025-01-31")
    if field.kind == "number" and not value.isdecimal():
        raise _bad(field, value, "0, 1, 2 …")
    if field.kind == "words":
        return _as_words(field, value, before)
    return value


def _as_words(field: Field, value: str, before: str) -> str:
    if any(letter in value for letter in '"\\\n\r'):
        raise _bad(field, value, _("words without quotation marks"))
    found = _WORD.search(before)
    tag = found[2] or "" if found else ""
    return " ".join(f'"{word.strip()}"{tag}' for word in value.split(";") if word.strip()) + " "


def _bad(field: Field, value: str, known: str) -> Problem:
    return Problem(
        "bad-request",
        f"“{value[:80]}” does not fit the field {field.name}. It takes: {known}.",
        f"«{value[:80]}» passar inte i fältet {field.name}. Det tar: {known}.",
        members={"parameter": field.name},
    )
