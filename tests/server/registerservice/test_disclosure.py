"""Disclosure control: a reader bounds no hidden count closer than the threshold, and planted leaks are found."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.registerservice.counts.counting import Atoms, Count
from server.registerservice.counts.matching import possible_reasons
from server.registerservice.coverage.result import build_result
from server.registerservice.disclosure.budget import Budget
from server.registerservice.disclosure.cube import Cell, build_cube
from server.registerservice.disclosure.earlier import read_earlier
from server.registerservice.disclosure.suppression import suppress
from server.registerservice.messages import StopError
from server.registerservice.reading.question import SIDES, Columns, Dimension, Question
from tests.server.registerservice.reader import Reader

DAY, UNIT_COLUMN = Columns("d", "d"), Columns("unit", "unit")
UNIT, YEAR = (Dimension(name, Columns(name, name)) for name in ("unit", "year"))
QUESTION = Question(Path("a"), Path("b"), Columns("pnr", "pnr"), "events", DAY, 30, by=((UNIT, YEAR),))


def made_up(seed: int, question: Question, *, units: int = 6, years: int = 3) -> Atoms:
    """Many small counts; as many are found in one direction as in the other, by unit where it is a key."""
    made = random.Random(seed)
    atoms: Atoms = {"register": {}, "reference": {}}
    for unit in range(units):
        pairs = made.choice([0, 2, 5, 11, 40])
        for side in SIDES:
            placed = [made.randrange(years) for _ in range(pairs)]
            for year in range(years):
                count = Count(reasons=dict.fromkeys(possible_reasons(side, question), 0))
                count.found = placed.count(year)
                for reason in count.reasons:
                    count.reasons[reason] = made.choice([0, 0, 0, 1, 2, 9])
                count.of = count.found + sum(count.reasons.values())
                place = f"U{unit if question.unit else (unit + (side == 'reference')) % units}"
                if count.of:
                    atoms[side][place, str(2020 + year)] = count
    return atoms


def published(atoms: Atoms, question: Question, earlier: tuple[Path, ...] = ()) -> dict[str, Any]:
    cube = build_cube(atoms, question)
    kept = suppress(cube, earlier=read_earlier(earlier, ("unit", "year")))
    return build_result(cube, kept.hidden, question).as_json()


@pytest.mark.parametrize(("unit", "reasons"), [(None, False), (UNIT_COLUMN, False), (UNIT_COLUMN, True)])
def test_no_hidden_count_can_be_bounded_closely(unit: Columns | None, reasons: bool) -> None:
    question = replace(QUESTION, unit=unit, reasons_by_cell=reasons)
    hidden = 0
    for seed in range(1 if reasons else 2):
        result = published(made_up(seed, question, units=4 if reasons else 6), question)
        widths = Reader(result, question.keys_of_match()).widths()
        hidden += len(widths)
        assert min(widths) >= 5 - 1e-6
        for row in result["measurements"]:
            if not row["suppressed"]:
                small = {row["of"], row["found"], row["of"] - row["found"]} & {1, 2, 3, 4}
                assert not small
    assert hidden > 60


def test_the_reader_finds_planted_leaks() -> None:
    """Each complementary cell that is shown after all lets the reader in, or was hidden for another's sake."""
    question = replace(QUESTION, unit=UNIT_COLUMN)
    atoms = made_up(1, question)
    cube = build_cube(atoms, question)
    kept = suppress(cube)
    found = 0
    for cell in sorted(kept.hidden - kept.sensitive)[:4]:
        result = build_result(cube, kept.hidden - {cell}, question).as_json()
        found += min(Reader(result, question.keys_of_match()).widths()) < 5 - 1e-6
    assert found >= 2


def test_hiding_different_partners_in_the_two_directions_would_reveal_the_small_unit() -> None:
    question = replace(QUESTION, unit=UNIT_COLUMN, by=((UNIT,),))
    atoms: Atoms = {side: {} for side in SIDES}
    for name, of in (("Liten", 3), ("Alfa", 20), ("Beta", 30), ("Gamma", 40)):
        for side in SIDES:
            atoms[side][(name,)] = Count(of + 7, of, {"invalid number": 7})
    cube = build_cube(atoms, question)
    kept = suppress(cube).hidden
    naive = {Cell(side, (("unit", name),)) for side, name in zip(SIDES, ("Alfa", "Beta"), strict=True)}
    naive |= {Cell(side, (("unit", "Liten"),)) for side in SIDES}
    shared = question.keys_of_match()
    assert min(Reader(build_result(cube, naive, question).as_json(), shared).widths()) == pytest.approx(0)
    assert min(Reader(build_result(cube, kept, question).as_json(), shared).widths()) >= 5 - 1e-6


def test_zero_is_shown_and_large_counts_are_not_hidden_for_nothing() -> None:
    question = replace(QUESTION, by=((UNIT,),))
    atoms: Atoms = {side: {(name,): Count(50, 40, {"invalid number": 10}) for name in "ABC"} for side in SIDES}
    for side in SIDES:
        atoms[side][("D",)] = Count(30, 0, {"invalid number": 30})
    cube = build_cube(atoms, question)
    assert suppress(cube).hidden == set()


def test_what_cannot_be_repaired_is_refused(tmp_path: Path) -> None:
    """An earlier result has told everything but one small count: nothing can be hidden to protect it."""
    question = replace(QUESTION, by=((UNIT,),))
    atoms: Atoms = {side: {(name,): Count(50, 40, {"invalid number": 10}) for name in "AB"} for side in SIDES}
    for side in SIDES:
        atoms[side][("C",)] = Count(3, 3, {"invalid number": 0})
    result = build_result(build_cube(atoms, question), set(), question).as_json()
    for row in result["measurements"]:
        if row["by"] == {"unit": "C"}:
            row.update(dict.fromkeys(("found", "of"), None), suppressed=True)
    earlier = tmp_path / "earlier.json"
    earlier.write_text(json.dumps(result), encoding="utf-8")
    with pytest.raises(StopError):
        published(atoms, question, (earlier,))
    assert published(atoms, question)


def test_a_small_difference_to_an_earlier_result_is_hidden(tmp_path: Path) -> None:
    question = replace(QUESTION, by=((UNIT,),))

    def counts(more: int) -> Atoms:
        atoms: Atoms = {side: {(name,): Count(50, 40, {"invalid number": 10}) for name in "ABCD"} for side in SIDES}
        for side in SIDES:
            atoms[side]["A",] = Count(50 + more, 40 + more, {"invalid number": 10})
            atoms[side]["B",] = Count(90, 80, {"invalid number": 10}) if more else Count(50, 40, {"invalid number": 10})
        return atoms

    earlier = tmp_path / "earlier.json"
    earlier.write_text(json.dumps(published(counts(0), question)), encoding="utf-8")
    alone = published(counts(2), question)
    assert not [row for row in alone["measurements"] if row["suppressed"]]
    beside = published(counts(2), question, (earlier,))
    hidden = [row["by"]["unit"] for row in beside["measurements"] if row["suppressed"] and row["by"]]
    assert hidden.count("A") == 2
    assert hidden.count("B") == 2


def test_what_was_hidden_stays_hidden(tmp_path: Path) -> None:
    question = replace(QUESTION, by=((UNIT,),))
    atoms: Atoms = {side: {(name,): Count(50, 40, {"invalid number": 10}) for name in "ABCD"} for side in SIDES}
    for side in SIDES:
        atoms[side]["E",] = Count(3, 2, {"invalid number": 1})
    earlier = tmp_path / "earlier.json"
    earlier.write_text(json.dumps(published(atoms, question)), encoding="utf-8")
    for side in SIDES:
        atoms[side]["E",] = Count(30, 20, {"invalid number": 10})
    shown = {str(row["by"]) for row in published(atoms, question, (earlier,))["measurements"] if not row["suppressed"]}
    assert "{'unit': 'E'}" not in shown


def test_the_audit_has_a_budget_and_tells_how_far_it_is() -> None:
    question = replace(QUESTION, unit=UNIT_COLUMN)
    cube = build_cube(made_up(3, question, units=30), question)
    ticks = iter(range(10**9))
    told: list[tuple[int, int, int]] = []
    kept = suppress(cube, budget=Budget(10**9, lambda *step: told.append(step), lambda: float(next(ticks))))
    assert len(kept.hidden) > 100
    assert {step[0] for step in told} <= set(range(1, kept.rounds + 1))
    assert all(0 < done < of for _, done, of in told)
    with pytest.raises(StopError, match=r"did \d+ of \d+ hidden counts of round 1 in 50 s.*--audit-budget"):
        suppress(cube, budget=Budget(50, None, lambda: float(next(ticks))))
