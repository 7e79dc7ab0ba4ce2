"""Rows as typed records: every cell read by its kind, every bad cell one finding with its position and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from loader.model.codes import CodeLists
from loader.model.findings import Finding, Message, Position, Severity
from loader.model.layout import Column, Layouts, TableLayout, tables_of
from loader.model.nearest import nearest
from loader.tables.cells import PARSERS, Problem, Subject, Value, parse_code, required, split_items
from loader.tables.reportcells import GroupLabels, Item, follow_up_area, groups, scheme_of, variable
from loader.tables.statedvalues import as_statement, bilingual, meaning, misplaced
from loader.tables.subjects import NO_VARIABLES, Subjects, row_keys
from loader.tables.table import Row, Table


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, what it states (nothing for empty and bad ones), and whether it was bad."""

    column: Column
    text: str
    items: tuple[Item, ...] = ()
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One row: `path` is its subject's IRI path, `class_name` a prefixed name, `passage` its part and row."""

    table: str
    source: str
    file: str
    row: int
    line: int
    path: str
    class_name: str
    passage: tuple[str, str] | None
    cells: tuple[Cell, ...]

    def position(self, column: str | None = None) -> Position:
        """Where the record, or one of its cells, stands."""
        return Position(self.file, row=self.row, column=column, line=self.line)


@dataclass(frozen=True, slots=True)
class Records:
    """All records of all tables in order, with every finding about their cells."""

    records: tuple[Record, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What cells are read against; `class_names` are the labels of classes by their prefixed names."""

    layouts: Layouts
    codes: CodeLists
    subjects: Subjects
    group_labels: GroupLabels
    class_names: Mapping[str, Message] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Here:
    """The row that is being read."""

    table: Table
    layout: TableLayout
    row: Row
    keys: tuple[str, ...]


def read_records(tables: Iterable[Table], known: Known) -> Records:
    """The records of the tables, sorted by table and source; rows without a legal subject give findings alone."""
    records: list[Record] = []
    findings: list[Finding] = list(known.subjects.findings)
    repeated = {(finding.position.file, finding.position.row) for finding in findings}
    for table in sorted(tables, key=lambda table: (table.name, table.source)):
        for row in table.rows:
            if (table.file, row.number) in repeated:
                continue
            layout = known.layouts[table.name]
            here = _Here(table, layout, row, row_keys(layout, row, known.codes) or ())
            record, problems = _read_row(here, known)
            findings += problems
            if record is not None:
                records.append(record)
    return Records(tuple(records), tuple(findings))


def _read_row(here: _Here, known: Known) -> tuple[Record | None, list[Finding]]:
    cells: list[Cell] = []
    findings: list[Finding] = []
    for column in here.layout.columns:
        cell, problems = _read_cell(column, here, known)
        cells.append(cell)
        findings += [_finding(problem, column, here) for problem in problems]
    class_name, problem = _class(here, known)
    if problem is not None:
        findings.append(_finding(problem, here.layout.by_name[here.layout.class_by or ""], here))
    path = known.subjects.paths.get((here.table.file, here.row.number))
    if path is None or class_name is None:
        return None, findings
    passage = (here.row.cells["part"], here.row.cells["row"]) if here.layout.passage else None
    table, row = here.table, here.row
    record = Record(table.name, table.source, table.file, row.number, row.line, path, class_name, passage, tuple(cells))
    return record, findings


def _read_cell(column: Column, here: _Here, known: Known) -> tuple[Cell, list[Problem]]:
    if column.kind == "value":
        return _read_value(column, here, known)
    text = here.row.cells[column.name]
    texts = split_items(column, text)
    if isinstance(texts, Problem):
        return Cell(column, text, bad=True), [texts]
    if not texts and _required(column, here):
        return Cell(column, text, bad=True), [_empty(column)]
    items: list[Item] = []
    problems: list[Problem] = []
    unknown = False
    for item in texts:
        found = _read_item(column, item, here, known)
        if found is None:
            unknown = True
        elif isinstance(found, Problem):
            problems.append(found)
        else:
            items += found
    return Cell(column, text, tuple(dict.fromkeys(items)), bad=bool(problems) or unknown), problems


def _required(column: Column, here: _Here) -> bool:
    kind = here.row.cells.get(here.layout.class_by or "")
    return required(column) and (column.unless is None or column.unless != kind)


def _read_value(column: Column, here: _Here, known: Known) -> tuple[Cell, list[Problem]]:
    text = here.row.cells[column.name]
    meant = meaning(here.layout, here.row, column, known.codes)
    if meant is None:
        return Cell(column, text), []
    problem = misplaced(column, text, both=bilingual(here.layout.values[meant.name]))
    if problem is not None or not text:
        return Cell(column, text, bad=problem is not None), [] if problem is None else [problem]
    found = _read_item(meant, text, here, known)
    if found is None:
        return Cell(column, text, bad=True), []
    if isinstance(found, Problem):
        return Cell(column, text, bad=True), [found]
    return Cell(column, text, as_statement(found)), []


def _read_item(column: Column, text: str, here: _Here, known: Known) -> tuple[Item, ...] | Problem | None:
    """What an item states; None when what it refers to may stand where it could not be read."""
    match column.kind:
        case "follow-up-areas":
            return _one(follow_up_area(known.codes, text))
        case "groups":
            return groups(known.codes, known.group_labels, text)
        case "variables":
            return _variable(text, here, known)
        case "code":
            value: Value | Problem = parse_code(scheme_of(known.codes, column.scheme or ""), text)
        case "ref" | "passage-part":
            return _reference(column, text, here, known.subjects)
        case kind:
            value = PARSERS[kind](column, text)
    if isinstance(value, Problem):
        return value
    return () if column.property is None else (Item(column.property, value),)


def _one(item: Item | Problem) -> tuple[Item, ...] | Problem:
    return item if isinstance(item, Problem) else (item,)


def _variable(text: str, here: _Here, known: Known) -> tuple[Item, ...] | Problem | None:
    register = known.subjects.resolve("registers", here.row.cells["register"], here.table.source)
    if register is None:
        return None  # the register cell has its own finding
    found = variable(known.subjects.variables.get(register, NO_VARIABLES), text)
    if isinstance(found, Problem) and "variables" in known.subjects.uncertain:
        return None  # so has the table that could not be read
    return _one(found)


def _reference(column: Column, text: str, here: _Here, subjects: Subjects) -> tuple[Item, ...] | Problem | None:
    table = column.table or ""
    path = subjects.resolve(table, text, here.table.source, here.keys)
    if path is not None:
        return () if column.property is None else (Item(column.property, Subject(path)),)
    if subjects.uncertain & set(tables_of(column)):
        return None
    names = " / ".join(tables_of(column))
    message = Message(
        sv=f"«{text}» är inte nyckeln till någon rad i tabellen {names}.",
        en=f"“{text}” is not the key of any row of the table {names}.",
    )
    return Problem("dangling-reference", message, text, subjects.suggest(table, text))


def _class(here: _Here, known: Known) -> tuple[str | None, Problem | None]:
    if here.layout.class_by is None:
        return here.layout.class_name, None
    text = here.row.cells[here.layout.class_by]
    classes: Mapping[str, str] = here.layout.classes
    if text in classes or not text:
        return classes.get(text), None
    names = [known.class_names.get(name, Message(sv=key, en=key)) for key, name in classes.items()]
    message = Message(
        sv=f"«{text}» är inte ett av {', '.join(name.sv for name in names)}.",
        en=f"“{text}” is not one of {', '.join(name.en for name in names)}.",
    )
    return None, Problem("unknown-kind", message, text, nearest(text, classes))


def _empty(column: Column) -> Problem:
    message = Message(
        sv=f"Cellen är tom; kolumnen «{column.name}» måste ha ett värde.",
        en=f"The cell is empty; the column “{column.name}” must have a value.",
    )
    return Problem("empty-cell", message, "")


def _finding(problem: Problem, column: Column, here: _Here) -> Finding:
    position = Position(here.table.file, row=here.row.number, column=column.name, line=here.row.line)
    return Finding(
        problem.rule, Severity.VIOLATION, problem.message, position, problem.value, suggestion=problem.suggestion
    )
