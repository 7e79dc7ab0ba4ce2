"""What must never be followed, unpacked, computed or believed; and that limits are told, not suffered."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from loader.check import Upload
from loader.intake.limits import Limits
from loader.intake.reading import read_uploads
from loader.intake.world.context import read_context
from loader.model.findings import Severity
from loader.release.manifest import Release
from tests.loader.conftest import Ask
from tests.loader.intake.rdftext import ID, RG
from tests.loader.intake.submission import clean, write


def rules(result: object) -> set[str]:
    return {finding.rule for finding in result.findings}  # type: ignore[attr-defined]


def zipped(parts: dict[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return output.getvalue()


def test_a_zip_bomb_is_not_unpacked(ask: Ask) -> None:
    bomb = zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 300_000_000})
    assert len(bomb) < 1_000_000
    assert rules(ask(Upload("bomb.xlsx", bomb))) == {"expands-too-much"}


def test_entities_in_a_workbook_are_refused(ask: Ask) -> None:
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
    assert rules(ask(Upload("e.xlsx", zipped({"xl/workbook.xml": evil})))) == {"entity-declaration"}


@pytest.mark.parametrize(
    "declared",
    ['<!ENTITY a "x">', '<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY % b SYSTEM "http://127.0.0.1/x"> %b;'],
)
def test_entities_in_rdf_xml_are_refused(ask: Ask, declared: str) -> None:
    text = f'<?xml version="1.0"?>\n<!DOCTYPE r [{declared}]>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    result = ask(Upload("e.rdf", text.encode()))
    assert rules(result) == {"entity-declaration"}
    assert result.findings[0].position.line == 2


@pytest.mark.parametrize(
    "context", ['"http://127.0.0.1:1/c"', '[{"a": "http://a/"}, "https://schema.org/"]', '{"@import": "x.jsonld"}']
)
def test_remote_contexts_are_refused(ask: Ask, context: str) -> None:
    result = ask(Upload("c.jsonld", f'{{\n"@context": {context},\n"@id": "http://a/"}}'.encode()))
    assert rules(result) == {"remote-context"}
    assert result.findings[0].position.line == 2


def test_json_nested_without_end_is_refused(ask: Ask) -> None:
    result = ask(Upload("d.jsonld", b'{"@graph":' + b"[" * 100_000))
    assert rules(result) == {"syntax-error"}


def test_a_formula_is_never_computed_and_an_error_is_told(ask: Ask) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write(clean(1), "xlsx")[0].data))
    sheet = book["Indikatorer"]
    sheet["C2"] = "=1+1"
    sheet["C3"] = "#N/A"
    sheet["C3"].data_type = "e"
    output = io.BytesIO()
    book.save(output)
    found = {(finding.rule, finding.position.row) for finding in ask(Upload("f.xlsx", output.getvalue())).findings}
    assert {("formula-without-value", 2), ("error-cell", 3)} <= found


def test_merged_data_cells_are_told(ask: Ask) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write(clean(1), "xlsx")[0].data))
    book["Indikatorer"].merge_cells("A2:A3")
    output = io.BytesIO()
    book.save(output)
    found = [(finding.rule, finding.position.row) for finding in ask(Upload("m.xlsx", output.getvalue())).findings]
    assert ("merged-cells", 2) in found


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, b"%PDF-1.7", b"\xd0\xcf\x11\xe0old", b"PK\x03\x04broken", b"GIF89a", b"\x89PNG\r\n"]
)
def test_other_files_are_told_in_one_finding(ask: Ask, data: bytes) -> None:
    result = ask(Upload("x.csv", data))
    assert not result.readable
    assert not result.conforms
    assert len(result.findings) == 1


def test_names_are_for_messages_only(ask: Ask) -> None:
    result = ask(Upload("../../etc/pass\nwd", b"%PDF-1.7"))
    assert result.findings[0].position.file == "pass_wd"


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        (Limits(upload_bytes=100), "too-large"),
        (Limits(uploads=2), "too-many-files"),
        (Limits(rows=1), "too-many-rows"),
        (Limits(columns=2), "too-many-columns"),
        (Limits(cell=5), "too-long"),
    ],
)
def test_limits_are_told(real_release: Release, limits: Limits, rule: str) -> None:
    reading = read_uploads(write(clean(1), "tsv"), read_context(real_release), {}, limits)
    assert rule in {finding.rule for finding in reading.findings}


def test_sheets_are_limited(real_release: Release) -> None:
    reading = read_uploads(write(clean(1), "xlsx"), read_context(real_release), {}, Limits(sheets=2))
    assert {finding.rule for finding in reading.findings} == {"too-many-sheets"}
    assert not reading.readable


def test_statements_are_limited(real_release: Release) -> None:
    text = f'<{ID}register/a> <{RG}shortName> "a" , "b" , "c" .'
    reading = read_uploads([Upload("a.ttl", text.encode())], read_context(real_release), {}, Limits(statements=2))
    assert {finding.rule for finding in reading.findings} == {"too-many-statements"}


def test_only_what_was_submitted_is_blamed(ask: Ask) -> None:
    """The release has warnings of its own; none of them is told of a submission beside them."""
    result = ask(*write(clean(2), "xlsx"))
    subjects = {triple.subject.value for triple in result.quads}  # type: ignore[union-attr]
    assert result.findings
    assert {finding.focus for finding in result.findings} <= subjects


def test_warnings_and_notes_never_block(ask: Ask) -> None:
    book = clean(4)
    for row in book.sheets["Indikatorer"]:
        del row["Möjligt mått/möjlig indikator (engelska)"]
    result = ask(*write(book, "tsv"))
    assert Severity.WARNING in {finding.severity for finding in result.findings}
    assert result.conforms
