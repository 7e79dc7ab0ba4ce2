"""JSON read with the place of every object, member and value."""

from __future__ import annotations

import json
import re
from typing import Any

from loader.intake.limits import DEFAULT_LIMITS

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"')
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}


class PlacedObject(dict[str, Any]):
    """A JSON object: `offset` is where it begins, `places` where the name and the value of each member do."""

    offset: int
    places: dict[str, tuple[int, int]]


class PlacedText(str):
    """A JSON string with where it begins."""

    offset: int


class PlacedInteger(int):
    """A JSON number without fraction, with where it begins."""

    offset: int


class PlacedNumber(float):
    """A JSON number, with where it begins."""

    offset: int


def read_json(text: str) -> Any:
    """The value; json.JSONDecodeError tells where it is not JSON, or nested too deeply."""
    value, end = _value(text, _skip(text, 0), 0)
    end = _skip(text, end)
    if end != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return value


def _skip(text: str, offset: int) -> int:
    match = _SPACE.match(text, offset)
    return match.end() if match else offset


def _value(text: str, offset: int, depth: int) -> tuple[Any, int]:
    sign = text[offset : offset + 1]
    if depth > DEFAULT_LIMITS.depth:
        raise json.JSONDecodeError("Nested too deeply", text, offset)
    if sign == "{":
        return _object(text, offset, depth)
    if sign == "[":
        return _array(text, offset, depth)
    if sign == '"':
        return _text(text, offset)
    for word, value in _WORDS.items():
        if text.startswith(word, offset):
            return value, offset + len(word)
    return _number(text, offset)


def _text(text: str, offset: int) -> tuple[PlacedText, int]:
    match = _STRING.match(text, offset)
    if match is None:
        raise json.JSONDecodeError("Invalid string", text, offset)
    placed = PlacedText(json.loads(match[0]))
    placed.offset = offset
    return placed, match.end()


def _number(text: str, offset: int) -> tuple[PlacedInteger | PlacedNumber, int]:
    match = _NUMBER.match(text, offset)
    if match is None:
        raise json.JSONDecodeError("Expecting value", text, offset)
    placed: PlacedInteger | PlacedNumber
    fractional = match[2] or match[3] or len(match[1]) > 1000
    placed = PlacedNumber(match[0]) if fractional else PlacedInteger(match[0])
    placed.offset = offset
    return placed, match.end()


def _object(text: str, offset: int, depth: int) -> tuple[PlacedObject, int]:
    found = PlacedObject()
    found.offset, found.places = offset, {}
    at = _skip(text, offset + 1)
    if text[at : at + 1] == "}":
        return found, at + 1
    while True:
        if text[at : at + 1] != '"':
            raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
        begin = at
        name, at = _text(text, at)
        at = _skip(text, at)
        if text[at : at + 1] != ":":
            raise json.JSONDecodeError("Expecting ':' delimiter", text, at)
        at = _skip(text, at + 1)
        found.places[str(name)] = (begin, at)
        found[str(name)], at = _value(text, at, depth + 1)
        at = _skip(text, at)
        if text[at : at + 1] == "}":
            return found, at + 1
        if text[at : at + 1] != ",":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
        at = _skip(text, at + 1)


def _array(text: str, offset: int, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    at = _skip(text, offset + 1)
    if text[at : at + 1] == "]":
        return found, at + 1
    while True:
        value, at = _value(text, at, depth + 1)
        found.append(value)
        at = _skip(text, at)
        if text[at : at + 1] == "]":
            return found, at + 1
        if text[at : at + 1] != ",":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
        at = _skip(text, at + 1)
