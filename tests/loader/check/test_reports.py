"""Every report tells the same findings, in legal form."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from importlib.resources import files
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from pyoxigraph import RdfFormat, parse

from loader.check import CheckOptions, CheckResult, Upload, check
from loader.release.manifest import Release
from loader.report.formats import REPORTS
from loader.report.model import Report, groups, mends
from loader.report.rules import own_rules, rule_texts
from loader.report.wire import from_wire, to_wire
from tests.loader.intake.submission import clean, write

HOSTILE = '=cmd|"/c calc"!A1<script>alert(1)</script>'
SH = "http://www.w3.org/ns/shacl#"


def faulty() -> tuple[Upload, ...]:
    book = clean(3)
    for row in book.sheets["Indikatorer"]:
        row["Geografisk analysnivå"] = "Kommunen"
    book.sheets["Indikatorer"][0]["Uppföljningsområde"] = HOSTILE
    return tuple(write(book, "xlsx"))


@pytest.fixture(scope="module")
def report(real_release: Release) -> Report:
    uploads = faulty()
    result = check(uploads, release=real_release, options=CheckOptions())
    assert not result.conforms
    return Report(result, uploads, "registergraf", real_release.version, "sv")


def test_json_keeps_its_published_schema(report: Report) -> None:
    schema = json.loads((files("loader.report") / "check-report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(REPORTS["json"].write(report))
    jsonschema.Draft202012Validator(schema).validate(data)
    assert data["conforms"] is False
    assert len(data["findings"]) == len(report.result.findings)
    cell = next(item for item in data["findings"] if item["rule"] == "unknown-code")
    assert (cell["file"], cell["sheet"], cell["suggestion"]) == ("prov.xlsx", "Indikatorer", "Kommun")
    assert cell["cell"] == "I2"


def test_the_schema_in_the_docs_is_the_served_one() -> None:
    docs = Path(__file__).parents[3] / "docs" / "check-report.schema.json"
    assert docs.read_bytes() == (files("loader.report") / "check-report.schema.json").read_bytes()


def test_all_reports_tell_as_much(report: Report) -> None:
    number = len(report.result.findings)
    rows = list(csv.reader(io.StringIO(REPORTS["csv"].write(report).decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == number + 2
    sarif = json.loads(REPORTS["sarif"].write(report))
    assert sarif["version"] == "2.1.0"
    assert len(sarif["runs"][0]["results"]) == number
    for name, form in (("turtle", RdfFormat.TURTLE), ("json-ld", RdfFormat.JSON_LD)):
        triples = [quad.triple for quad in parse(REPORTS[name].write(report), format=form)]
        assert sum(triple.predicate.value == f"{SH}resultSeverity" for triple in triples) == number
        assert sum(triple.predicate.value == f"{SH}conforms" for triple in triples) == 1


def test_csv_and_workbook_hold_no_formulas(report: Report) -> None:
    rows = csv.reader(io.StringIO(REPORTS["csv"].write(report).decode("utf-8-sig")), delimiter=";")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    book = openpyxl.load_workbook(io.BytesIO(REPORTS["xlsx"].write(report)))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_page_escapes_and_needs_nothing(report: Report) -> None:
    page = REPORTS["html"].write(report).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert 'lang="sv"' in page
    assert "src=" not in page


def test_the_workbook_is_the_submitters_own_with_marks(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(REPORTS["xlsx"].write(report)))
    assert book.sheetnames[0] == "Valideringsrapport"
    assert set(book.sheetnames[1:]) == {"Register", "Variabler", "Indikatorer", "Täckningsgrad"}
    sheet = book["Indikatorer"]
    headers = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, headers.index("Geografisk analysnivå") + 1)
    assert cell.comment is not None
    assert "Kommun" in cell.comment.text
    assert cell.fill.start_color.rgb == "FFF4B6B6"


def with_what_leads_elsewhere() -> bytes:
    """A workbook with MARK in all that is no cell: names, links, rules, validations, properties, a chart."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Variabler", 0)
    for row in (["Register", "Variabel", "Begreppslig variabel"], ["riksstroke", "x1", "Könn"]):
        sheet.append(row)
    for names, name in ((book.defined_names, "MARK1"), (sheet.defined_names, "MARK2")):
        names[name] = DefinedName(name, attr_text="'C:\\[MARK.xlsx]S'!$A$1")
    sheet["A2"].hyperlink = "file:///MARK.exe"
    choices = (DataValidation(type="list", formula1=text) for text in ("'[MARK.xlsx]S'!$A$1:$A$3", '"ja,nej"'))
    for choice, place in zip(choices, ("B2", "C2"), strict=True):
        choice.add(place)
        sheet.add_data_validation(choice)
    sheet.conditional_formatting.add("A1:C3", Rule("expression", formula=["'[MARK.xlsx]S'!$A$1>1"]))
    book.custom_doc_props.append(StringProperty(name="MARK", value="x"))  # type: ignore[attr-defined]
    book.properties.creator = "MARK"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=2))
    chart.title = "MARK"
    sheet.add_chart(chart, "E5")
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def test_a_marked_workbook_leads_nowhere_else(real_release: Release) -> None:
    uploads = (Upload("andras.xlsx", with_what_leads_elsewhere()),)
    result = check(uploads, release=real_release, options=CheckOptions())
    data = REPORTS["xlsx"].write(Report(result, uploads, "registergraf", real_release.version, "sv"))
    with zipfile.ZipFile(io.BytesIO(uploads[0].data)) as before, zipfile.ZipFile(io.BytesIO(data)) as after:
        assert sum(b"MARK" in before.read(name) for name in before.namelist()) >= 6
        assert [name for name in after.namelist() if b"MARK" in after.read(name)] == []
        assert not [name for name in after.namelist() if "external" in name or "chart" in name or "connections" in name]
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Variabler"]
    assert sheet["C2"].value == "Könn"
    assert sheet["C2"].comment is not None
    assert [choice.formula1 for choice in sheet.data_validations.dataValidation] == ['"ja,nej"']


SIGNS = "\x1b\x07\x9b\u202e\u2028\ufeff"
"""What a terminal obeys, and what turns lines and reading direction."""


def hidden_in(name: str) -> bytes:
    """A file with these signs in each text that a person can give, as far as its format can hold them."""
    mark = f"x{SIGNS}[31my"
    rows = (
        ["Register", "Variabel", "Begreppslig variabel", f"Extra{mark}"],
        ["riksstroke", f"x1{mark}", f"Könn{mark}", mark],
        [f"riksstrok{mark}", "x2", "Kön", ""],
    )
    if name == "csv":
        return "\n".join(map(";".join, rows)).encode()
    if name == "ttl":
        escaped = "".join(f"\\u{ord(sign):04X}" for sign in mark)
        variable = "<https://w3id.org/registergraf/id/variable/riksstroke.x9>"
        prefix = "@prefix rg: <https://w3id.org/registergraf/ns#> ."
        return f'{prefix} {variable} a rg:Variable ; rg:measures "{escaped}" .'.encode()
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Variabler", 0)
    for row in rows:
        sheet.append([cell.replace("\x1b", "").replace("\x07", "") for cell in row])
    sheet["B2"].comment = Comment(mark.replace("\x1b", "").replace("\x07", ""), "x")
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


@pytest.mark.parametrize("name", ["csv", "xlsx", "ttl"])
def test_nothing_of_a_file_reaches_a_report_raw(real_release: Release, name: str) -> None:
    uploads = (Upload(f"a{SIGNS}b.{name}", hidden_in(name)),)
    result = check(uploads, release=real_release, options=CheckOptions())
    assert not result.conforms
    assert set(SIGNS) & set(uploads[0].name)
    for form, maker in REPORTS.items():
        data = maker.write(Report(result, uploads, "registergraf", real_release.version, "sv"))
        parts = [data]
        if form == "xlsx":
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                parts = [packed.read(part) for part in packed.namelist()]
        texts = [part.decode("utf-8-sig", "replace") for part in parts]
        assert {f"{ord(sign):X}" for text in texts for sign in text if sign in SIGNS} == set(), form


def test_a_marked_workbook_can_be_checked_again(report: Report, real_release: Release) -> None:
    again = Upload("igen.xlsx", REPORTS["xlsx"].write(report))
    result = check([again], release=real_release, options=CheckOptions())
    rules = sorted(finding.rule for finding in report.result.findings)
    assert sorted(finding.rule for finding in result.findings) == rules


def test_few_mends_remove_most(report: Report) -> None:
    best = mends(report.result.findings)[0]
    number = sum(finding.value == "Kommunen" for finding in report.result.findings)
    assert (best.rule, best.count) == ("unknown-code", number)
    assert "«Kommunen» mot «Kommun»" in best.text.sv
    ranks = [group.severity.rank for group in groups(report.result.findings)]
    assert ranks == sorted(ranks)


def test_the_text_names_the_cell(report: Report) -> None:
    text = REPORTS["text"].write(report).decode()
    assert text.startswith("Underkänt:")
    assert "prov.xlsx!Indikatorer!" in text


def test_a_result_survives_the_wire(report: Report) -> None:
    assert from_wire(to_wire(report.result)) == report.result


def test_every_rule_is_explained(real_release: Release, report: Report) -> None:
    known = {text.rule for text in rule_texts(real_release)}
    assert {finding.rule for finding in report.result.findings} <= known
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path("loader/intake").rglob("*.py")))
    named = {text.rule for text in own_rules() if f'"{text.rule}"' in source}
    assert len(named) > 30


def empty(result: CheckResult) -> bool:
    return not result.findings
