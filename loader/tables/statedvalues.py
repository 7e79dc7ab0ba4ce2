"""Cells whose kind depends on another cell: the value of a dated statement, by the property that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from loader.model import iris
from loader.model.codes import CodeLists, Concept
from loader.model.findings import Message
from loader.model.layout import Column, TableLayout
from loader.tables.cells import Link, Problem, parse_code
from loader.tables.reportcells import Item, scheme_of
from loader.tables.table import Row


def meaning(layout: TableLayout, row: Row, column: Column, codes: CodeLists) -> Column | None:
    """What a cell of kind value holds in this row; None when the property is not known, which has its own finding."""
    by = layout.by_name.get(layout.value_by or "")
    if by is None or column.kind != "value":
        return None
    found = parse_code(scheme_of(codes, by.scheme or ""), row.cells[by.name])
    meant = layout.values.get(found.key) if isinstance(found, Concept) else None
    return meant if meant is None or not bilingual(meant) else replace(meant, lang=column.lang)


def bilingual(meant: Column) -> bool:
    """Whether the value is a text that is written in both languages, each in a column of its own."""
    return meant.kind == "text" and meant.lang is None


def misplaced(column: Column, text: str, *, both: bool) -> Problem | None:
    """What is wrong with where the value stands: a text in two languages has its own columns, all else `value`."""
    wanted = (column.lang is not None) == both
    if wanted and not text:
        message = Message(
            sv=f"Cellen är tom; uppgiften ska stå i kolumnen «{column.name}».",
            en=f"The cell is empty; the value must stand in the column “{column.name}”.",
        )
        return Problem("empty-cell", message, "")
    if text and not wanted:
        message = Message(
            sv=f"«{text}» står i fel kolumn. Skriv text på två språk i value_sv och value_en, allt annat i value.",
            en=f"“{text}” is in the wrong column. Write text in two languages in value_sv and value_en, else in value.",
        )
        return Problem("value-in-wrong-column", message, text)
    return None


def as_statement(items: Iterable[Item]) -> tuple[Item, ...]:
    """What a value says, as subject, predicate and object of plain RDF want it: the predicate and the object."""
    said = tuple(items)
    predicates = dict.fromkeys(Item("rdf:predicate", Link(iris.expand(item.property))) for item in said)
    return (*predicates, *(Item("rdf:object", item.value) for item in said))
