"""Each rule of files, cells and statements has a bad example: what is told nowhere else is told here, at its place."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from loader.check import Upload
from loader.report.rules import own_rules
from tests.loader.conftest import Ask
from tests.loader.intake.workbooks import VARIABLES, book, text
from tests.loader.truth.test_kinds import PREFIXES

TESTS = Path(__file__).parents[2]
TODAY = date(2026, 6, 1)
INDICATORS = ("Register", "Variabel", "Möjligt mått", "Indicator (english)")


def turtle(body: str) -> Upload:
    return Upload("a.ttl", (PREFIXES + body).encode())


def locked() -> Upload:
    """A workbook whose first part says that it is encrypted."""
    made = book("Variabler", [VARIABLES]).data
    begin = made.index(b"PK\x01\x02")
    return Upload("blad.xlsx", made[: begin + 8] + bytes([made[begin + 8] | 1]) + made[begin + 9 :])


def torn() -> Upload:
    """A workbook with a part that does not unpack to what its checksum says."""
    made = bytearray(book("Variabler", [VARIABLES]).data)
    with zipfile.ZipFile(BytesIO(bytes(made))) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    made[part.header_offset + 30 + len(part.filename) + part.compress_size // 2] ^= 0xFF
    return Upload("blad.xlsx", bytes(made))


def two_sheets() -> Upload:
    """A workbook with a table that is known and notes that are none."""
    made = openpyxl.Workbook()
    first, notes = made.active, made.create_sheet("Minnen")
    assert first is not None
    first.title = "Variabler"
    for row in (VARIABLES, ("riksstroke", "boende_prov", "Boende vid prov", "Boendeform")):
        first.append(row)
    notes.append(("Ring", "Anna", "på", "fredag"))
    output = BytesIO()
    made.save(output)
    return Upload("blad.xlsx", output.getvalue())


REMOVING = ("Register", "Variabel", "Utgår", "Ersätts av")
EXAMPLES: tuple[tuple[str, Upload, int | None, str | None], ...] = (
    ("unknown-format", Upload("bild.png", b"\x89PNG\r\n\x1a\n" + bytes(40)), None, None),
    ("damaged-workbook", torn(), None, None),
    ("encrypted-workbook", locked(), None, None),
    ("triple-term", Upload("a.nt", b"<urn:a> <urn:b> <<( <urn:c> <urn:d> <urn:e> )>> .\n"), None, None),
    ("sheet-not-read", two_sheets(), 1, None),
    ("no-rows", text(VARIABLES), 1, None),
    ("nothing-read", Upload("a.ttl", PREFIXES.encode()), None, None),
    (
        "cell-outside-table",
        book("Variabler", [VARIABLES, ("riksstroke", "boende_prov", "Boende", "Boendeform", "", "", "kvar")]),
        2,
        "G",
    ),
    ("nothing-to-remove", text(REMOVING, ("riksstroke", "finns_inte_alls", "ja", "")), 2, "Utgår"),
    ("still-used", text(REMOVING[:3], ("riksstroke", "Boende", "ja")), 2, "Utgår"),
    (
        "unknown-record",
        text((*VARIABLES, "Hette tidigare"), ("riksstroke", "ny_prov", "Prov", "Smärta", "finns_inte_alls")),
        2,
        "Hette tidigare",
    ),
    (
        "register-renamed",
        text(
            ("Registernyckel", "Namn (svenska)", "Namn (engelska)", "Samfinansieras av kommunerna"),
            ("riksstroke", "Provregistret för annat", "Test Register of Other Things", "nej"),
        ),
        2,
        "Namn (svenska)",
    ),
    ("variable-matches-concept", text(VARIABLES[:3], ("riksstroke", "boendeform", "Boendeform")), 2, None),
    (
        "never-analysed",
        turtle(
            'register:prov a rg:QualityRegister ; skos:prefLabel "Prov"@sv , "Test"@en ;\n'
            "rg:coFundedByMunicipalities true ;\nrg:analysedFromEarlierVariableList true ."
        ),
        7,
        None,
    ),
    (
        "unit-differs",
        turtle(
            '<https://w3id.org/registergraf/id/figure/prov.one> a rg:PublishedFigure ; rg:printedAs "58 procent" ;\n'
            "rg:unit <https://w3id.org/registergraf/id/unit/registers> ."
        ),
        6,
        None,
    ),
    (
        "date-in-future",
        turtle(
            "<https://w3id.org/registergraf/id/register-event/prov> a rg:RegisterEvent ;\n"
            'rg:eventDate "2026-06-02"^^xsd:date .'
        ),
        6,
        None,
    ),
)


@pytest.mark.parametrize(("rule", "upload", "row", "column"), EXAMPLES, ids=[one[0] for one in EXAMPLES])
def test_a_bad_example_is_told_at_its_place(
    ask: Ask, rule: str, upload: Upload, row: int | None, column: str | None
) -> None:
    found = [one for one in ask(upload, today=TODAY).findings if one.rule == rule]
    assert found, [(one.rule, str(one.position)) for one in ask(upload, today=TODAY).findings]
    place = found[0].position
    assert (place.row or place.line, place.column if column else None) == (row, column)


def test_a_notation_of_two_variables_is_ambiguous(ask: Ask) -> None:
    header = ("Register", "Variabel", "Variabelnyckel")
    variables = text(header, ("riksstroke", "Dubbel", "dubbel-a"), ("riksstroke", "dubbel", "dubbel-b"))
    indicators = text(INDICATORS, ("riksstroke", "Dubbel", "Andel med prov", "Share with sample"))
    uploads = (variables, Upload("indikatorer.csv", indicators.data))
    found = [one.position for one in ask(*uploads, today=TODAY).findings if one.rule == "ambiguous-variable"]
    assert [(place.row, place.column) for place in found] == [(2, "Variabel")]


def test_a_day_that_is_today_and_a_unit_as_printed_are_right(ask: Ask) -> None:
    body = """<https://w3id.org/registergraf/id/register-event/prov> rg:eventDate "2026-06-01"^^xsd:date .
<https://w3id.org/registergraf/id/figure/prov.one> a rg:PublishedFigure ; rg:printedAs "58 procent" ;
rg:unit <https://w3id.org/registergraf/id/unit/percent> ."""
    told = {one.rule for one in ask(turtle(body), today=TODAY).findings}
    assert not told & {"date-in-future", "unit-differs"}


def test_a_concept_that_a_variable_is_called_like_is_no_mend_of_its_name(ask: Ask) -> None:
    """The key goes into another column: put in the place of the name it would destroy that."""
    upload = text(VARIABLES[:3], ("riksstroke", "boendeform", "Boendeform"))
    found = [one for one in ask(upload, today=TODAY).findings if one.rule == "variable-matches-concept"]
    assert [one.suggestion for one in found] == [None]
    assert "housing-type" in found[0].message.sv


def test_a_register_that_the_report_analysed_may_say_so(ask: Ask) -> None:
    told = {
        one.rule
        for one in ask(turtle("register:riksstroke rg:analysedFromEarlierVariableList true ."), today=TODAY).findings
    }
    assert "never-analysed" not in told


def test_every_rule_is_named_by_a_test() -> None:
    """No rule without a bad example: each is named by a test, in the form in which rules are named."""
    named = "\n".join(path.read_text("utf-8") for path in sorted(TESTS.rglob("*.py")))
    rules = {rule.rule for rule in own_rules()}
    assert len(rules) > 90
    assert {rule for rule in rules if not re.search(rf"[\"']{rule}[\"']", named)} == set()
