"""Every fault is found, at its cell, in every tabular format; clean submissions have no errors."""

from __future__ import annotations

import pytest

from loader.check import CheckResult
from loader.model.findings import Severity
from tests.loader.conftest import Ask
from tests.loader.intake.faults import FAULTS, Fault, Truth, put
from tests.loader.intake.submission import WRITERS, clean, write
from tests.pairs import pairs, some


def named(result: CheckResult, truth: Truth, form: str) -> list[tuple[str, str | None]]:
    """The findings at the true place: sheet (or file), row, and column where one is known."""
    found = []
    for finding in result.findings:
        position = finding.position
        at_sheet = (
            position.sheet == truth.sheet
            if form in ("xlsx", "ods")
            else (position.file or "").startswith(f"{truth.sheet}.")
        )
        if at_sheet and position.row == truth.row and truth.column in (None, position.column):
            found.append((finding.rule, finding.suggestion))
    return found


def test_there_are_enough_kinds_and_cases() -> None:
    assert len(FAULTS) >= 25
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert len(FAULTS) * len(WRITERS) >= 120


@pytest.mark.parametrize(("fault", "form"), pairs(FAULTS, list(WRITERS)))
def test_a_fault_is_found_at_its_cell(ask: Ask, fault: Fault, form: str) -> None:
    book = clean(len(fault.name) * 7 + len(form))
    truth = put(fault, book)
    result = ask(*write(book, form))
    found = named(result, truth, form)
    assert any(rule in truth.rules for rule, _ in found), (truth, [(f.rule, str(f.position)) for f in result.findings])
    if truth.suggestion is not None:
        assert (truth.rules[0], truth.suggestion) in found


@pytest.mark.parametrize("seed", some(range(50), len(WRITERS)))
def test_a_clean_submission_has_no_errors(ask: Ask, seed: int) -> None:
    form = list(WRITERS)[seed % len(WRITERS)]
    result = ask(*write(clean(seed), form))
    errors = [
        (finding.rule, str(finding.position)) for finding in result.findings if finding.severity is not Severity.INFO
    ]
    assert errors == []
    assert result.conforms
    assert result.readable
    assert result.registers == {f"provregistret-{seed}"}
