"""A check counts what handing in would do: by kind, what goes first and by name, in every form of the report."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, parse, serialize

from loader.check import CheckOptions, CheckResult, Upload, check
from loader.checked import Accepted
from loader.intake.world.context import read_context, scopes_in
from loader.release.manifest import Release
from loader.report.effect import as_data, counted, from_data
from loader.report.formats import REPORTS
from loader.report.model import Report
from loader.report.wire import from_wire, to_wire
from server.cli import main

HEAD = "Register;Variabel;Fråga eller benämning (svenska)\r\n"
NAMES = ("enhetskod", "dodsplats", "brytpunkt", "smarta", "kommun", "ensam")
FULL = HEAD + "".join(f"riksfot;{name};Fråga om {name}\r\n" for name in NAMES)
PART = (
    HEAD
    + "riksfot;ensam;Var någon där?\r\nriksfot;kommun;Fråga om kommun\r\nriksfot;vecka;Vilken vecka kom svaret?\r\n"
)
SCOPE = "variables:riksstroke"
COUNTS = "4 poster utgår, 1 ny, 1 ändras, 1 oförändrad"


def checked(text: str, release: Release, before: str = "", *, whole: bool = False) -> Report:
    uploads = (Upload("lista.csv", text.encode()),)
    accepted = Accepted()
    if before:
        quads = check([Upload("f.csv", before.encode())], release=release, options=CheckOptions()).quads
        accepted = Accepted(serialize(quads, format=RdfFormat.N_TRIPLES) or b"")
    result = check(uploads, release=release, options=CheckOptions(accepted=accepted, whole=whole))
    return Report(result, uploads, "registergraf", "7.7.7", "sv")


@pytest.fixture(scope="module")
def report(holders_release: Release) -> Report:
    return checked(PART, holders_release, FULL, whole=True)


@pytest.mark.parametrize("form", ["text", "html", "turtle", "json-ld", "json", "sarif", "csv", "xlsx"])
def test_every_form_counts(report: Report, form: str) -> None:
    body = REPORTS[form].write(report)
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
        said = str(sheet["A2"].value)
    elif form == "csv":
        said = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))[-1]["message"]
    elif form in ("turtle", "json-ld"):
        read = parse(body, format=RdfFormat.TURTLE if form == "turtle" else RdfFormat.JSON_LD)
        said = " ".join(str(quad.object) for quad in read if quad.predicate.value.endswith("comment"))
    else:
        said = body.decode()
    assert f"Jämfört med utgåvan: {COUNTS}." in said
    if form not in ("turtle", "json-ld"):
        assert "variable/riksfot.dodsplats" in said
        assert "Fråga om dodsplats" in said


def test_the_json_counts_by_kind_and_names_what_goes(report: Report) -> None:
    data = json.loads(REPORTS["json"].write(report))
    schema = json.loads((files("loader.report") / "check-report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
    assert [
        (kind["table"], kind["removed"], kind["new"], kind["changed"], kind["unchanged"])
        for kind in data["effect"]["kinds"]
    ] == [("variables", 4, 1, 1, 1)]
    assert [one["path"].partition(".")[2] for one in data["effect"]["removes"]] == [
        "brytpunkt",
        "dodsplats",
        "enhetskod",
        "smarta",
    ]
    assert from_data(data["effect"]) == report.counted
    assert from_wire(to_wire(report.result)) == report.result


def test_a_part_takes_nothing_away(holders_release: Release) -> None:
    text = REPORTS["text"].write(checked(PART, holders_release, FULL)).decode()
    assert "0 poster utgår, 1 ny, 1 ändras, 1 oförändrad" in text
    assert "Utgår:" not in text


@pytest.mark.parametrize("text", [HEAD + "riksfot;ensam;19121212-1212\r\n", "\x00\x01"])
def test_where_nothing_was_compared_that_is_said(holders_release: Release, text: str) -> None:
    report = checked(text, holders_release)
    data = json.loads(REPORTS["json"].write(report))
    assert data["effect"] is None
    assert "Ingenting jämfördes med det som redan finns." in REPORTS["text"].write(report).decode()
    assert as_data(counted(None), "1") is None


def test_a_kept_report_has_the_same_counts(report: Report) -> None:
    kept = from_data(as_data(report.counted, report.release))
    result = CheckResult(True, True, (), (), frozenset(), ())
    again = Report(result, report.uploads, report.profile, report.release, "sv", kept)
    assert (again.effect, again.effects) == (report.effect, report.effects)


def test_the_command_takes_a_file_as_the_whole_list_only_when_told(real_release: Release, tmp_path: Path) -> None:
    """The variables of the register are in the release; the list has two of its own."""
    file = tmp_path / "lista.csv"
    file.write_text(HEAD + "riksstroke;ny-1;Fråga ett\r\nriksstroke;ny-2;Fråga två\r\n", encoding="utf-8")
    given = ["check", str(file), "--releases", str(real_release.directory.parent), "--lang", "en"]
    part, whole = (CliRunner().invoke(main, [*given, *more]).output for more in ((), ("--whole",)))
    known = {path for path, scope in scopes_in(read_context(real_release).described).items() if scope == SCOPE}
    assert len(known) > 10
    assert "Compared with the release: 0 records removed, 2 new, 0 changed, 0 unchanged." in part
    assert f": {len(known)} records removed, 2 new, 0 changed, 0 unchanged." in whole
    assert f"… {len(known) - 10} more removed" in whole
