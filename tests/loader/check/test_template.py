"""The template checks clean when filled in as it says, in both languages and forms, and gives the same statements."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from loader.check import Upload
from loader.check_commands import template
from loader.model.findings import Severity
from loader.release.manifest import Release
from tests.loader.conftest import Ask


def written(release: Release, tmp_path: Path, *options: str) -> Path:
    target = tmp_path / "made"
    outcome = CliRunner().invoke(
        template, [*options, "--output", str(target), "--releases", str(release.directory.parent)]
    )
    assert outcome.exit_code == 0, outcome.output
    return target


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_filled_example_is_clean_and_the_forms_agree(
    ask: Ask, real_release: Release, tmp_path: Path, language: str
) -> None:
    book = written(real_release, tmp_path, "--example", "--lang", language)
    folder = tmp_path / "csv"
    outcome = CliRunner().invoke(
        template,
        [
            "--example",
            "--lang",
            language,
            "--format",
            "csv",
            "--output",
            str(folder),
            "--releases",
            str(real_release.directory.parent),
        ],
    )
    assert outcome.exit_code == 0
    one = ask(Upload("mall.xlsx", book.read_bytes()))
    other = ask(*(Upload(path.name, path.read_bytes()) for path in sorted(folder.glob("*.csv"))))
    for result in (one, other):
        assert [f for f in result.findings if f.severity is not Severity.INFO] == []
        assert result.registers == {"exempelregistret"}
    assert facts(one.quads) == facts(other.quads)
    assert facts(one.quads)


def facts(triples: tuple[object, ...]) -> set[str]:
    """The statements that do not name the submitted file."""
    return {str(triple) for triple in triples if "submitted-" not in str(triple)}


def test_the_workbook_has_help_and_drop_downs(real_release: Release, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(real_release, tmp_path, "--lang", "sv").read_bytes()))
    sheet = book["Indikatorer"]
    headers = [cell.value for cell in sheet[1]]
    assert all(cell.comment is not None for cell in sheet[1])
    level = sheet.cell(1, headers.index("Geografisk analysnivå") + 1)
    assert level.comment is not None
    assert "Geographical level of analysis" in level.comment.text
    letters = {str(rule.sqref).split(":")[0].rstrip("0123456789") for rule in sheet.data_validations.dataValidation}
    assert openpyxl.utils.get_column_letter(headers.index("Geografisk analysnivå") + 1) in letters
    codes = [cell.value for column in book["Kodlistor"].columns for cell in column]
    assert "Kommun" in codes


def test_csvw_names_every_column(real_release: Release, tmp_path: Path) -> None:
    folder = written(real_release, tmp_path, "--lang", "sv", "--format", "csv")
    metadata = json.loads((folder / "csv-metadata.json").read_text(encoding="utf-8"))
    assert {table["url"] for table in metadata["tables"]} == {path.name for path in folder.glob("*.csv")}
    for table in metadata["tables"]:
        header = (folder / table["url"]).read_text(encoding="utf-8-sig").splitlines()[0].split(";")
        assert header == [column["titles"]["sv"] for column in table["tableSchema"]["columns"]]
