"""All uploads of a submission read: tables as records, RDF as statements, every finding at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from loader.intake.dictionaries.ddi import is_codebook, read_codebook
from loader.intake.dictionaries.frictionless import read_schema
from loader.intake.dictionaries.redcap import from_redcap
from loader.intake.dictionaries.yamlbook import read_yaml
from loader.intake.formats import WORKBOOKS, Format, recognise_format
from loader.intake.grids.cells import column_letters
from loader.intake.grids.grid import Grid, ReadGrids
from loader.intake.grids.texts import TEXT_RULES
from loader.intake.grids.workbook import read_workbook
from loader.intake.limits import DEFAULT_LIMITS, Limits
from loader.intake.rdf.reading import read_rdf
from loader.intake.rdf.statements import ReadStatements
from loader.intake.sheets.aliases import fold_header, helper_sheets, known_headers
from loader.intake.sheets.changes import Removal
from loader.intake.sheets.columns import ColumnReading
from loader.intake.sheets.completing import path_of
from loader.intake.sheets.confirming import confirmed_rows
from loader.intake.sheets.delimited import read_delimited
from loader.intake.sheets.leftovers import hidden_sheet, sort_out
from loader.intake.sheets.recognising import (
    Sheet,
    column_findings,
    header_position,
    recognise_sheet,
    registers_named,
    unknown_sheet,
)
from loader.intake.sheets.relocate import Places
from loader.intake.sheets.spoiltcodes import spoilt_codes
from loader.intake.sheets.submitted import Submitted, as_table, lacks_register
from loader.intake.upload import Upload
from loader.intake.world.context import Context
from loader.model import iris
from loader.model.findings import Finding, Message, Position, Severity
from loader.tables.cells import plain_key
from loader.tables.records import Known, Record, read_records
from loader.tables.subjects import Place, index_subjects


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: `readable` is False when no file holds RDF or a table that is known.

    `removals` are the records that rows take away, `scopes` those of which the tables have rows.
    `confirmed` are the rows whose warnings the holder has confirmed: file, sheet and number.
    """

    records: tuple[Record, ...]
    places: Places
    columns: tuple[ColumnReading, ...]
    findings: tuple[Finding, ...]
    readable: bool
    rdf: tuple[ReadStatements, ...] = field(default=())
    removals: tuple[Removal, ...] = ()
    scopes: frozenset[str] = frozenset()
    grids: tuple[Grid, ...] = ()
    confirmed: frozenset[tuple[str, str | None, int]] = frozenset()


def read_uploads(
    uploads: Sequence[Upload], context: Context, mapping: Mapping[str, str], limits: Limits = DEFAULT_LIMITS
) -> Reading:
    """Read every upload; what cannot be read is a finding, and does not keep the others from being read."""
    findings = list(_too_large(uploads, limits))
    named = _unique_names([upload for upload in uploads if len(upload.data) <= limits.upload_bytes][: limits.uploads])
    grids: list[Grid] = []
    rdf: list[ReadStatements] = []
    for upload in named:
        read = _read(upload, limits)
        findings += read.findings
        if isinstance(read, ReadStatements):
            rdf.append(read)
        else:
            grids += read.grids
            findings += _nothing(upload, read)
    known, told = _recognise(grids, mapping)
    findings += told
    sorted_sheets = [sort_out(sheet, context) for sheet in known]
    findings += [finding for one in sorted_sheets for finding in one.findings]
    sheets = [one.sheet for one in sorted_sheets]
    tables = _tables(sheets, context)
    places = Places({one.table.file: one for one in tables}, context.layouts)
    lost = frozenset(one.sheet.table for one in sorted_sheets if one.unread)
    records, problems = _records(tables, context, lost)
    for one in tables:
        findings += [*one.findings, *column_findings(one.sheet), *spoilt_codes(one.sheet, one.table)]
    findings = _named(findings, sheets)
    findings += _without_rows([one for one, done in zip(tables, sorted_sheets, strict=True) if not done.unread])
    findings += _nothing_read(named, tables, rdf, findings)
    return Reading(
        records=records,
        places=places,
        columns=tuple(reading for one in tables for reading in one.columns),
        findings=(*findings, *places.put_back(problems)),
        readable=bool(sheets) or any(read.readable for read in rdf),
        rdf=tuple(rdf),
        removals=tuple(removal for one in tables for removal in one.removals),
        scopes=frozenset(scope for one in tables for scope in one.scopes),
        grids=tuple(grids),
        confirmed=confirmed_rows(sheets),
    )


def read_grids(upload: Upload, limits: Limits = DEFAULT_LIMITS) -> ReadGrids:
    """The sheets of one file, whatever its format; none when it holds RDF or cannot be read, with the findings."""
    read = _read(upload, limits)
    return read if isinstance(read, ReadGrids) else ReadGrids((), tuple(read.findings), readable=False)


def _read(upload: Upload, limits: Limits) -> ReadGrids | ReadStatements:
    form = recognise_format(upload)
    if isinstance(form, Finding):
        return ReadGrids((), (form,), readable=False)
    if form in WORKBOOKS:
        return _with_redcap(read_workbook(upload, limits))
    if form is Format.CSV:
        return _with_redcap(read_delimited(upload, known_headers(), limits))
    return _dictionary(upload, form) or read_rdf(upload, form, limits)


def _with_redcap(read: ReadGrids) -> ReadGrids:
    made = [from_redcap(grid) for grid in read.grids]
    told = (finding for _, findings in made for finding in findings)
    return replace(read, grids=tuple(grid for grid, _ in made), findings=(*read.findings, *told))


def _dictionary(upload: Upload, form: Format) -> ReadGrids | None:
    """A file that is a list of variables in another system's format; None when it is none."""
    if form is Format.YAML:
        return read_yaml(upload) or ReadGrids((), (), readable=False)
    if form is Format.JSON_LD:
        return read_schema(upload)
    if form is Format.RDF_XML and is_codebook(upload.data[:8_000].decode("utf-8", "replace")):
        return read_codebook(upload)
    return None


def _nothing(upload: Upload, read: ReadGrids) -> Iterable[Finding]:
    """A finding about an upload in which no cell has text."""
    if not read.findings and not any(grid.rows for grid in read.grids):
        message = Message(sv="Ingen cell i filen har någon text.", en="No cell of the file has any text.")
        yield Finding("empty-file", Severity.VIOLATION, message, Position(upload.shown))


def _too_large(uploads: Sequence[Upload], limits: Limits) -> Iterable[Finding]:
    if len(uploads) > limits.uploads:
        message = Message(
            sv=f"{len(uploads)} filer lämnades in; högst {limits.uploads} läses.",
            en=f"{len(uploads)} files were submitted; at most {limits.uploads} are read.",
        )
        yield Finding("too-many-files", Severity.VIOLATION, message)
    for upload in uploads:
        if len(upload.data) > limits.upload_bytes:
            message = Message(
                sv=f"Filen är {len(upload.data)} byte; högst {limits.upload_bytes} läses. Dela upp den.",
                en=f"The file has {len(upload.data)} bytes; at most {limits.upload_bytes} are read. Split it.",
            )
            yield Finding("too-large", Severity.VIOLATION, message, Position(upload.shown))


def _unique_names(uploads: Sequence[Upload]) -> list[Upload]:
    """The uploads under names that differ."""
    seen: dict[str, int] = {}
    named = []
    for upload in uploads:
        number = seen[upload.shown] = seen.get(upload.shown, 0) + 1
        named.append(upload if number == 1 else replace(upload, name=f"({number}) {upload.shown}"))
    return named


def _recognise(grids: Sequence[Grid], mapping: Mapping[str, str]) -> tuple[list[Sheet], list[Finding]]:
    sheets = []
    unknown = []
    findings = []
    for grid in grids:
        if grid.sheet is not None and fold_header(grid.sheet) in helper_sheets():
            continue
        sheet = recognise_sheet(grid, mapping)
        if sheet is None:
            unknown.append(grid)
        elif grid.hidden:
            findings.append(hidden_sheet(sheet))
        else:
            sheets.append(sheet)
    files = {sheet.grid.file for sheet in sheets} | {finding.position.file for finding in findings}
    findings += [unknown_sheet(grid, alone=grid.file not in files) for grid in unknown if grid.rows]
    return sheets, findings


def _tables(sheets: Sequence[Sheet], context: Context) -> list[Submitted]:
    """The sheets as tables; those that do not say their register are about the only one that the others name."""
    named = {sheet.grid.name: registers_named(sheet, context) for sheet in sheets}
    lacking = any(lacks_register(sheet, context.layouts[sheet.table]) for sheet in sheets)
    common = _common_register(sheets, context) if lacking else None
    tables = []
    for number, sheet in enumerate(sheets, 1):
        own = named[sheet.grid.name]
        part = f"{number}-{plain_key(sheet.grid.sheet or '') or sheet.table.replace('_', '-')}"
        tables.append(as_table(sheet, context, min(own) if len(own) == 1 else common, part))
    return tables


def _common_register(sheets: Sequence[Sheet], context: Context) -> str | None:
    found = set()
    for sheet in sheets:
        for cells in (row.cells for row in as_table(sheet, context, None).table.rows):
            if cells.get("register"):
                found.add(cells["register"])
        found |= registers_named(sheet, context)
    return min(found) if len(found) == 1 else None


def _records(
    tables: Sequence[Submitted], context: Context, lost: frozenset[str]
) -> tuple[tuple[Record, ...], tuple[Finding, ...]]:
    """The rows as records; what refers to a row that could not be read (of the tables `lost`) is not blamed."""
    subjects = index_subjects([one.table for one in tables], context.layouts, context.codes, lost, context.subjects)
    parts = {one.part: (Place(one.part_path, one.sheet.grid.source, one.table.file, 0),) for one in tables}
    subjects = replace(subjects, places={**subjects.places, "parts": parts})
    known = Known(context.layouts, context.codes, subjects, context.group_labels, context.class_names)
    read = read_records([one.table for one in tables], known)
    records = tuple(_identified(record, context) for record in read.records)
    return records, (*read.findings, *_measured_twice(records))


def _identified(record: Record, context: Context) -> Record:
    """A measurement under the path that it has in every file."""
    if record.table != "coverage_measurements":
        return record
    path = path_of(record.table, {cell.column.name: cell.text for cell in record.cells}, context)
    return record if path is None else replace(record, path=path)


def _measured_twice(records: Iterable[Record]) -> Iterable[Finding]:
    """A finding for each row that measures what an earlier row does."""
    first: dict[str, Record] = {}
    for record in records:
        if record.table != "coverage_measurements":
            continue
        other = first.setdefault(record.path, record)
        if other is not record:
            message = Message(
                sv=f"Rad {other.row} anger redan täckningsgraden för samma register, år, population och metod.",
                en=f"Row {other.row} already gives the coverage of the same register, year, population and method.",
            )
            place = record.position("year")
            yield Finding("duplicate-key", Severity.VIOLATION, message, place, focus=iris.thing(record.path))


def _named(findings: Iterable[Finding], sheets: Sequence[Sheet]) -> list[Finding]:
    """Findings about the text of cells at the header of their column, which is known only now."""
    headers = {
        (sheet.grid.file, sheet.grid.sheet, place): reading.header
        for sheet in sheets
        for reading in sheet.columns
        if reading.number is not None
        for place in (reading.number if sheet.grid.sheet is None else column_letters(reading.number),)
    }
    moved = []
    for finding in findings:
        position = finding.position
        header = headers.get((position.file or "", position.sheet, position.column or 0))
        if header is not None and finding.rule in TEXT_RULES:
            finding = replace(finding, position=replace(position, column=header))
        moved.append(finding)
    return moved


def _without_rows(tables: Sequence[Submitted]) -> Iterable[Finding]:
    """A finding for each table of a file without rows: an error when no file has any, as in an empty template."""
    filled = {one.sheet.grid.file for one in tables if one.sheet.rows}
    for one in tables:
        if one.sheet.grid.file not in filled:
            message = Message(sv="Tabellen har inga rader.", en="The table has no rows.")
            severity = Severity.WARNING if filled else Severity.VIOLATION
            yield Finding("no-rows", severity, message, header_position(one.sheet))


def _nothing_read(
    uploads: Sequence[Upload], tables: Sequence[Submitted], rdf: Sequence[ReadStatements], findings: Sequence[Finding]
) -> Iterable[Finding]:
    """A finding about each file from which nothing was read, where none says why."""
    read = {one.sheet.grid.file for one in tables} | {one.file for one in rdf if one.statements}
    told = {finding.position.file for finding in findings if finding.severity is Severity.VIOLATION}
    for upload in uploads:
        if upload.shown not in read | told:
            message = Message(
                sv="Ingenting i filen kunde läsas: den har varken en tabell som känns igen eller ett påstående i RDF. "
                "Använd mallen, eller ge en mappning.",
                en="Nothing in the file could be read: it has no table that is known and no statement in RDF. "
                "Use the template, or give a mapping.",
            )
            yield Finding("nothing-read", Severity.VIOLATION, message, Position(upload.shown))
