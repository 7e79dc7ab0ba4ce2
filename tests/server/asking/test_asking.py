"""Asking in Swedish: a set of questions written down before there was an answer, and what is not known."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from server.asking.answer import Answer, answered
from server.asking.asked import Candidate, asking
from server.asking.roots import root
from server.cli import main
from server.pages.examples import load_examples
from server.service import service_of

FILE = Path(__file__).with_name("development.csv")
QUESTIONS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
INSIDE = [row for row in QUESTIONS if row["question"]]
OUTSIDE = [row["asked"] for row in QUESTIONS if not row["question"]]


def right(candidate: Candidate, row: dict[str, str]) -> bool:
    wanted = dict(part.split("=") for part in row["slots"].split(";") if part)
    got = {name: value for name, value in candidate.slots.items() if name in candidate.given or name in wanted}
    standing = {name for name in got if name not in wanted and name in candidate.given}
    return (
        candidate.example.key.startswith(row["question"] + "-")
        and all(got.get(name) == value for name, value in wanted.items())
        and all(_is_of_the_question(candidate, got[name]) for name in standing)
    )


def _is_of_the_question(candidate: Candidate, value: str) -> bool:
    """A slot that was filled with what the question has by itself."""
    return re.search(rf"[:\"= ]{re.escape(value)}\b", candidate.example.query) is not None


def test_the_question_with_its_slots_is_first(real_app: Flask) -> None:
    understand = asking(service_of(real_app)).understand
    found = {row["asked"]: understand(row["asked"]) for row in INSIDE}
    first = [row for row in INSIDE if found[row["asked"]].candidates and right(found[row["asked"]].candidates[0], row)]
    among = [row for row in INSIDE if any(right(one, row) for one in found[row["asked"]].candidates)]
    falsely = [row["asked"] for row in INSIDE if found[row["asked"]].sure and row not in first]
    assert len(INSIDE) >= 80
    assert len(first) >= 0.9 * len(INSIDE), [row["asked"] for row in INSIDE if row not in first]
    assert len(among) >= 0.95 * len(INSIDE)
    assert falsely == []


def test_nothing_outside_is_sure(real_app: Flask) -> None:
    understand = asking(service_of(real_app)).understand
    assert len(OUTSIDE) >= 20
    assert [text for text in OUTSIDE if understand(text).sure] == []


def test_every_question_can_be_asked_in_its_own_words(real_app: Flask) -> None:
    site = service_of(real_app)
    understand = asking(site).understand
    examples = load_examples(site.questions)
    found = [next((one.example.key for one in understand(example.sv).candidates), "") for example in examples]
    assert found == [example.key for example in examples]


def ask(app: Flask, text: str, **options: int) -> Answer:
    with app.test_request_context("/"):
        return answered(service_of(app), text, limit=options.get("limit", 50), choice=options.get("choice", 0))


def test_what_is_named_beside_the_slots_narrows_the_rows(real_app: Flask) -> None:
    answer = ask(real_app, "Vem är personuppgiftsansvarig för SveDem?", choice=1)
    place = answer.table.variables.index("register")
    assert [one.key for one in answer.about] == ["svedem"]
    assert {row[place].text for row in answer.table.rows} == {
        "Svenska registret för kognitiva sjukdomar/demenssjukdomar"
    }


def test_a_list_holds_each_thing_once(real_app: Flask) -> None:
    answer = ask(real_app, "Vad gäller nu om Swedeheart?")
    assert answer.chosen is not None
    assert answer.chosen.query.count("register:swedeheart") == 1
    assert answer.chosen.slots == {"register": "swedeheart"}
    rows = [tuple(cell.text for cell in row) for row in answer.table.rows]
    assert len(rows) == len(set(rows)) > 3


def test_rows_are_bounded(real_app: Flask) -> None:
    answer = ask(real_app, "Vilka indikatorer rör äldre?", limit=3)
    assert (len(answer.table.rows), answer.table.more) == (3, True)


@pytest.mark.parametrize("text", ["", "?", "§", "a" * 3000, "\u0000", "' } ; DROP ALL", "👵🏽", "vilka vilka vilka"])
def test_nothing_breaks_it(real_app: Flask, text: str) -> None:
    answer = ask(real_app, text)
    assert not answer.sure
    assert answer.table.rows == []


def test_words_lose_their_endings() -> None:
    assert len({root(word) for word in ("register", "registret", "registren", "registrets")}) <= 2
    assert root("indikatorernas") == root("indikator")


def test_the_command(real_root: Path, small_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTERGRAF_RELEASES", str(real_root))
    run = CliRunner().invoke
    sure = run(main, ["ask", "--json", "Vilka indikatorer finns för barn och unga?"])
    told = json.loads(sure.output)
    assert (sure.exit_code, told["question"], told["sure"]) == (0, "q01-indicators-of-a-target-group", True)
    assert told["slots"] == {"target-group": "children-and-young-people"}
    assert told["rows"]
    assert told["release"] == (real_root / "current").resolve().name
    monkeypatch.setenv("REGISTERGRAF_RELEASES", str(small_root))
    unknown = run(main, ["ask", "Vad blir det för väder i morgon?"])
    assert unknown.exit_code == 1
    assert "Det vet jag inte" in unknown.output
