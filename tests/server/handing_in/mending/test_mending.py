"""Mends put into files: the cell says what was suggested, and all else in the file is what it was."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from loader.intake.grids.workbook import read_workbook
from loader.intake.limits import DEFAULT_LIMITS
from loader.intake.upload import Upload
from server.handing_in.mending.apply import apply_mends, mend_of
from server.handing_in.mending.mend import Mend, Mended
from server.handing_in.mending.parts import with_parts

TEXT = (
    'Register;Variabel;Begreppslig variabel\r\n"Riksstroke";Boende ;"Boendefrom"\r\n\r\n'
    '"a ""b""";"två\nrader";Kön|Boendefrom'
)
WRONG = (Mend(None, 2, 3, "Boendefrom", "Boendeform"), Mend(None, 4, 3, "Boendefrom", "Boendeform"))
RIGHT = TEXT.replace("Boendefrom", "Boendeform")


def mended(data: bytes, *mends: Mend, name: str = "lista.csv") -> Mended:
    return apply_mends(Upload(name, data), mends)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_text_keeps_encoding_delimiter_quotes_and_ends(encoding: str, delimiter: str, end: str) -> None:
    def written(text: str) -> bytes:
        return text.replace(";", delimiter).replace("\r\n", end).encode(encoding)

    found = mended(written(TEXT), *WRONG)
    assert found.done == WRONG
    assert found.data == written(RIGHT)


def test_the_line_that_names_the_separator_is_kept_and_counted() -> None:
    data = b"sep=;\r\n" + TEXT.encode()
    moved = [Mend(None, mend.row + 1, mend.column, mend.old, mend.new) for mend in WRONG]
    assert mended(data, *moved).data == b"sep=;\r\n" + RIGHT.encode()


def test_a_value_that_needs_quotes_gets_them() -> None:
    found = mended(b"Register;Variabel\nx;y\n", Mend(None, 2, 2, "y", 'a;"b"'))
    assert found.data == b'Register;Variabel\nx;"a;""b"""\n'


@pytest.mark.parametrize(
    "data",
    [
        b"Register;Variabel\nx;other\n",  # another value stands there
        b'Register;Variabel\nx;"y\n',  # broken quotes
        b"@prefix rg: <https://example.org/> .\n",
        b"",
    ],
)
def test_what_is_not_there_is_not_mended(data: bytes) -> None:
    found = mended(data, Mend(None, 2, 2, "y", "z"))
    assert (found.data, found.done) == (data, ())


def test_what_the_encoding_cannot_write_is_not_mended() -> None:
    data = "Register;Variabel\nö;y\n".encode("cp1252")
    assert mended(data, Mend(None, 2, 2, "y", "≥ 3")).data == data


def workbook() -> bytes:
    """A workbook with what programs lose: styles, drop-downs, a table object, a formula, widths, a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Variabler"
    for row in (
        ("Register", "Variabel", "Begrepslig", "Antal"),
        ("Rikstroke", "Boende", "Kön|Boendefrom", 12),
        ("=A2", "y", "å", 2024),
    ):
        sheet.append(row)
    sheet["A2"].font, sheet["A2"].fill = Font(bold=True), PatternFill("solid", fgColor="FFEE00")
    sheet.column_dimensions["A"].width = 33
    drop = DataValidation(type="list", formula1='"ja,nej"')
    sheet.add_data_validation(drop)
    drop.add("B2:B9")
    sheet.add_table(Table(displayName="Tabell", ref="A1:D3"))
    book.create_sheet("Dold").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def compressed(data: bytes) -> list[tuple[str, int]]:
    """The parts in order, and how each is compressed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(entry.filename, entry.compress_type) for entry in archive.infolist()]


def test_a_workbook_changes_in_the_cells_alone() -> None:
    data = workbook()
    wanted = (
        Mend("Variabler", 2, 1, "Rikstroke", "Riksstroke <&> ö"),
        Mend("Variabler", 2, 3, "Boendefrom", "Boendeform"),
        Mend("Variabler", 3, 4, "2024", "2025"),
    )
    found = mended(data, *wanted, name="bok.xlsx")
    assert set(found.done) == set(wanted)
    before, after = parts(data), parts(found.data)
    assert list(before) == list(after)
    assert compressed(data) == compressed(found.data)
    changed = [name for name in before if before[name] != after[name]]
    assert changed == ["xl/worksheets/sheet1.xml"]
    old, new = (openpyxl.load_workbook(io.BytesIO(one))["Variabler"] for one in (data, found.data))
    different = {
        cell.coordinate: new[cell.coordinate].value
        for row in old.iter_rows()
        for cell in row
        if cell.value != new[cell.coordinate].value
    }
    assert different == {"A2": "Riksstroke <&> ö", "C2": "Kön|Boendeform", "D3": 2025}
    assert new["A2"].font.b
    assert new["A2"].fill.fgColor.rgb == old["A2"].fill.fgColor.rgb
    for sign in ("A2", "C2", "D3"):
        assert new[sign].style_id == old[sign].style_id
    xml_before, xml_after = before[changed[0]], after[changed[0]]
    assert xml_before.partition(b"<sheetData>")[0] == xml_after.partition(b"<sheetData>")[0]
    assert xml_before.partition(b"</sheetData>")[2] == xml_after.partition(b"</sheetData>")[2]


def test_headings_of_table_objects_are_left_alone() -> None:
    data = workbook()
    found = mended(data, Mend("Variabler", 1, 3, "Begrepslig", "Begreppslig"), name="bok.xlsx")
    assert (found.data, found.done) == (data, ())


def test_formulas_are_left_alone() -> None:
    """openpyxl writes no computed values; spreadsheet programs do."""
    sheet = "xl/worksheets/sheet1.xml"
    computed = parts(workbook())[sheet].replace(
        b'<c r="A3"><f>A2</f><v />', b'<c r="A3" t="str"><f>A2</f><v>Rikstroke</v>'
    )
    data = with_parts(workbook(), {sheet: computed})
    assert b"Rikstroke</v>" in computed
    found = mended(data, Mend("Variabler", 3, 1, "Rikstroke", "x"), name="bok.xlsx")
    assert (found.data, found.done) == (data, ())


SPACE = "urn:oasis:names:tc:opendocument:xmlns"
TEXT_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
ODS = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="{SPACE}:office:1.0" xmlns:table="{SPACE}:table:1.0"
xmlns:text="{SPACE}:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Variabler">
<table:table-row>{TEXT_CELL.format("Register")}{TEXT_CELL.format("Variabel")}</table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:style-name="ce1" office:value-type="string">
<office:annotation><text:p>Rikstroke?</text:p></office:annotation><text:p>Rikstroke</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:formula="of:=[.A2]" office:value-type="string"><text:p>Rikstroke</text:p>
</table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def spreadsheet() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS, zipfile.ZIP_DEFLATED)
        archive.writestr("styles.xml", "<styles/>", zipfile.ZIP_DEFLATED)
    return out.getvalue()


def test_an_opendocument_sheet_changes_in_the_cells_alone() -> None:
    both = [Mend("Variabler", row, 1, "Rikstroke", "Riksstroke & ö") for row in (2, 3)]
    found = mended(spreadsheet(), *both, Mend("Variabler", 4, 1, "Rikstroke", "x"), name="blad.ods")
    assert found.done == tuple(both)
    xml = ODS.replace("</office:annotation><text:p>Rikstroke<", "</office:annotation><text:p>Riksstroke &amp; &#246;<")
    assert parts(found.data) == {**parts(spreadsheet()), "content.xml": xml.encode()}
    assert compressed(found.data) == compressed(spreadsheet())
    assert compressed(found.data)[0] == ("mimetype", zipfile.ZIP_STORED)
    (grid,) = read_workbook(Upload("blad.ods", found.data), DEFAULT_LIMITS).grids
    assert [row.cells[0] for row in grid.rows] == ["Register", "Riksstroke & ö", "Riksstroke & ö", "Rikstroke"]


def test_cells_written_once_change_together_or_not_at_all() -> None:
    assert mended(spreadsheet(), Mend("Variabler", 2, 1, "Rikstroke", "x"), name="blad.ods").done == ()


def test_a_number_that_becomes_text_is_no_number_any_more() -> None:
    both = [Mend("Variabler", row, 2, "7", "sju") for row in (2, 3)]
    found = mended(spreadsheet(), *both, name="blad.ods")
    assert b'<table:table-cell office:value-type="string"><text:p>sju</text:p>' in parts(found.data)["content.xml"]


def test_only_a_finding_in_a_cell_is_a_mend() -> None:
    finding = {"value": "x", "suggestion": "y", "row": 2, "column": "A", "cell": "AB2", "sheet": None}
    assert mend_of(finding) == Mend(None, 2, 28, "x", "y")
    assert mend_of({**finding, "cell": None, "column": 3}) == Mend(None, 2, 3, "x", "y")
    assert mend_of({**finding, "value": ""}) == Mend(None, 2, 28, "", "y")
    for name, value in (("suggestion", None), ("value", None), ("row", None), ("cell", None), ("value", "x" * 200)):
        assert mend_of({**finding, name: value}) is None


def test_an_empty_cell_is_written_whether_the_file_has_it_or_not() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    first = book.active
    assert first is not None
    for row in (("Register", "Variabel", "Andra", "Anm"), ("x", "y", None, None), ("x", "z", None, "kvar")):
        first.append(row)
    first["D2"].font = Font(bold=True)
    book.save(out)
    wanted = (Mend("Sheet", 2, 4, "", "även"), Mend("Sheet", 2, 3, "", "0012"), Mend("Sheet", 3, 3, "", "12"))
    found = mended(out.getvalue(), *wanted, name="bok.xlsx")
    assert set(found.done) == set(wanted)
    sheet = openpyxl.load_workbook(io.BytesIO(found.data)).active
    assert sheet is not None
    assert [cell.value for row in sheet["C2:D3"] for cell in row] == ["0012", "även", "12", "kvar"]
    assert sheet["D2"].font.b
    in_row = parts(found.data)["xl/worksheets/sheet1.xml"].partition(b'<row r="2"')[2].partition(b"</row>")[0]
    assert [in_row.index(f'r="{place}"'.encode()) for place in ("B2", "C2", "D2")] == sorted(
        in_row.index(f'r="{place}"'.encode()) for place in ("B2", "C2", "D2")
    )
    assert mended(out.getvalue(), Mend("Sheet", 9, 1, "", "x"), name="bok.xlsx").done == ()
    table = mended(b"Register;Variabel;Andra\r\nx;y;\r\n", Mend(None, 2, 3, "", "ö"))
    assert table.data == "Register;Variabel;Andra\r\nx;y;ö\r\n".encode()
