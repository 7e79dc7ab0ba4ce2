"""The submitter's own workbook back, with its cells marked and commented, and a sheet with all findings."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from loader.intake.formats import WORKBOOKS, Format, recognise_format
from loader.intake.grids.grid import Grid
from loader.intake.grids.workbook import read_workbook
from loader.intake.limits import DEFAULT_LIMITS
from loader.intake.sheets.aliases import HELPERS, known_headers
from loader.intake.sheets.delimited import read_delimited
from loader.intake.upload import Upload
from loader.model.findings import Finding, Severity
from loader.report.model import Report, cell_of, place_of, rule_link
from loader.report.neutral import neutral
from loader.report.ownbook import own_book

_FILLS = {Severity.VIOLATION: "FFF4B6B6", Severity.WARNING: "FFFFF2B3", Severity.INFO: "FFD6E6F7"}
_COLUMNS = {
    "sv": ("Allvar", "Regel", "Plats", "Värde", "Meddelande", "Förslag", "Förklaring"),
    "en": ("Severity", "Rule", "Place", "Value", "Message", "Suggestion", "Explanation"),
}
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_COMMENT = 8_000


def workbook_report(report: Report) -> bytes:
    """An XLSX: one submitted workbook with its sheets as they were (values for formulas), or new sheets from tables."""
    book, sheets = _book(report)
    marks: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.result.findings:
        cell = cell_of(finding.position, report.result.columns) or _row_cell(finding)
        name = sheets.get((finding.position.file or "", finding.position.sheet))
        if cell is not None and name is not None:
            marks.setdefault((name, cell), []).append(finding)
    for (name, cell), findings in marks.items():
        _mark(book[name], cell, findings, report)
    _sheet(book, report)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _row_cell(finding: Finding) -> str | None:
    """The first cell of the row, where only the row is known."""
    return None if finding.position.row is None else f"A{finding.position.row}"


def _book(report: Report) -> tuple[Workbook, Mapping[tuple[str, str | None], str]]:
    """The workbook to mark, and the names of its sheets by file and sheet."""
    if len(report.uploads) == 1 and recognise_format(report.uploads[0]) is Format.XLSX:
        upload = report.uploads[0]
        read = read_workbook(upload, DEFAULT_LIMITS)
        if read.readable:
            try:
                book = own_book(upload.data)
            except (InvalidFileException, ValueError, KeyError, TypeError, AttributeError, IndexError):
                return _new_book(read.grids)
            return book, {(upload.shown, name): name for name in book.sheetnames}
    return _new_book(grid for upload in report.uploads for grid in _grids(upload))


def _grids(upload: Upload) -> Iterable[Grid]:
    form = recognise_format(upload)
    if form in WORKBOOKS:
        return read_workbook(upload, DEFAULT_LIMITS).grids
    return read_delimited(upload, known_headers(), DEFAULT_LIMITS).grids if form is Format.CSV else ()


def _new_book(grids: Iterable[Grid]) -> tuple[Workbook, Mapping[tuple[str, str | None], str]]:
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    names: dict[tuple[str, str | None], str] = {}
    for grid in grids:
        title = re.sub(r"[\[\]:*?/\\]", "_", grid.sheet or grid.file)[:31]
        sheet = book.create_sheet(title)
        names[(grid.file, grid.sheet)] = sheet.title
        for row in grid.rows:
            for column, text in enumerate(row.cells, 1):
                _write(sheet, row.number, column, text)
    return book, names


def _write(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        cell.value = neutral(_ILLEGAL.sub(" ", text))[:32_000]
        cell.data_type = "s"


def _mark(sheet: Worksheet, place: str, findings: list[Finding], report: Report) -> None:
    cell = sheet[place]
    if isinstance(cell, MergedCell) or not isinstance(cell, Cell):
        return
    worst = min(findings, key=lambda finding: finding.severity.rank)
    cell.fill = PatternFill("solid", start_color=_FILLS[worst.severity])
    lines = []
    for finding in findings:
        hint = "" if finding.suggestion is None else f" → {finding.suggestion}"
        lines.append(f"{finding.message.text(report.language)}{hint} [{finding.rule}]")
    text = _ILLEGAL.sub(" ", "\n".join(lines))[:_COMMENT]
    cell.comment = Comment(text, "registergraf", height=160, width=360)


def _sheet(book: Workbook, report: Report) -> None:
    title = HELPERS["report"][report.language]
    while title in book.sheetnames:
        title += " 2"
    sheet = book.create_sheet(title, 0)
    _write(sheet, 1, 1, report.conclusion.text(report.language))
    _write(sheet, 2, 1, " ".join((report.effect.text(report.language), *(f"{line}." for line in report.effects))))
    for column, text in enumerate(_COLUMNS[report.language], 1):
        _write(sheet, 3, column, text)
        sheet.cell(3, column).font = Font(bold=True)
    for row, finding in enumerate(report.result.findings, 4):
        place = place_of(finding.position, report.result.columns)
        message = finding.message.text(report.language)
        values = (finding.severity.value, finding.rule, place, finding.value, message, finding.suggestion)
        for column, value in enumerate((*values, rule_link(finding.rule)), 1):
            _write(sheet, row, column, value or "")
    for letter, width in zip("ABCDEFG", (11, 28, 40, 28, 90, 28, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A4"
    book.active = 0
