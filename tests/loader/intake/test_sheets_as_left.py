"""Sheets as people leave them: what a cell shows is what is read, and what was done to rows and sheets is told."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from loader.check import CheckOptions, CheckResult, Upload, check
from loader.intake.grids.numberformat import is_date, shown
from loader.intake.world.context import read_context
from loader.model.findings import Finding, Severity
from loader.release.manifest import Release
from loader.template.filled import filled_rows
from tests.loader.conftest import Ask
from tests.loader.intake.workbooks import COVERAGE, VARIABLES, archive, book, ods, text


def rules(result: CheckResult) -> list[tuple[str, int | None, str | int | None]]:
    return [(finding.rule, finding.position.row, finding.position.column) for finding in result.findings]


def values(result: CheckResult, name: str) -> list[str]:
    found = [triple for triple in result.quads if triple.predicate.value.endswith((f"#{name}", f"/{name}"))]
    return sorted(getattr(triple.object, "value", "") for triple in found)


@pytest.mark.parametrize(
    ("raw", "code", "text"),
    [
        ("0.58", "0%", "58 %"),
        ("0.57999999999999996", "0%", "58 %"),
        ("0.925", "0.0%", "92.5 %"),
        ("1", "0%", "100 %"),
        ("12", "0000", "0012"),
        ("1.1", "0.00", "1.10"),
        ("1.005", "0.##", "1.01"),
        ("1000000000000001", "General", "1000000000000001"),
        ("1E+15", "", "1000000000000000"),
        ("1234.5", "#,##0.0", "1234.5"),
        ("58", '0" %"', "58 %"),
        ("7", '"V"00', "V07"),
        ("-3", "0;(0)", "(3)"),
        ("-3", "0", "-3"),
        ("46082", "mmm-dd", "2026-03-01"),
        ("46082.5", "yyyy-mm-dd hh:mm", "2026-03-01T12:00:00"),
        ("0.5", "hh:mm", "12:00:00"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("0.5", "# ?/?", "0.5"),
        ("1500", "0.0E+00", "1500"),
        ("5", '[>3]"många";0', "5"),
        ("text", "0", "text"),
    ],
)
def test_a_number_is_read_as_its_cell_shows_it(raw: str, code: str, text: str) -> None:
    assert shown(raw, code) == text


def test_days_are_told_from_numbers() -> None:
    assert is_date("[$-41D]d mmmm yyyy")
    assert is_date("[h]:mm")
    assert not is_date('0.0 "dagar"')
    assert not is_date("[Red]0")


def test_a_percent_cell_is_a_percentage(ask: Ask) -> None:
    def percent(page: Worksheet) -> None:
        page["B2"].number_format, page["B3"].number_format = "0%", "0.0%"

    rows = [COVERAGE, ("riksstroke", 0.58, 2024, "Socialstyrelsen"), ("riksstroke", 0.925, 2022, "socialstyrelsen")]
    result = ask(book("Täckningsgrad", rows, percent))
    assert result.conforms, rules(result)
    assert values(result, "percentFrom") == ["58", "92.5"]
    assert rules(result) == []


def test_zeros_that_a_cell_shows_are_kept(ask: Ask) -> None:
    def zeros(page: Worksheet) -> None:
        page["B2"].number_format, page["B3"].number_format = "0000", "0.00"

    rows = [VARIABLES, *(("riksstroke", number, f"Fråga {number}", "Kön") for number in (12, 1.1, 1000000000000001))]
    assert values(ask(book("Variabler", rows, zeros)), "notation") == ["0012", "1.10", "1000000000000001"]


def test_the_numbers_of_open_documents_are_read_as_shown(ask: Ask) -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def word(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    def number(kind: str, value: str, text: str) -> str:
        return (
            f'<table:table-cell office:value-type="{kind}" office:value="{value}"><text:p>{text}</text:p>'
            "</table:table-cell>"
        )

    header = row(*map(word, COVERAGE))
    first = row(
        word("riksstroke"),
        number("percentage", "0.925", "92,5 %"),
        number("float", "2022", "2022"),
        word("socialstyrelsen"),
    )
    body = f'<table:table table:name="Täckningsgrad">{header}{first}</table:table>'
    result = ask(ods(body))
    assert result.conforms, rules(result)
    assert values(result, "percentFrom") == ["92.5"]


def test_struck_out_and_hidden_is_told(ask: Ask) -> None:
    def strike(page: Worksheet) -> None:
        for cell in page[3]:
            cell.font = Font(strike=True)
        page["C2"].font = Font(strike=True)
        page.row_dimensions[4].hidden = True
        page.column_dimensions["D"].hidden = True

    rows = [VARIABLES, *(("riksstroke", f"v{number}", f"Fråga {number}", "Kön") for number in range(3))]
    result = ask(book("Variabler", rows, strike))
    assert rules(result) == [
        ("struck-out-text", 2, "Fråga eller benämning (svenska)"),
        ("hidden-column", 1, "Begreppslig variabel"),
        ("struck-out", 3, None),
        ("hidden-row", 4, None),
    ]
    assert values(result, "notation") == ["v0", "v2"]


def test_what_a_holder_confirms_is_a_note(ask: Ask) -> None:
    def hide(page: Worksheet) -> None:
        page.row_dimensions[2].hidden = page.row_dimensions[3].hidden = True

    rows = [(*VARIABLES, "Bekräftat"), ("riksstroke", "a1", "A", "Kön", "ja"), ("riksstroke", "b1", "B", "Kön", "")]
    assert rules(ask(book("Variabler", rows, hide))) == [("hidden-row", 3, None)]


def test_a_hidden_sheet_is_not_read(ask: Ask) -> None:
    def copy(page: Worksheet) -> None:
        assert page.parent is not None
        old = page.parent.copy_worksheet(page)
        old.title, old.sheet_state = "gammal", "hidden"

    result = ask(book("Variabler", [VARIABLES, ("riksstroke", "v9", "Fråga", "Kön")], copy))
    assert [(finding.rule, finding.position.sheet) for finding in result.findings] == [("hidden-sheet", "gammal")]


def test_headings_totals_and_footnotes_are_no_rows(ask: Ask) -> None:
    rows = [
        VARIABLES,
        ("Bakgrund", "", "", ""),
        ("riksstroke", "v1", "Fråga", "Kön"),
        ("Summa", "", "1", ""),
        ("* Frivillig uppgift", "", "", ""),
    ]
    result = ask(text(*rows))
    assert rules(result) == [("not-a-row", row, None) for row in (2, 4, 5)]
    assert values(result, "notation") == ["v1"]


@pytest.mark.parametrize("row", [("riksstroke", "", "", ""), ("", "v2", "", ""), ("", "", "", "Kön")])
def test_a_row_that_lacks_something_is_no_heading(ask: Ask, row: tuple[str, ...]) -> None:
    found = rules(ask(text(VARIABLES, ("riksstroke", "v1", "Fråga", "Kön"), row)))
    assert ("empty-cell", 3) in {(rule, number) for rule, number, _ in found} or row[3]


def test_a_row_wider_than_its_header_is_an_error(ask: Ask) -> None:
    result = ask(text(VARIABLES, ("riksstroke", "v1", "Vikt", " kg", "Kön"), ("riksstroke", "v2", "Längd", "Kön", "")))
    assert rules(result) == [("row-width", 2, None)]
    assert result.findings[0].suggestion is None
    assert "Vikt ¦ kg" in result.findings[0].message.sv
    assert values(result, "notation") == ["v2"]


def test_an_indicator_is_not_blamed_for_a_row_that_was_not_read(ask: Ask) -> None:
    variables = text(VARIABLES, ("riksstroke", "v1", "Vikt", " kg", "Kön"))
    header = (
        "Register",
        "Variabel",
        "Möjligt mått",
        "Indicator (english)",
        "Analysnivå",
        "Uppföljningsområde",
        "Syfte",
        "Målgrupp",
        "Patientrapporterat",
    )
    indicators = text(
        header,
        (
            "riksstroke",
            "v1",
            "Andel prov",
            "Share",
            "Kommun",
            "Ev. resultat",
            "Följa utveckling över tid",
            "Äldre/äldreomsorg",
            "nej",
        ),
    )
    result = ask(variables, Upload("indikatorer.csv", indicators.data))
    assert [rule for rule, *_ in rules(result) if rule not in ("row-width",)] == [], rules(result)


def test_a_line_of_another_encoding_is_named(ask: Ask) -> None:
    rows = [";".join(row).encode("utf-8") for row in (VARIABLES, ("riksstroke", "v1", "Läkare", "Kön"))]
    data = b"\n".join([*rows, ";".join(("riksstroke", "v2", "Sjuksköterska", "Kön")).encode("cp1252")])
    result = ask(Upload("blandad.csv", data))
    assert rules(result) == [("mixed-encoding", 3, None)]
    assert {"Läkare", "Sjuksköterska"} <= set(values(result, "prefLabel"))


@pytest.mark.parametrize(
    ("cell", "rule", "suggestion"),
    [
        ("LÃ¤kare", "encoded-twice", "Läkare"),
        ("L√§kare", "encoded-twice", "Läkare"),
        ("L\ufffdkare", "lost-character", None),
        ("Lä\u202ekare", "control-character", None),
    ],
)
def test_spoilt_text_is_told(ask: Ask, cell: str, rule: str, suggestion: str | None) -> None:
    result = ask(book("Variabler", [VARIABLES, ("riksstroke", "v1", cell, "Kön")]))
    assert [(finding.rule, finding.suggestion) for finding in result.findings] == [(rule, suggestion)]


@pytest.mark.parametrize("cell", ["Âge", "10 °C", "château", "½ – ¼", "√2", "A⁺"])
def test_uncommon_letters_are_not_spoilt(ask: Ask, cell: str) -> None:
    assert rules(ask(book("Variabler", [VARIABLES, ("riksstroke", "v1", cell, "Kön")]))) == []


def test_composed_and_decomposed_letters_are_the_same(ask: Ask) -> None:
    plain = "\n".join(";".join(row) for row in (VARIABLES, ("Riksstroke", "Nytt kön", "Könet på väg", "Kön")))
    result = ask(Upload("mac.csv", ("\ufeff\ufeff" + unicodedata.normalize("NFD", plain)).encode()))
    assert rules(result) == []
    assert values(result, "notation") == ["Nytt kön"]


def test_far_cells_are_told_and_the_rest_is_read(ask: Ask) -> None:
    def far(page: Worksheet) -> None:
        page["XFD1048576"] = "glömd"

    result = ask(book("Variabler", [VARIABLES, ("riksstroke", "v1", "Fråga", "Kön")], far))
    assert [(finding.rule, finding.value) for finding in result.findings] == [("far-cell", "XFD1048576")]
    assert values(result, "notation") == ["v1"]


@pytest.mark.parametrize("reference", ["XFE2", "A1048577", "A4294967298", "AAAAAAAB2"])
def test_references_that_no_spreadsheet_has_move_nothing(ask: Ask, reference: str) -> None:
    import io
    import zipfile

    made = book("Variabler", [VARIABLES, ("riksstroke", "v1", "Fråga", "Kön")])
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made.data)) as old, zipfile.ZipFile(output, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            stray = f'<c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'.encode()
            new.writestr(name, data.replace(b"</row></sheetData>", stray) if "sheet1" in name else data)
    result = ask(Upload("blad.xlsx", output.getvalue()))
    assert [(finding.rule, finding.value) for finding in result.findings] == [("far-cell", reference)]
    assert values(result, "notation") == ["v1"]


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (archive(xl__workbook_bin=b"x"), "XLSB"),
        (archive(Index__Document_iwa=b"x"), "Numbers"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.text", content_xml=b"<x/>"), "ODT"),
        (archive(word__document_xml=b"x"), "DOCX"),
        (Upload("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage\0".encode("utf-16-le")), "krypterad"),
        (Upload("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook\0".encode("utf-16-le")), "XLS"),
        (archive(mimetype=b"x", META_INF=b"", **{"META-INF__manifest_xml": b"<encryption-data/>"}), "krypterad"),
    ],
    ids=["xlsb", "numbers", "odt", "docx", "encrypted-xlsx", "xls", "encrypted-ods"],
)
def test_foreign_files_are_named(ask: Ask, upload: Upload, words: str) -> None:
    result = ask(upload)
    assert not result.readable
    assert len(result.findings) == 1
    assert words in result.findings[0].message.sv


@pytest.mark.parametrize(
    "upload",
    [
        Upload("paket.json", b'{"a": [{"b": 1}]}'),
        Upload("bara-prefix.ttl", b"@prefix x: <http://x.example/> .\n"),
        text(VARIABLES),
        book("Variabler", [VARIABLES]),
        book("Blad1", []),
    ],
    ids=["json", "prefixes", "header", "empty-table", "empty-sheet"],
)
def test_a_file_from_which_nothing_is_read_never_conforms(ask: Ask, upload: Upload) -> None:
    result = ask(upload)
    assert not result.conforms
    assert result.findings


def test_a_file_without_anything_beside_a_good_one_blocks(ask: Ask) -> None:
    good = text(VARIABLES, ("riksstroke", "v1", "Fråga", "Kön"))
    assert ask(good).conforms
    assert not ask(good, Upload("tom.ttl", b"@prefix x: <http://x.example/> .\n")).conforms


@pytest.mark.parametrize(
    ("cell", "truth"), [("SANT", "true"), ("FALSKT", "false"), ("x", "true"), ("☐", "false"), (True, "true")]
)
def test_yes_and_no_as_people_write_them(ask: Ask, cell: object, truth: str) -> None:
    rows = [
        ("Registernyckel", "Namn (svenska)", "Namn (engelska)", "Samfinansieras av kommunerna", "Slag"),
        ("provblad", "Provbladet", "Test Sheet", cell, "Kvalitetsregister"),
    ]
    assert values(ask(book("Register", rows)), "coFundedByMunicipalities") == [truth]


def test_a_column_of_ticks_says_no_where_it_is_empty(ask: Ask) -> None:
    header = ("Registernyckel", "Namn (svenska)", "Namn (engelska)", "Samfinansieras av kommunerna")
    rows = [header, ("provblad-a", "Provblad A", "Sheet A", "x"), ("provblad-b", "Provblad B", "Sheet B", "")]
    result = ask(book("Register", rows))
    assert values(result, "coFundedByMunicipalities") == ["false", "true"]
    assert ("ticked-column", 1, "Samfinansieras av kommunerna") in rules(result)


def test_a_column_that_is_left_out_though_records_that_change_have_values_in_it_is_noted(real_release: Release) -> None:
    """A row is the whole record; one that changes nothing, or is new, loses nothing."""
    known = [row for row in filled_rows(read_context(real_release), "variables", "diabetes", "sv") if row["label_en"]][
        :2
    ]
    header = "Register;Variabel;Fråga eller benämning (svenska)"
    lines = [header, *(f"diabetes;{row['notation']};{row['label_sv']} idag" for row in known), "diabetes;NY;Ny"]
    english = "Kolumnen «Fråga eller benämning (engelska)» finns inte i bladet. 2 poster som ändras har ett värde där"

    def notes(lines: list[str]) -> list[Finding]:
        upload = Upload("variabler.csv", "\n".join(lines).encode())
        found = check([upload], release=real_release, options=CheckOptions(today=date.today()))
        assert found.conforms
        return [finding for finding in found.findings if finding.rule == "left-out-column"]

    (note,) = (note for note in notes(lines) if note.value == "Fråga eller benämning (engelska)")
    assert note.message.sv.startswith(english)
    assert (note.severity, note.position.line) == (Severity.INFO, 1)
    assert notes([header, lines[-1]]) == []


@pytest.mark.parametrize("name", ["socialstyrelsen", "Socialstyrelsen", "National Board of Health and Welfare"])
def test_a_label_is_taken_for_its_key(ask: Ask, name: str) -> None:
    result = ask(text(COVERAGE, ("Riksstroke", "90", "2024", name)))
    assert rules(result) == []
    assert values(result, "wasAttributedTo") == ["https://w3id.org/registergraf/id/agent/socialstyrelsen"]


def test_what_is_allowed_is_listed_in_the_readers_language(ask: Ask) -> None:
    message = ask(text(VARIABLES, ("riksstroke", "v1", "Fråga", "Qwerty"))).findings[0].message
    assert "Alkohol" in message.sv
    assert "Alcohol" in message.en
    assert "alcohol-use" not in message.sv + message.en


def test_syntax_errors_are_told_in_swedish(ask: Ask) -> None:
    message = ask(Upload("a.ttl", b"@prefix x: <http://x.example/> .\nx:a y:b x:c .")).findings[0].message
    assert "prefixet y: är inte deklarerat" in message.sv
    assert "has not been declared" in message.en


def test_a_day_in_a_sheet_is_the_day_it_shows(ask: Ask) -> None:
    assert shown("46082", "d mmm") == date(2026, 3, 1).isoformat()
