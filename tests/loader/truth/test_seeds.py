"""What cannot be true is found at its cell, and valid sheets give no false alarm."""

from __future__ import annotations

from datetime import date

import pytest

from loader.model.findings import Severity
from tests.loader.conftest import Ask
from tests.loader.intake.submission import write
from tests.loader.truth.seeds import KINDS, faulty, valid

TODAY = date(2026, 6, 1)
SEEDS = [range(5), pytest.param(range(5, 20), marks=pytest.mark.soak)]


def test_there_are_enough_kinds_and_faults() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 40
    assert sum(len(faulty(seed)[1]) for seed in range(7)) >= 200


def test_seeded_faults_are_found_at_their_cells(ask: Ask) -> None:
    missed, number = [], 0
    for seed in range(7):
        book, truths = faulty(seed)
        found = {
            (finding.position.sheet, finding.position.row, finding.position.column, finding.rule)
            for finding in ask(*write(book, "xlsx"), today=TODAY).findings
        }
        number += len(truths)
        missed += [
            (seed, truth, [item for item in found if item[:2] == (truth.sheet, truth.row)])
            for truth in truths
            if not any((truth.sheet, truth.row, truth.column, rule) in found for rule in truth.rules)
        ]
    assert number >= 200
    assert len(missed) <= number * 0.02, missed


@pytest.mark.parametrize("seeds", SEEDS)
def test_valid_sheets_give_no_false_alarm(ask: Ask, seeds: range) -> None:
    alarms, rows = [], 0
    for seed in seeds:
        book = valid(seed)
        rows += sum(len(sheet) for sheet in book.sheets.values())
        result = ask(*write(book, "xlsx"), today=TODAY)
        alarms += [
            (seed, finding.rule, str(finding.position), finding.message.sv)
            for finding in result.findings
            if finding.severity is not Severity.INFO
        ]
    assert len(alarms) <= rows * 0.01, alarms


@pytest.mark.parametrize("column", ["Bekräftat", "Confirmed"])
def test_a_doubt_is_answered_in_the_sheet(ask: Ask, column: str) -> None:
    book = valid(3)
    for row in book.sheets["Indikatorer"]:
        row[column] = ""
    doubtful = {
        **book.sheets["Indikatorer"][-1],
        "Möjligt mått/möjlig indikator": "Andel med ECOG 0",
        "Möjligt mått/möjlig indikator (engelska)": "Share with ECOG 0",
        "Patientrapporterat": "ja",
    }
    book.sheets["Indikatorer"] += [
        doubtful,
        {
            **doubtful,
            "Möjligt mått/möjlig indikator": "Andel med ECOG 1",
            "Möjligt mått/möjlig indikator (engelska)": "Share with ECOG 1",
            column: "ja",
        },
    ]
    found = [
        (finding.severity, finding.position.row)
        for finding in ask(*write(book, "xlsx"), today=TODAY).findings
        if finding.rule == "not-patient-reported"
    ]
    last = len(book.sheets["Indikatorer"]) + 1
    assert found == [(Severity.WARNING, last - 1), (Severity.INFO, last)]
