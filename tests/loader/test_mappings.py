"""The commands `registergraf mappings …`: what they write is read again by the library for SSSOM."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
import sssom_pydantic
from click.testing import CliRunner, Result

from loader.mappings.commands import mappings
from loader.mappings.table import read_table
from loader.resources import Resources

CARE, HELP = "rgid:service-area/elderly-care", "eurovoc:3361"
NEW = ("--object-label", "x", "--confidence", "1", "--comment", "y")
SEEN = ("--reviewer", "registergraf-second-reading")


@pytest.fixture
def folder(resources: Resources, tmp_path: Path) -> Path:
    return Path(shutil.copytree(resources.alignments, tmp_path / "alignments"))


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(mappings, [*arguments, "--folder", str(folder)])


def standing(folder: Path, *arguments: str) -> list[str]:
    """How the mappings of elderly care to home help stand, set by set."""
    rows = csv.DictReader(io.StringIO(run(folder, "list", *arguments).stdout))
    ends = ("service-area:elderly-care", "<http://eurovoc.europa.eu/3361>")
    return [f"{row['set']} {row['standing']}" for row in rows if (row["subject"], row["object"]) == ends]


def test_a_mapping_is_added_as_a_guess_reviewed_and_rejected(folder: Path) -> None:
    assert standing(folder) == ["eurovoc stated", "negative rejected"]
    said = ("--object-label", "child protection", "--confidence", "0.7", "--comment", "Checked in EuroVoc.")
    added = run(folder, "add", "eurovoc", CARE, "skos:relatedMatch", "eurovoc:3919", *said)
    assert added.exit_code == 0, added.output
    assert "7 guess" not in run(folder, "check").stderr
    assert "8 guess" in run(folder, "check").stderr
    assert (
        run(folder, "review", "eurovoc", CARE, "eurovoc:3919", *SEEN, "--reject", "Nothing to do with it.").exit_code
        == 0
    )
    assert run(folder, "review", "eurovoc", CARE, HELP, *SEEN, "--confidence", "0.3").exit_code == 0
    assert standing(folder) == ["eurovoc guess", "negative rejected"]
    assert standing(folder, "--no-guesses") == ["negative rejected"]
    for path in folder.iterdir():
        assert sssom_pydantic.read(path, return_errors=True)[3] == []


SAID = ("--object-label", "x", "--confidence", "1", "--comment", "y")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("review", "eurovoc", CARE, HELP, "--reviewer", "nobody"), "none of the graph’s agents"),
        (("review", "eurovoc", CARE, "eurovoc:1", *SEEN), "has 0 mappings"),
        (("review", "elsewhere", CARE, HELP, *SEEN), "there are: cofog, eurovoc"),
        (("add", "cofog", CARE, "skos:exactMatch", HELP, *SAID), "eurovoc"),
        (("add", "cofog", "rgid:no/thing", "skos:exactMatch", HELP, *SAID), "only what is there can be mapped"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is(arguments: tuple[str, ...], said: str, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    result = run(folder, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_shipped_sets_are_written_as_they_stand(resources: Resources) -> None:
    """What a command writes differs by its rows alone."""
    for path in resources.alignments.iterdir():
        name = path.name.removesuffix(".sssom.tsv")
        assert read_table(resources.alignments, name).text() == path.read_text(encoding="utf-8")
