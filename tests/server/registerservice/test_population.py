"""Invented people: coverage gives exactly the truth that is known of them, seed by seed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server.registerservice.people.population_command import synthesize
from tests.server.registerservice.asking import measured


def truth_of(folder: Path, people: int, seed: int) -> dict[str, Any]:
    made = CliRunner().invoke(
        synthesize, ["population", "--people", str(people), "--seed", str(seed), "--output", str(folder)]
    )
    assert made.exit_code == 0, made.output
    found: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return found


def asked(folder: Path, truth: dict[str, Any]) -> list[str]:
    return [str(folder / part) if part.endswith(".csv") else part for part in truth["asked"].split()]


@pytest.mark.parametrize("seed", range(10))
def test_coverage_is_the_linkable_truth(tmp_path: Path, seed: int) -> None:
    truth = truth_of(tmp_path, 400, seed)
    result = measured(tmp_path, *asked(tmp_path, truth))
    fields = ("direction", "by", "found", "of")
    got = [{field: row[field] for field in fields} for row in result["measurements"]]
    assert sorted(got, key=str) == sorted(truth["measurements"], key=str)
    reasons = {(entry["direction"], entry["reason"]): entry["count"] for entry in result["unmatched"] if entry["count"]}
    assert reasons == {(entry["direction"], entry["reason"]): entry["count"] for entry in truth["unmatched"]}


def test_every_class_of_error_occurs(tmp_path: Path) -> None:
    truth = truth_of(tmp_path, 3000, 7)
    reasons = {entry["reason"] for entry in truth["unmatched"]}
    assert reasons == {
        "invalid number",
        "no date",
        "person not in reference",
        "person not in register",
        "outside window",
        "taken by another",
    }


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        truth_of(tmp_path / name, 50, 3)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_sources_are_made_up_as_before(tmp_path: Path) -> None:
    made = CliRunner().invoke(synthesize, ["--registers", "1"])
    assert made.exit_code == 2
    assert "Missing option '--indicators'" in made.output
