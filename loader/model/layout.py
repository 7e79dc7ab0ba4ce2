"""The layout of every table: what its columns hold and what they become, read from layouts.toml and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from loader.errors import LayoutError
from loader.model.iris import PREFIXES
from loader.resources import package_folder

KINDS = frozenset(
    [
        *("key", "text", "integer", "decimal", "date", "partial-date", "boolean", "iri", "code", "ref", "value"),
        *("follow-up-areas", "groups", "variables", "passage-part", "passage-row"),
    ]
)
_CURIE = re.compile(r"([a-z]+):[A-Za-z_]+")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_COLUMN_SETTINGS = frozenset(("kind", "lang", "scheme", "table", "key", "many", "required", "unless", "property"))
_TABLE_SETTINGS = frozenset(("subject", "class", "class_by", "classes", "passage", "columns", "value_by", "values"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `property` is a prefixed name, `scheme` and `table` say where a code or reference is looked up.

    `table` may name several tables, with | between them: the first that has the key. A `required` cell may be empty in
    a row of the class `unless`.
    """

    name: str
    kind: str
    lang: str | None = None
    scheme: str | None = None
    table: str | None = None
    key: bool = False
    many: bool = False
    required: bool = False
    unless: str | None = None
    property: str | None = None


@dataclass(frozen=True)
class TableLayout:
    """One table: `subject` is an IRI path with {column} placeholders; `classes` maps values of column `class_by`.

    `values` says, for each value of the column `value_by`, what the cells of kind value hold.
    """

    name: str
    subject: str
    columns: tuple[Column, ...]
    class_name: str | None
    class_by: str | None
    classes: Mapping[str, str]
    passage: bool
    value_by: str | None = None
    values: Mapping[str, Column] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def subject_keys(self) -> tuple[str, ...]:
        """The placeholders of the subject, in order, without the source's."""
        return tuple(name for name in _PLACEHOLDER.findall(self.subject) if name != "source")

    @cached_property
    def per_source(self) -> bool:
        """Whether the source is part of the subject."""
        return "{source}" in self.subject


Layouts = Mapping[str, TableLayout]

_PART = Column(name="part", kind="passage-part", table="parts", required=True)
_ROW = Column(name="row", kind="passage-row", required=True)


def default_layouts() -> Layouts:
    """The layouts that come with the program."""
    return read_layouts(package_folder() / "layouts.toml")


def read_layouts(path: Path) -> Layouts:
    """Every table's layout; LayoutError names the table and column that cannot be used."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LayoutError(f"{path} cannot be read: {error}") from error
    layouts = {name: _table(name, {**body, "values": _values(name, body, raw)}) for name, body in raw.items()}
    if not layouts:
        raise LayoutError(f"{path} describes no table")
    for layout in layouts.values():
        _check_references(layout, layouts)
    return layouts


def _values(name: str, body: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """What the cells of kind value hold: the table's own settings, or those of the table that it names."""
    own = body.get("values", {})
    if not isinstance(own, str):
        return dict(own)
    if own not in raw or not isinstance(raw[own].get("values"), dict):
        raise LayoutError(f"{name}: there are no values of a table {own!r}")
    return dict(raw[own]["values"])


def _table(name: str, body: dict[str, Any]) -> TableLayout:
    _only(body, _TABLE_SETTINGS, name)
    columns = [_column(f"{name}.{column}", settings) for column, settings in body.get("columns", {}).items()]
    if body.get("passage", False):
        columns += [_PART, _ROW]
    layout = TableLayout(
        name=name,
        subject=str(body.get("subject", "")),
        columns=tuple(columns),
        class_name=body.get("class"),
        class_by=body.get("class_by"),
        classes=body.get("classes", {}),
        passage=bool(body.get("passage", False)),
        value_by=body.get("value_by"),
        values={key: _column(f"{name}.{key}", settings) for key, settings in body.get("values", {}).items()},
    )
    _check_table(layout)
    return layout


def _column(place: str, settings: dict[str, Any]) -> Column:
    _only(settings, _COLUMN_SETTINGS, place)
    try:
        column = Column(name=place.partition(".")[2], **settings)
    except TypeError as error:
        raise LayoutError(f"{place}: {error}") from error
    if column.kind not in KINDS:
        raise LayoutError(f"{place}: {column.kind!r} is no kind of cell; use one of {', '.join(sorted(KINDS))}")
    if (column.kind == "code") != (column.scheme is not None) or (column.kind == "ref") != (column.table is not None):
        raise LayoutError(f"{place}: a code needs a scheme and a ref a table, and nothing else may have them")
    if column.property is not None:
        _check_curie(column.property, place)
    return column


def _check_table(layout: TableLayout) -> None:
    if not layout.columns or not layout.subject_keys:
        raise LayoutError(f"{layout.name}: a table needs a subject with a key, and columns")
    if (layout.class_name is None) == (layout.class_by is None) or bool(layout.class_by) != bool(layout.classes):
        raise LayoutError(f"{layout.name}: give either class, or class_by with classes")
    for name in layout.classes.values() if layout.class_by else (layout.class_name or "",):
        _check_curie(name, layout.name)
    if bool(layout.values) != any(column.kind == "value" for column in layout.columns):
        raise LayoutError(f"{layout.name}: cells of kind value and the table's values go together")
    for name in (*layout.subject_keys, *filter(None, (layout.class_by, layout.value_by))):
        if name not in layout.by_name:
            raise LayoutError(f"{layout.name}: {{{name}}} is no column of the table")
    if len(layout.by_name) != len(layout.columns):
        raise LayoutError(f"{layout.name}: a column is described twice")
    for column in layout.columns:
        if column.unless is not None and column.unless not in layout.classes:
            raise LayoutError(f"{layout.name}.{column.name}: {column.unless!r} is none of the table's classes")


def _check_references(layout: TableLayout, layouts: Layouts) -> None:
    for column in (*layout.columns, *layout.values.values()):
        for table in tables_of(column):
            if table not in layouts:
                raise LayoutError(f"{layout.name}.{column.name}: there is no table {table!r}")


def tables_of(column: Column) -> tuple[str, ...]:
    """The tables that a reference of the column may lead to, in the order of looking."""
    return tuple(column.table.split("|")) if column.table else ()


def _check_curie(text: str, place: str) -> None:
    match = _CURIE.fullmatch(text)
    if match is None or match[1] not in PREFIXES:
        raise LayoutError(f"{place}: {text!r} is no prefixed name with a known prefix")


def _only(settings: dict[str, Any], allowed: frozenset[str], place: str) -> None:
    unknown = sorted(set(settings) - allowed)
    if unknown:
        raise LayoutError(f"{place}: unknown setting {unknown[0]!r}; use {', '.join(sorted(allowed))}")
