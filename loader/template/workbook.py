"""The template as a workbook: a sheet per table with help, drop-downs and legal values, and a sheet to read first."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from loader.intake.sheets.aliases import HELPERS
from loader.template.model import Template, TemplateColumn, TemplateSheet

ROWS = 5_000
_TEXT = {
    "sv": (
        "Mall för uppgifter till registergrafen",
        "Fyll i de blad som behövs och lämna de andra tomma. Peka på en rubrik för att se hjälp och exempel.",
        "Röda rubriker måste fyllas i. Flera värden i en cell skrivs med | emellan.",
        "Kontrollera filen med registergraf check, eller på sidan /validate, innan den lämnas in.",
    ),
    "en": (
        "Template for metadata to the graph of registers",
        "Fill in the sheets that you need and leave the others empty. Point at a header to see help and an example.",
        "Red headers must be filled in. Several values in a cell are written with | between them.",
        "Check the file with registergraf check, or on the page /validate, before you submit it.",
    ),
}
_WORDS = {"sv": ("Exempel", "Rubrik på engelska"), "en": ("Example", "Header in Swedish")}


def workbook_template(template: Template, *, example: bool = False) -> bytes:
    """The XLSX; with `example` one filled row a sheet."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    _read_me(book, template)
    codes = book.create_sheet(HELPERS["codes"][template.language])
    for number, sheet in enumerate(template.sheets, 1):
        page = book.create_sheet(sheet.title, number)
        _fill(page, sheet, template, codes)
        rows = (tuple(column.example for column in sheet.columns),) if example else sheet.rows
        for row, texts in enumerate(rows, 2):
            for place, text in enumerate(texts, 1):
                _text(page, row, place, text)
    book.active = 1
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _read_me(book: Workbook, template: Template) -> None:
    page = book.create_sheet(HELPERS["read-me"][template.language])
    other = "en" if template.language == "sv" else "sv"
    lines = [*_TEXT[template.language], "", *_TEXT[other], ""]
    for sheet in template.sheets:
        lines += ["", f"{sheet.title} / {sheet.other_title}"]
        lines += [f"  {column.header} / {column.other_header}: {' '.join(column.help[:2])}" for column in sheet.columns]
    for row, line in enumerate(lines, 1):
        _text(page, row, 1, line)
    page.column_dimensions["A"].width = 140
    page["A1"].font = Font(bold=True, size=14)


def _fill(page: Worksheet, sheet: TemplateSheet, template: Template, codes: Worksheet) -> None:
    for number, column in enumerate(sheet.columns, 1):
        _text(page, 1, number, column.header)
        cell = page.cell(1, number)
        cell.font = Font(bold=True, color="FFB3261E" if column.required else "FF1B1B1B")
        cell.fill = PatternFill("solid", start_color="FFEFEFEF")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.comment = Comment(_help(column, template), "registergraf", height=220, width=420)
        page.column_dimensions[get_column_letter(number)].width = max(16, min(48, len(column.header) + 4))
        if column.legal:
            _drop_down(page, number, column, codes)
    page.freeze_panes = "A2"


def _help(column: TemplateColumn, template: Template) -> str:
    example, other = _WORDS[template.language]
    lines = list(dict.fromkeys(column.help))
    if column.example:
        lines.insert(1, f"{example}: {column.example}")
    return "\n".join([*lines, f"{other}: {column.other_header}"])


def _drop_down(page: Worksheet, number: int, column: TemplateColumn, codes: Worksheet) -> None:
    """A list to choose from; cells of several values may hold what is not in it."""
    place = _code_column(codes, column)
    letter = get_column_letter(place)
    formula = f"{quote_sheetname(codes.title)}!${letter}$2:${letter}${len(column.legal) + 1}"
    many = column.layout.many or column.layout.kind in ("groups", "follow-up-areas")
    rule = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=not many)
    rule.errorTitle, rule.error = column.header[:32], column.help[0][:255]
    target = get_column_letter(number)
    rule.add(f"{target}2:{target}{ROWS}")
    page.add_data_validation(rule)


def _code_column(codes: Worksheet, column: TemplateColumn) -> int:
    """The column of the sheet of code lists that holds the legal values, written when it is not there yet."""
    for place in range(1, codes.max_column + 1):
        written = [codes.cell(row, place).value for row in range(2, len(column.legal) + 3)]
        if written == [*column.legal, None]:
            return place
    place = codes.max_column + 1 if codes.cell(1, 1).value is not None else 1
    _text(codes, 1, place, column.header)
    codes.cell(1, place).font = Font(bold=True)
    for row, value in enumerate(column.legal, 2):
        _text(codes, row, place, value)
    codes.column_dimensions[get_column_letter(place)].width = 40
    return place


def _text(page: Worksheet, row: int, column: int, text: str) -> None:
    if text:
        cell = page.cell(row, column, text)
        cell.data_type = "s"
