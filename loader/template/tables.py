"""The template as CSV files with CSVW metadata (W3C, Metadata Vocabulary for Tabular Data, 2015)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from loader.model import iris
from loader.template.model import Template, TemplateColumn, TemplateSheet

METADATA = "csv-metadata.json"
_TYPES = {"integer": "integer", "decimal": "decimal", "date": "date", "boolean": "string", "iri": "anyURI"}


def csv_template(template: Template, *, example: bool = False) -> dict[str, bytes]:
    """The files by name: a CSV a table (UTF-8 with byte order mark, semicolons), and the metadata."""
    files = {f"{sheet.table}.csv": _csv(sheet, example=example) for sheet in template.sheets}
    data = json.dumps(_metadata(template), ensure_ascii=False, indent=1) + "\n"
    return {**files, METADATA: data.encode()}


def _csv(sheet: TemplateSheet, *, example: bool) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.header for column in sheet.columns])
    writer.writerows([[column.example for column in sheet.columns]] if example else sheet.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _metadata(template: Template) -> dict[str, object]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": template.language}],
        "dialect": {"delimiter": ";", "encoding": "utf-8", "header": True},
        "tables": [_table(sheet, template) for sheet in template.sheets],
    }


def _table(sheet: TemplateSheet, template: Template) -> dict[str, object]:
    return {
        "url": f"{sheet.table}.csv",
        "dc:title": sheet.title,
        "rdfs:seeAlso": {"@id": sheet.class_iri},
        "tableSchema": {"columns": [dict(_column(column, template)) for column in sheet.columns]},
    }


def _column(column: TemplateColumn, template: Template) -> Iterator[tuple[str, object]]:
    other = "en" if template.language == "sv" else "sv"
    yield "name", column.layout.name
    yield "titles", {template.language: column.header, other: column.other_header}
    yield "dc:description", " ".join(dict.fromkeys(column.help))
    yield "datatype", _TYPES.get(column.layout.kind, "string")
    yield "required", column.required
    if column.layout.many:
        yield "separator", "|"
    if column.layout.lang is not None:
        yield "lang", column.layout.lang
    if column.layout.property is not None:
        yield "propertyUrl", iris.expand(column.layout.property)
