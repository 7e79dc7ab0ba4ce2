"""What no build lets through in the law tables: each fault made in the real tables stops the build at its cell."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from loader.model.findings import Finding, Severity
from loader.release import build as pipeline
from loader.resources import Resources
from tests.loader.law.made_up import PLAIN, set_cell


@dataclasses.dataclass(frozen=True)
class Reader:
    """Reads a folder of sources, against printed acts where a folder of them is given."""

    resources: Resources
    terms: pipeline.Terms

    def found(self, sources: Path, laws: Path | None = None) -> list[Finding]:
        """The findings of the law tables."""
        reading = pipeline.read_tables(dataclasses.replace(self.resources, sources=sources, laws=laws), self.terms)
        return [finding for finding in reading.findings if finding.rule.startswith("law-")]


@pytest.fixture
def reader(resources: Resources, terms: pipeline.Terms) -> Reader:
    return Reader(resources, terms)


def test_the_real_tables_have_no_fault(law: Path, reader: Reader) -> None:
    assert reader.found(law) == []


@pytest.mark.parametrize(
    ("place", "text", "rule"),
    [
        ("legal_provisions|sol-2025.k8p2|section", "99", "law-section-unknown"),
        ("legal_provisions|sol-2025.k8p2|number", "3", "law-number-differs"),
        ("legal_provisions|sol-2025.k8p2|part_of", "sol-2001.k5", "law-part-of-other"),
        ("legal_provisions|sol-2025.k8p2|quoted_words", "", "law-row-without-words"),
        ("legal_provisions|sol-2025.k8p2|quoted_words", "ett " * 16, "law-too-many-words"),
        ("legal_bases|older-people-sol-2001-k5p4|applied_until", "", "law-basis-repealed"),
        ("legal_bases|older-people-sol-2001-k5p4|applied_until", "2025-07-01", "law-basis-repealed"),
        ("legal_bases|older-people-sol-2025-k8p2|provision", "sol-2001.k5p4", "law-basis-repealed"),
        ("legal_bases|older-people-sol-2025-k8p2|quoted_words", "", "law-row-without-words"),
        ("legal_bases|older-people-sol-2025-k8p2|reach", "measure", "law-measure-words"),
        ("legal_bases|older-people-sol-2025-k8p2|provision", "sol-2025.k8p1", "law-basis-group-unnamed"),
        ("legal_bases|elderly-care-sol-2025-k8p1-measure|target_group", "older-people", "law-basis-group-unnamed"),
        ("legal_provisions|lss.p9|names", "", "law-basis-group-unnamed"),
        ("legal_correspondences|k5p4|old_words", "", "law-row-without-words"),
        ("legal_correspondences|k5p4-not-k8p1|new_provisions", "sol-2025.k8p2", "law-correspondence-twice"),
        ("legal_wordings|sol-2025.k19p6.2026-01-15|first_day", "2026-01-20", "law-wordings-do-not-follow"),
        ("legal_provisions|sol-2025.k19p6|first_day", "2025-07-01", "law-dates-of-a-worded-section"),
    ],
)
def test_each_fault_is_found_at_its_cell(law: Path, reader: Reader, place: str, text: str, rule: str) -> None:
    set_cell(law, place, text)
    table, _, column = place.split("|")
    faults = [finding for finding in reader.found(law) if finding.rule == rule]
    assert faults
    assert {finding.severity for finding in faults} == {Severity.VIOLATION}
    told = "legal_bases" if rule == "law-basis-group-unnamed" else table
    assert f"law/{told}.csv" in {finding.position.file for finding in faults}
    assert all(finding.position.row for finding in faults)
    assert rule != "law-row-without-words" or {finding.position.column for finding in faults} == {column}


def test_a_fault_stops_the_build(law: Path, resources: Resources, tmp_path: Path) -> None:
    set_cell(law, "legal_provisions|sol-2025.k8p2|section", "99")
    outcome = pipeline.build(dataclasses.replace(resources, sources=law), tmp_path / "releases")
    assert outcome.release is None
    assert any("8 kap. 99 §" in finding.message.en for finding in outcome.findings)


def test_a_text_at_hand_is_held_against_the_tables(law: Path, reader: Reader, tmp_path: Path) -> None:
    """The made-up act under the number of the real one: hardly a section is there."""
    (tmp_path / "laws").mkdir()
    (tmp_path / "laws" / "act.txt").write_text(PLAIN.replace("2030:1", "2025:400"), encoding="utf-8")
    rules = {finding.rule for finding in reader.found(law, tmp_path / "laws")}
    assert {"law-section-absent", "law-words-differ", "law-outline-differs"} <= rules
