"""Code books in YAML: a mapping of variables to what is said of them, or a list of such mappings with names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from loader.intake.dictionaries.entries import Entry, as_sheet, listed_codes, year_since, year_until
from loader.intake.grids.grid import ReadGrids
from loader.intake.upload import Upload

_NAMES = ("colname_silver", "name", "variable", "notation")
_SWEDISH = ("label_sv", "labels_swe", "notes_swe", "title_sv")
_ENGLISH = ("label_en", "labels_eng", "labels")
_UNSAID = ("label", "title", "description")
_UNITS = ("unit", "units", "enhet", "måttenhet")
_CODES = ("data_values", "values", "value_set", "categories_of_values", "codes", "koder", "choices")
_SINCE = ("valid_from", "from", "since", "introduced", "giltig_från", "införd")
_UNTIL = ("valid_until", "until", "discontinued", "giltig_till", "upphörd")
_NOTES = ("notes", "notes_swe", "note", "anmärkning", "description")
_NOTHING = ("", "NA", "N/A")
_MARKS = (" ~ ", "~", "=", ":")


class _Loader(yaml.SafeLoader):
    """Reads plain values; an alias would let a small file grow without end."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def read_yaml(upload: Upload) -> ReadGrids | None:
    """The variables as a sheet; None when the file is no code book."""
    entries = yaml_entries(upload.data)
    return as_sheet(upload, "YAML", "", entries) if entries else None


def yaml_entries(data: bytes) -> list[Entry]:
    """The variables of a code book in YAML; none when it is no code book."""
    try:
        found = yaml.load(data.decode("utf-8-sig"), Loader=_Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError):
        return []
    return list(_entries(found))


def _entries(found: Any) -> Iterator[Entry]:
    items = found.items() if isinstance(found, dict) else ((None, item) for item in found or ())
    if not isinstance(found, dict | list):
        return
    for key, body in items:
        if not isinstance(body, dict):
            continue
        name = _first(body, _NAMES) or (str(key) if key is not None else "")
        if name:
            yield _entry(name, str(key) if key is not None else "", body)


def _entry(name: str, other: str, body: dict[str, Any]) -> Entry:
    notes = " ".join(_first(body, (field,)) for field in _NOTES)
    return Entry(
        name,
        (("sv", _first(body, _SWEDISH)), ("en", _first(body, _ENGLISH)), ("und", _first(body, _UNSAID))),
        other,
        unit=_first(body, _UNITS),
        codes=next((text for field in _CODES if (text := _codes(body.get(field)))), ""),
        since=_first(body, _SINCE) or year_since(notes),
        until=_first(body, _UNTIL) or year_until(notes),
        facts={str(field): _first(body, (field,)) for field in body},
    )


def _codes(found: Any) -> str:
    """Codes as a list of `code ~ meaning`, a mapping, or one such text."""
    if isinstance(found, Mapping):
        return listed_codes((_plain(code), _plain(text)) for code, text in found.items())
    items = found if isinstance(found, list) else [found]
    return listed_codes(_pair(_plain(item)) for item in items if _plain(item) not in _NOTHING)


def _pair(text: str) -> tuple[str, str]:
    mark = next((mark for mark in _MARKS if mark in text), None)
    code, _, meaning = text.partition(mark) if mark else (text, "", "")
    return code.strip(), meaning.strip()


def _first(body: Mapping[Any, Any], names: tuple[Any, ...]) -> str:
    texts = (_plain(body[name]) for name in names if name in body)
    return next((text for text in texts if text not in _NOTHING), "")


def _plain(value: Any) -> str:
    """A plain value as one line; empty when it is none."""
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return " ".join(str(value).split()) if plain else ""
