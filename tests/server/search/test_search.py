"""Search: a hundred questions in the words of municipal staff, written down before the index was."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from flask import Flask

from server.search.index import MISSPELT, SAME, Entry, Index
from server.search.release import index
from server.service import BASE, service_of

FILE = Path(__file__).with_name("questions.csv")
QUESTIONS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))


def found(real_app: Flask, asked: str, most: int = 5) -> list[str]:
    return [hit.iri.removeprefix(BASE + "id/") for hit in index(service_of(real_app)).search(asked, most=most)]


def test_the_right_page_is_first_for_nine_in_ten(real_app: Flask) -> None:
    wrong = {one["asked"]: found(real_app, one["asked"], 3) for one in QUESTIONS}
    wrong = {asked: hits for asked, hits in wrong.items() if not hits or hits[0] not in _right(asked)}
    assert len(QUESTIONS) >= 100
    assert len(wrong) <= len(QUESTIONS) // 10, wrong


def _right(asked: str) -> list[str]:
    return next(one["right"] for one in QUESTIONS if one["asked"] == asked).split("|")


def test_it_is_quick(real_app: Flask) -> None:
    search = index(service_of(real_app)).search
    search("värme")
    begun = time.process_time()
    for one in QUESTIONS:
        search(one["asked"])
    assert (time.process_time() - begun) / len(QUESTIONS) < 0.03


@pytest.fixture
def small() -> Index:
    entries = [
        Entry("a", "register", "Riksstroke"),
        Entry("b", "register", "Rikshöft"),
        Entry("c", "group", "Äldre personer"),
    ]
    return Index(entries, {}, {"pensionärer": ["äldre"]})


def test_a_reason_is_given(small: Index) -> None:
    assert [(hit.iri, hit.manner) for hit in small.search("rikstroke", most=1)] == [("a", MISSPELT)]
    assert [(hit.iri, hit.manner) for hit in small.search("Riksstroke", most=1)] == [("a", SAME)]
    assert [(hit.iri, hit.instead) for hit in small.search("pensionär", most=1)] == [("c", "äldre")]


def test_only_the_kinds_that_were_asked_for(small: Index) -> None:
    assert {hit.kind for hit in small.search("äldre", kinds=("register",))} <= {"register"}


@pytest.mark.parametrize("text", ["", " ", "§", "%%%", "a" * 5000, "\u0000", "😀", "' OR 1=1"])
def test_nothing_breaks_it(small: Index, text: str) -> None:
    small.search(text)
