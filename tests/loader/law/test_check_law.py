"""The command check-law: the real tables against the real texts where they are at hand, and against made-up ones."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from loader.law.command import check_law
from tests.loader.law.made_up import PLAIN
from tests.reference import needs, reference

LAW = reference("law")
TEXTS = sorted(LAW.glob("*.md"))
needs_law = needs(LAW, "the build holds the rows to each other, and made-up acts are read below")
ROOT = Path(__file__).parents[3]


def run(path: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(check_law, [str(path), "--lang", "en", *options])
    return result.exit_code, result.output


@needs_law
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_row_is_borne_out_by_its_text(path: Path) -> None:
    code, output = run(path)
    assert code == 0, output
    assert ", 0 faults" in output


@needs_law
def test_words_taken_out_of_a_text_are_missed(tmp_path: Path) -> None:
    """Whatever words of the act a row quotes: they are missed when they alone are taken out."""
    path = next(path for path in TEXTS if path.stem == "sfs-1990-52")
    text = path.read_text(encoding="utf-8")
    with (ROOT / "data" / "sources" / "law" / "legal_provisions.csv").open(encoding="utf-8") as stream:
        quoted = [row["quoted_words"] for row in csv.DictReader(stream) if row["act"] == "lvu"]
    assert len(quoted) > 10
    assert [words for words in quoted if words not in text] == []
    for words in quoted:
        (tmp_path / "act.md").write_text(text.replace(words, "…"), encoding="utf-8")
        code, output = run(tmp_path / "act.md")
        assert (code, "law-words-differ" in output) == (1, True), (words, output)


def test_an_act_that_bears_nothing_out_lists_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "act.txt"
    path.write_text(PLAIN, encoding="utf-8")
    code, output = run(path, "--act", "lvm")
    assert code == 1
    assert "law/legal_provisions.csv:" in output
    assert "4 § is not in the text. [law-section-absent]" in output


def test_an_unknown_act_is_named_by_its_key(tmp_path: Path) -> None:
    path = tmp_path / "act.txt"
    path.write_text(PLAIN, encoding="utf-8")
    code, output = run(path)
    assert code == 2
    assert "--act: " in output


def test_a_file_without_sections_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "act.txt"
    path.write_text("Ingen lag.", encoding="utf-8")
    assert run(path) == (
        2,
        f"registergraf: {path} prints no section. Save the act as the database prints it, as text.\n",
    )


def test_no_section_of_a_group_alone_leads_to_lss_or_to_housing_with_support() -> None:
    """The report sorts under impairment whether or not the definitions are met: no basis there names it whole."""
    path = Path(__file__).parents[3] / "data" / "sources" / "law" / "legal_bases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 100
    narrow = ("lss.", "sol-2025.k8p10", "sol-2025.k8p11")
    assert [row["basis"] for row in rows if row["provision"].startswith(narrow) and row["reach"] == "whole"] == []
    one_group_once = ("k2p3", "k8p1", "k10p4", "k10p6", "k11p5", "k27p1")
    tied = [row for row in rows if row["provision"] in {f"sol-2025.{key}" for key in one_group_once}]
    assert [row["basis"] for row in tied] == ["elderly-care-sol-2025-k8p1-measure"]
    assert tied[0]["target_group"] == ""
