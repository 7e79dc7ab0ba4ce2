"""Lists of variables as agencies publish them (YAML, XLSX, CSV and the other dictionaries), as rows of the template.

What a list does not say is not made up: keys are those of the release where it knows the variable, concepts those of
the release or whose label is the variable's own, and what linkage needs and the list lacks is told. A row is the whole
record, so where no entry of the list has a column, what the release says there stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from loader.errors import LoaderError
from loader.intake.dictionaries.entries import Entry, cells, year_since, year_until
from loader.intake.dictionaries.yamlbook import yaml_entries
from loader.intake.reading import read_grids
from loader.intake.sheets.recognising import Sheet, recognise_sheet
from loader.intake.upload import Upload
from loader.intake.world.context import Context
from loader.model import iris
from loader.model.nearest import fold
from loader.tables.cells import plain_key
from loader.template.filled import filled_rows

_MEASURES, _LABEL, _IDENTIFIES = (iris.expand(f"{name}") for name in ("rg:measures", "skos:prefLabel", "rg:identifies"))
_CONCEPT = "conceptual-variable"
NEEDED = ("person", "time", "care-unit")
"""What linkage needs, as concepts of the scheme `identification`: the first always, the others to be precise."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The variables of a code book as rows of the template, and how many were left out by the conditions.

    `kept` are the columns that no entry has, and that say what the release says.
    """

    rows: tuple[Mapping[str, str], ...]
    left_out: int
    lacks: tuple[str, ...]
    kept: tuple[str, ...] = ()

    def having(self, column: str) -> int:
        """How many variables have something in a column."""
        return sum(bool(row[column]) for row in self.rows)


def read_listed(paths: Sequence[Path], context: Context, register: str, where: Mapping[str, str]) -> Listed:
    """The variables of code books of a register; those for which a condition (`field` is `text`) fails are left out.

    LoaderError when a file holds no list of variables, or none of it has a field that a condition names.
    """
    every = [entry for path in paths for entry in _entries(path)]
    for name in where:
        if not any(name in entry.facts for entry in every):
            fields = sorted({field for entry in every for field in entry.facts})
            raise LoaderError(f"No variable has the field {name!r}. Fields: {', '.join(fields)}.")
    kept = [entry for entry in every if all(_holds(entry, name, text) for name, text in where.items())]
    known = _Known(context, register)
    rows, kept_columns = known.completed([known.row(entry) for entry in _once(kept)])
    return Listed(rows, len(every) - len(kept), tuple(known.lacking(rows)), kept_columns)


def _holds(entry: Entry, name: str, text: str) -> bool:
    return fold(entry.facts.get(name, "")) == fold(text)


def _once(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, those of the same name once: lists of several files repeat what they share."""
    seen: dict[str, None] = {}
    for entry in entries:
        if fold(entry.name) not in seen:
            seen[fold(entry.name)] = None
            yield entry


def _entries(path: Path) -> Iterator[Entry]:
    upload = Upload(path.name, path.read_bytes())
    found = yaml_entries(upload.data) if path.suffix.casefold() in (".yaml", ".yml") else list(_of_sheets(upload))
    if not found:
        raise LoaderError(f"{path} holds no list of variables that can be read; `registergraf check` says why.")
    yield from found


def _of_sheets(upload: Upload) -> Iterator[Entry]:
    """The variables of every sheet that lists some; its other columns are facts by their headers."""
    for grid in read_grids(upload).grids:
        sheet = recognise_sheet(grid, {})
        if sheet is not None and sheet.table == "variables":
            yield from _of_sheet(sheet)


def _of_sheet(sheet: Sheet) -> Iterator[Entry]:
    for row in sheet.rows:
        facts = {
            reading.header: row.cells[reading.number - 1]
            for reading in sheet.columns
            if reading.number is not None and reading.number <= len(row.cells)
        }
        own = {reading.column: facts.get(reading.header, "") for reading in sheet.columns if reading.column}
        if own.get("notation", "").strip():
            yield _entry(own, facts)


def _entry(own: Mapping[str, str], facts: Mapping[str, str]) -> Entry:
    notes = " ".join(facts.values())
    return Entry(
        own["notation"],
        (("sv", own.get("label_sv", "")), ("en", own.get("label_en", ""))),
        own.get("other_notations", ""),
        unit=own.get("unit", ""),
        codes=own.get("value_set", ""),
        since=own.get("holds_from", "") or year_since(notes),
        until=own.get("holds_until", "") or year_until(notes),
        facts=facts,
    )


class _Known:
    """What a release knows of a register's variables and of the concepts that variables measure."""

    def __init__(self, context: Context, register: str) -> None:
        self._context = context
        self._register = register
        self._concepts = {
            fold(value): concept.key
            for concept in context.codes[_CONCEPT].by_key.values()
            for value in self._texts(concept.iri, _LABEL)
        }

    def row(self, entry: Entry) -> dict[str, str]:
        """The row of the template for a variable."""
        names = (
            "notation",
            "other_notations",
            "label_sv",
            "label_en",
            "unit",
            "value_set",
            "holds_from",
            "holds_until",
        )
        row = dict(zip(names, map(_one_cell, cells(entry)), strict=True))
        key = self._context.notations.get((self._register, fold(entry.name))) or plain_key(entry.name) or ""
        measures = self._measured(key) or self._named(row)
        unsaid = dict.fromkeys(("matching_note_sv", "matching_note_en", "code_list"), "")
        return {**row, **unsaid, "register": self._register, "variable": key, "measures": measures}

    def completed(self, rows: Sequence[dict[str, str]]) -> tuple[tuple[dict[str, str], ...], tuple[str, ...]]:
        """The rows with what the release says in columns that are empty in all of them, and those columns."""
        before = {row["variable"]: row for row in filled_rows(self._context, "variables", self._register, "sv")}
        empty = [name for name in (rows[0] if rows else ()) if not any(row[name] for row in rows)]
        added = [{name: before.get(row["variable"], {}).get(name, "") for name in empty} for row in rows]
        whole = tuple({**row, **more} for row, more in zip(rows, added, strict=True))
        return whole, tuple(name for name in empty if any(more[name] for more in added))

    def _measured(self, key: str) -> str:
        """The concepts that the release says the variable measures."""
        return " | ".join(self._keys(iris.thing(f"variable/{self._register}.{key}"), _MEASURES))

    def _named(self, row: Mapping[str, str]) -> str:
        """The concept whose label the variable has."""
        labels = (row["label_sv"], row["label_en"], row["notation"])
        return next((self._concepts[fold(text)] for text in labels if text and fold(text) in self._concepts), "")

    def lacking(self, rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
        """What linkage needs and no variable of the list is known to identify."""
        measured = {key.strip() for row in rows for key in row["measures"].split("|") if key.strip()}
        has = {kind for key in measured for kind in self._keys(iris.thing(f"{_CONCEPT}/{key}"), _IDENTIFIES)}
        return (kind for kind in NEEDED if kind not in has)

    def _keys(self, subject: str, predicate: str) -> list[str]:
        described = self._context.described.get(subject, ())
        found = (one.object for one in described if one.predicate.value == predicate)
        return [value.value.rpartition("/")[2] for value in found if isinstance(value, NamedNode)]

    def _texts(self, subject: str, predicate: str) -> list[str]:
        described = self._context.described.get(subject, ())
        found = (one.object for one in described if one.predicate.value == predicate)
        return [value.value for value in found if isinstance(value, Literal)]


def _one_cell(text: str) -> str:
    """A text as one cell of the template: a bar would part it."""
    return " ".join(re.sub(r"\s*\|\s*", " / ", text).split())


def as_rows(listed: Listed, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """The rows in the order of the template's columns."""
    return [tuple(row[column] for column in columns) for row in listed.rows]
