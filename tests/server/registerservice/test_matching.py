"""Matching: golden cases, ties, intervals, the order of rows, and every reason, seen from both sides."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.server.registerservice.asking import measured, people, share, table

ONE, TWO = people(2)
DATED = ("--key", "pnr", "--date", "day", "--window", "30d", "--count", "events")


def day(number: int) -> str:
    return (date(2020, 1, 1) + timedelta(days=number)).isoformat()


def paired(folder: Path, register: list[int], reference: list[int]) -> tuple[int | None, int | None]:
    """Found in the register and of how many, of one person's days."""
    table(folder / "register.csv", "pnr;day", [[ONE, day(number)] for number in register])
    table(folder / "reference.csv", "pnr;day", [[ONE, day(number)] for number in reference])
    return share(measured(folder, *DATED))


@pytest.mark.parametrize(
    ("register", "reference", "pairs"),
    [
        ([0, 20], [18, 48], 1),
        ([0], [30], 1),
        ([0], [31], 0),
        ([31], [1], 1),
        ([32], [1], 0),
        ([10, 20, 30], [15, 15], 2),
        ([0, 1, 2, 3], [0, 1, 2, 3, 4, 5], 4),
    ],
)
def test_nearest_first(tmp_path: Path, register: list[int], reference: list[int], pairs: int) -> None:
    assert paired(tmp_path, register, reference) == (pairs, len(register))


def greedy(register: list[int], reference: list[int], window: int) -> int:
    """The definition, word by word: least distance, then earlier register date, then earlier reference date."""
    left, right, pairs = list(register), list(reference), 0
    while True:
        near = [(abs(a - b), a, b) for a in left for b in right if abs(a - b) <= window]
        if not near:
            return pairs
        _, a, b = min(near)
        left.remove(a)
        right.remove(b)
        pairs += 1


def test_agrees_with_the_definition_and_does_not_mind_the_order_of_rows(tmp_path: Path) -> None:
    made = random.Random(1)
    register = [(who, made.randrange(200)) for who in people(60) for _ in range(made.randrange(5))]
    reference = [(who, made.randrange(200)) for who in people(60) for _ in range(made.randrange(5))]
    expected = sum(
        greedy([d for w, d in register if w == who], [d for w, d in reference if w == who], 30) for who in people(60)
    )
    for _ in range(2):
        made.shuffle(register)
        made.shuffle(reference)
        table(tmp_path / "register.csv", "pnr;day", [[who, day(number)] for who, number in register])
        table(tmp_path / "reference.csv", "pnr;day", [[who, day(number)] for who, number in reference])
        result = measured(tmp_path, *DATED)
        assert share(result) == (expected, len(register))
        assert share(result, "reference") == (expected, len(reference))


def test_an_interval_is_near_from_its_ends(tmp_path: Path) -> None:
    table(tmp_path / "register.csv", "pnr;day", [[who, day(50)] for who in people(20)])
    rows = [[who, day(0), day(20 if place < 10 else 19)] for place, who in enumerate(people(20))]
    table(tmp_path / "reference.csv", "PersonNr,IN,UT", rows, ",")
    options = ("--key", "pnr=PersonNr", "--date", "day=IN..UT", "--window", "30", "--count", "events")
    assert share(measured(tmp_path, *options)) == (10, 20)


def test_every_reason_from_both_sides(tmp_path: Path) -> None:
    who = people(40)
    rows: list[list[object]] = []
    kinds: list[tuple[str, str | None, str, int]] = [
        ("190001010000", day(0), "A", 2),
        (who[0], None, "A", 3),
        (who[1], day(0), "A", 4),
    ]
    kinds += [(who[2], day(0), "B", 5), (who[3], day(0), "A", 6), (who[4], day(0), "A", 9)]
    for who_, when, unit, times in kinds:
        rows += [[who_, when, unit]] * times
    table(tmp_path / "register.csv", "pnr;day;unit", rows)
    others = [[who[2], day(0), "A"], [who[3], day(99), "A"], [who[0], day(0), "A"], *[[who[4], day(1), "A"]] * 2]
    table(tmp_path / "reference.csv", "pnr;day;unit", others * 2)
    result = measured(tmp_path, *DATED, "--unit", "unit")
    reasons = {(entry["direction"][:9], entry["reason"]): entry["count"] for entry in result["unmatched"]}
    assert {reason: count for (side, reason), count in reasons.items() if side == "register-"} == {
        "invalid number": 2,
        "no date": 3,
        "person not in reference": 4,
        "other unit": 5,
        "outside window": 6,
        "taken by another": 5,
    }
    assert share(result) == (4, 29)
    assert reasons[("reference", "other unit")] == 2
    assert reasons[("reference", "person not in register")] == 0
    assert reasons[("reference", "outside window")] == 4


def test_a_person_counts_once_where_she_was_first(tmp_path: Path) -> None:
    who = people(30)
    table(tmp_path / "register.csv", "pnr;day;unit", [[p, day(t), u] for p in who for t, u in ((9, "B"), (0, "A"))])
    table(
        tmp_path / "reference.csv", "pnr;day;unit", [[p, day(9), "C"] for p in who[:12]] + [[who[15], day(80), "C"]] * 3
    )
    result = measured(tmp_path, "--key", "pnr", "--date", "day", "--by", "unit", "--count", "persons")
    assert share(result) == (12, 30)
    assert share(result, unit="A") == (12, 30)
    assert not [row for row in result["measurements"] if row["by"] == {"unit": "B"}]
