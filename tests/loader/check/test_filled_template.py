"""The template filled with what the graph says of a register: handed in as it is, it says the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.check import CheckOptions, Upload, check
from loader.check_commands import template
from loader.intake.world.context import Context, read_context
from loader.model import iris
from loader.model.findings import Language, Severity
from loader.release.manifest import Release
from loader.template.model import Template, make_template
from loader.template.tables import csv_template
from loader.template.workbook import workbook_template

TOLD_OF_THE_SOURCE = {  # what the release itself is warned of
    *("level-finer-than-variables", "register-status-differs", "age-limit-without-target-group"),
    *("not-patient-reported", "sure-results-without-support-variable"),
}
OF_THE_FILE = ("source", "measurement", "inPart", "rowNumber", "type", "derived")


@pytest.fixture(scope="module")
def context(real_release: Release) -> Context:
    return read_context(real_release)


def described(context: Context) -> list[str]:
    """The quality registers of which the most is said."""
    rows = Counter(context.owners.values())
    quality = iris.expand("rg:QualityRegister")
    known = [
        key
        for key, _ in rows.most_common()
        if any(
            getattr(item.object, "value", "") == quality for item in context.described[iris.thing(f"register/{key}")]
        )
    ]
    assert len(known) >= 30
    return known


def files(made: Template, form: str) -> list[Upload]:
    if form == "xlsx":
        return [Upload("mall.xlsx", workbook_template(made))]
    return [Upload(name, data) for name, data in csv_template(made).items() if name.endswith(".csv")]


@pytest.mark.parametrize("numbers", [range(4), pytest.param(range(4, 16), marks=pytest.mark.soak)])
def test_it_says_what_the_graph_says(real_release: Release, context: Context, numbers: range) -> None:
    compared = 0
    for number in numbers:
        key = described(context)[number]
        language: Language = ("sv", "en")[number % 2]
        result = check(
            files(make_template(context, language, key), "xlsx"), release=real_release, options=CheckOptions()
        )
        doubts = [
            (finding.rule, str(finding.position), finding.message.sv)
            for finding in result.findings
            if finding.severity is not Severity.INFO and finding.rule not in TOLD_OF_THE_SOURCE
        ]
        assert doubts == [], key
        said = {triple for triple in result.quads if "/coverage/" not in str(triple.subject)}
        for subject in {triple.subject for triple in said}:
            before = set(context.described.get(getattr(subject, "value", ""), ()))
            if not before:
                continue
            new = {item for item in said if item.subject == subject} - before
            assert not [item for item in new if not item.predicate.value.endswith("source")], (key, new)
            compared += 1
    assert compared >= 8 * len(numbers)


def indicators(context: Context, language: Language) -> list[str]:
    """The filled template's sheet of indicators, those of all registers with a public indicator in one."""
    public = iris.expand("rg:PublishedIndicator")
    found = {
        context.owners[iri]
        for iri, said in context.described.items()
        if any(getattr(item.object, "value", "") == public for item in said) and iri in context.owners
    }
    sheets = [
        csv_template(make_template(context, language, key))["indicators.csv"].decode("utf-8-sig").splitlines()
        for key in sorted(found)
    ]
    assert len(sheets) > 60
    return [sheets[0][0], *(row for sheet in sheets for row in sheet[1:])]


@pytest.mark.parametrize("language", ["sv", pytest.param("en", marks=pytest.mark.soak)])
def test_indicators_of_public_pages_stay_as_they_are(
    real_release: Release, context: Context, language: Language
) -> None:
    rows = indicators(context, language)
    upload = Upload("indikatorer.csv", "\n".join(rows).encode())
    result = check([upload], release=real_release, options=CheckOptions())
    effect = result.effect
    assert effect is not None
    assert (effect.new, effect.changed, effect.removed, len(effect.same)) == ((), (), (), len(rows) - 1)
    assert sum(";published;" in row for row in rows) > 500
    assert {f.rule for f in result.findings if f.severity is not Severity.INFO} <= TOLD_OF_THE_SOURCE


def test_only_what_a_public_page_names_is_published(real_release: Release, context: Context) -> None:
    head, *rows = indicators(context, "sv")
    key, rest = next(row for row in rows if ";published;" in row).split(";", 1)
    made = "\n".join([head, f"{key}-ny;{rest}"]).encode()
    findings = check([Upload("ny.csv", made)], release=real_release, options=CheckOptions()).findings
    assert [f.rule for f in findings if f.severity is Severity.VIOLATION] == ["source-page-some"]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_row_of_the_register_is_there(context: Context, form: str) -> None:
    made = make_template(context, "sv", "riksstroke")
    rows = {sheet.table: len(sheet.rows) for sheet in made.sheets}
    owned = [iri for iri, owner in context.owners.items() if owner == "riksstroke"]
    assert rows["variables"] == sum("/variable/" in iri for iri in owned) > 0
    assert rows["registers"] == 1
    assert sum(upload.data.count(b"\n") for upload in files(made, "csv")) == sum(rows.values()) + len(rows)
    assert files(made, form)


def test_the_register_may_be_called_by_its_name(real_release: Release, tmp_path: Path) -> None:
    releases = real_release.directory.parent
    target = tmp_path / "mall.xlsx"
    command = ["--register", "Riksstroke", "--output", str(target), "--releases", str(releases)]
    assert CliRunner().invoke(template, command).exit_code == 0
    assert target.stat().st_size > 0
    wrong = CliRunner().invoke(template, ["--register", "Rikstroke", "--releases", str(releases)])
    assert wrong.exit_code == 2
    assert "riksstroke" in wrong.stderr
