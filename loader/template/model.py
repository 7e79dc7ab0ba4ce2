"""What the template holds: sheets of columns with headers, help, examples and legal values in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pyoxigraph import Literal
from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral

from loader.intake.sheets.aliases import ColumnNames, TableNames, known_tables
from loader.intake.world.context import Context
from loader.judging.shapes import SH
from loader.model import iris
from loader.model.findings import Language
from loader.model.layout import Column, TableLayout
from loader.template.filled import filled_rows

_PREF = iris.PREFIXES["skos"] + "prefLabel"
_SPECIAL = {
    "follow-up-areas": ("follow-up-area", "rg:coversFollowUpArea"),
    "groups": ("target-group", "rg:concernsTargetGroup"),
    "variables": (None, "rg:usesVariable"),
}
_BOOLEANS = {"sv": ("ja", "nej"), "en": ("yes", "no")}


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column: `legal` are its values in the template's language, empty when anything may be written."""

    layout: Column
    names: ColumnNames
    header: str
    other_header: str
    help: tuple[str, ...]
    example: str
    legal: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class TemplateSheet:
    """One sheet of the template; `rows` are the texts of its columns, where it comes filled."""

    table: str
    title: str
    other_title: str
    class_iri: str
    columns: tuple[TemplateColumn, ...]
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """The whole template in a language; `register` is the key of the register that it is filled with."""

    language: Language
    sheets: tuple[TemplateSheet, ...]
    register: str | None = None


def make_template(context: Context, language: Language, register: str | None = None) -> Template:
    """The template for what a release knows, filled with what it says of a register when its key is given."""
    sheets = [_sheet(names, context, language) for names in known_tables().values()]
    if register is not None:
        sheets = [replace(sheet, rows=_rows(sheet, context, language, register)) for sheet in sheets]
    return Template(language, tuple(sheets), register)


def _rows(sheet: TemplateSheet, context: Context, language: Language, register: str) -> tuple[tuple[str, ...], ...]:
    rows = filled_rows(context, sheet.table, register, language)
    return tuple(tuple(row[column.layout.name] for column in sheet.columns) for row in rows)


def _sheet(names: TableNames, context: Context, language: Language) -> TemplateSheet:
    layout = context.layouts[names.table]
    columns = (
        _column(layout, layout.by_name[column], names.columns[column], context, language) for column in names.columns
    )
    title, other = (names.sv, names.en) if language == "sv" else (names.en, names.sv)
    kind = layout.class_name or next(iter(layout.classes.values()))
    return TemplateSheet(names.table, title, other, iris.expand(kind), tuple(columns))


def _column(
    layout: TableLayout, column: Column, names: ColumnNames, context: Context, language: Language
) -> TemplateColumn:
    header, other = (names.sv, names.en) if language == "sv" else (names.en, names.sv)
    rules = tuple(_rules(column, layout, context.flat_shapes, language))
    texts = (names.help_sv, names.help_en) if language == "sv" else (names.help_en, names.help_sv)
    return TemplateColumn(
        layout=column,
        names=names,
        header=header,
        other_header=other,
        help=(*texts, *rules),
        example=names.example if language == "sv" else names.example_en,
        legal=tuple(_legal(layout, column, context, language)),
        required=column.required or column.kind == "key",
    )


def _rules(column: Column, layout: TableLayout, shapes: Graph, language: Language) -> Iterator[str]:
    """What the shapes demand of the column's property on the table's classes, in one language."""
    special = _SPECIAL.get(column.kind)
    name = special[1] if special is not None else column.property
    if name is None:
        return
    kinds = {URIRef(iris.expand(kind)) for kind in (layout.class_name, *layout.classes.values()) if kind}
    for shape in sorted(shapes.subjects(SH.path, URIRef(iris.expand(name))), key=str):
        targets = set(shapes.objects(shape, SH.targetClass))
        if not targets & kinds:
            continue
        for text in shapes.objects(shape, SH.message):
            if isinstance(text, RdflibLiteral) and text.language == language:
                yield str(text)


def _legal(layout: TableLayout, column: Column, context: Context, language: Language) -> Iterable[str]:
    if column.kind == "boolean":
        return _BOOLEANS[language]
    if layout.class_by == column.name:
        return tuple(layout.classes)
    if column.kind == "ref" and column.table == "agents":
        return tuple(sorted(context.subjects.places.get("agents", {})))
    scheme = column.scheme or (_SPECIAL[column.kind][0] if column.kind in _SPECIAL else None)
    return labels(scheme, context, language) if scheme else ()


def labels(scheme: str, context: Context, language: Language) -> tuple[str, ...]:
    """The preferred labels of a scheme's concepts in a language, sorted."""
    codes = context.codes.get(scheme)
    found = []
    for concept in codes.by_key.values() if codes is not None else ():
        for triple in context.described.get(concept.iri, ()):
            value = triple.object
            if triple.predicate.value == _PREF and isinstance(value, Literal) and value.language == language:
                found.append(value.value)
    return tuple(sorted(found, key=str.casefold))
