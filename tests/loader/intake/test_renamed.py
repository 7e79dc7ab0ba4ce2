"""A row that is new and evidently a record that is there is asked about, once, at the cell that would settle it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from pyoxigraph import RdfFormat, serialize

from loader.check import CheckOptions, CheckResult, Upload, check
from loader.checked import Accepted
from loader.intake.doubts import ASKS, RENAMED
from loader.intake.world.context import read_context
from loader.model.findings import Finding, Severity
from loader.release.manifest import Release
from loader.report.data import report_data
from loader.report.model import Report
from loader.template.model import make_template
from loader.template.tables import csv_template
from server.handing_in.mending.apply import apply_mends, mend_of

HEAD = (
    "Register",
    "Variabel",
    "Fråga eller benämning (svenska)",
    "Begreppslig variabel",
    "Andra beteckningar",
    "Bekräftat",
)
NAMES = ("enhetskod", "dodsplats", "brytpunkt", "smarta", "kommun", "ensam")
KNOWN = tuple(("riksfot", name, f"Fråga om {name}") for name in NAMES)
OLD = "variable/riksfot.ensam"
Rows = tuple[tuple[str, ...], ...]


def text(rows: Rows, head: tuple[str, ...] = HEAD) -> Upload:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows((head, *(row + ("",) * (len(head) - len(row)) for row in rows)))
    return Upload("lista.csv", out.getvalue().encode())


def book(rows: Rows) -> Upload:
    made, out = openpyxl.Workbook(), io.BytesIO()
    for row in (HEAD, *rows):
        made.active.append(row)  # type: ignore[union-attr]
    made.save(out)
    return Upload("lista.xlsx", out.getvalue())


@pytest.fixture(scope="module")
def known(holders_release: Release) -> Accepted:
    quads = check([text(KNOWN)], release=holders_release, options=CheckOptions()).quads
    return Accepted(serialize(quads, format=RdfFormat.N_TRIPLES) or b"")


def asked(result: CheckResult) -> list[Finding]:
    return [finding for finding in result.findings if finding.rule in ASKS]


def replaced(*row: str) -> Rows:
    return (*KNOWN[:-1], row)


@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        ((("riksfot", "alena", "Fråga om ensam"),), False),  # the same label, and it is the only one
        ((("riksfot", "en-sam", "Var någon där?"),), False),  # the same name but for its spelling
        (replaced("riksfot", "ensamt", "Var någon där?"), True),  # a near name, and the other goes
        (replaced("riksfot", "narvaro", "Frågan om ensam"), True),  # a near label, and the other goes
        (replaced("riksfot", "q17", "Var någon där?"), True),  # one goes and one comes
    ],
)
@pytest.mark.parametrize("made", [text, book])
def test_the_question_is_at_the_cell_that_settles_it(
    holders_release: Release, known: Accepted, rows: Rows, whole: bool, made: object
) -> None:
    upload = made(rows)  # type: ignore[operator]
    options = CheckOptions(accepted=known, whole=whole)
    result = check([upload], release=holders_release, options=options)
    (question,) = asked(result)
    assert (question.rule, question.severity, result.conforms) == ("renamed-or-new", Severity.WARNING, True)
    assert (question.position.row, question.position.column) == (len(rows) + 1, "Andra beteckningar")
    assert (question.value, question.suggestion) == ("", "ensam")
    assert rows[-1][1] in question.message.sv
    assert "«ensam»" in question.message.sv
    assert [finding.rule for finding in result.findings] == [RENAMED]

    report = report_data(Report(result, (upload,), "registergraf", "1", "sv"))
    mend = mend_of(report["findings"][0])  # type: ignore[index]
    assert mend is not None
    mended = apply_mends(upload, [mend])
    assert mended.done == (mend,)
    again = check([Upload(upload.name, mended.data)], release=holders_release, options=options)
    assert again.effect is not None
    assert (again.effect.new, again.effect.removed, again.effect.changed) == ((), (), (OLD,))
    assert asked(again) == []


@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        (KNOWN, True),
        (KNOWN[:2], True),  # what goes has no new one beside it
        ((("riksfot", "vecka", "Vilken vecka kom svaret?"),), False),
        ((("riksfot", "ensamt", "Var någon där?"),), False),  # near, but the other stands
        ((*replaced("riksfot", "fraga1", "Fråga om något annat"), ("riksfot", "fraga2", "Helt annat")), True),
        ((("riksfot", "q17", "Helt annat"), *KNOWN[:2]), True),  # more than one goes
        ((("riksfot", "a", "Fråga om ensam"), ("riksfot", "b", "Fråga om ensam")), False),  # which of them?
    ],
)
def test_what_is_not_evident_is_not_asked(holders_release: Release, known: Accepted, rows: Rows, whole: bool) -> None:
    result = check([text(rows)], release=holders_release, options=CheckOptions(accepted=known, whole=whole))
    assert asked(result) == []


def test_another_concept_is_another_variable(holders_release: Release) -> None:
    head = HEAD
    one = check(
        [text((("riksfot", "ensam", "Boende", "Ålder"),), head)], release=holders_release, options=CheckOptions()
    )
    accepted = Accepted(serialize(one.quads, format=RdfFormat.N_TRIPLES) or b"")
    for concept, number in (("Kön", 0), ("Ålder", 1), ("", 1)):
        rows = (("riksfot", "ny", "Boende", concept),)
        result = check([text(rows, head)], release=holders_release, options=CheckOptions(accepted=accepted))
        assert len(asked(result)) == number, concept


def test_a_confirmed_row_is_another_one(holders_release: Release, known: Accepted) -> None:
    rows = (("riksfot", "alena", "Fråga om ensam", "", "", "ja"),)
    (finding,) = asked(check([text(rows)], release=holders_release, options=CheckOptions(accepted=known)))
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("head", "row", "column", "suggestion"),
    [
        (HEAD[:3], ("riksfot", "alena", "Fråga om ensam"), None, "ensam"),
        ((*HEAD[:3], "Hette tidigare"), ("riksfot", "alena", "Fråga om ensam"), "Hette tidigare", "ensam"),
        ((*HEAD[:3], "Variabelnyckel"), ("riksfot", "alena", "Fråga om ensam", "alena"), "Variabelnyckel", "ensam"),
        (HEAD, ("riksfot", "alena", "Fråga om ensam", "", "ensamhet"), "Andra beteckningar", "ensamhet|ensam"),
    ],
)
def test_the_cell_is_one_of_those_that_the_sheet_has(
    holders_release: Release,
    known: Accepted,
    head: tuple[str, ...],
    row: tuple[str, ...],
    column: str | None,
    suggestion: str,
) -> None:
    options = CheckOptions(accepted=known)
    (finding,) = asked(check([text((row,), head)], release=holders_release, options=options))
    assert (finding.position.column, finding.suggestion) == (column, suggestion)
    if column is not None:
        cells = dict(zip(head, row + ("",) * len(head), strict=False)) | {column: suggestion}
        again = check([text((tuple(cells.values()),), head)], release=holders_release, options=options)
        assert again.effect is not None
        assert (again.effect.changed, again.effect.new) == ((OLD,), ())
    else:
        assert "Hette tidigare" in finding.message.sv
        assert "Formerly" in finding.message.en


@pytest.mark.parametrize("register", ["riksstroke", "diabetes", "svedem"])
@pytest.mark.parametrize("whole", [False, True])
def test_a_filled_template_raises_no_question(real_release: Release, register: str, whole: bool) -> None:
    template = csv_template(make_template(read_context(real_release), "sv", register))
    uploads = [Upload(Path(name).name, data) for name, data in template.items() if name.endswith(".csv")]
    assert asked(check(uploads, release=real_release, options=CheckOptions(whole=whole))) == []
