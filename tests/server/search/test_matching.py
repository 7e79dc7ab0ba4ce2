"""Matching: names written down by hand before there was a matcher, damaged by chance, and those of other things."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from server.pages.catalogue.read import catalogue
from server.search.citations import Citations
from server.search.matching import Match, Matcher
from server.search.release import matcher
from server.service import BASE, service_of
from tests.server.search.damage import damaged

HERE = Path(__file__).parent
KINDS = (
    *("register", "variable", "conceptual-variable", "indicator", "target-group", "service-area", "provision"),
    "municipality",
)


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((HERE / name).read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def real(real_app: Flask) -> Matcher:
    return matcher(service_of(real_app))


def first(found: list[Match]) -> str:
    return found[0].iri.removeprefix(BASE + "id/") if found else ""


def test_names_written_down_by_hand(real: Matcher) -> None:
    asked = rows("names.csv")
    found = {row["asked"]: real.match(row["asked"], kinds=[row["type"]]) for row in asked}
    wrong = [row["asked"] for row in asked if first(found[row["asked"]]) not in row["right"].split("|")]
    assert len(asked) >= 150
    assert len(wrong) <= len(asked) // 10, wrong
    assert len([name for name in wrong if found[name] and found[name][0].sure]) <= 1


def _damaged(app: Flask) -> Iterator[tuple[str, str, set[str]]]:
    """Kind, damaged name, and the things that have the name. A changed number is another provision."""
    for kind in KINDS:
        named: dict[str, set[str]] = defaultdict(set)
        for thing in catalogue(service_of(app)).of(kind):
            label = thing.text("skos:prefLabel", "sv")
            if label is not None and not thing.iris("eli:is_member_of"):
                named[label.text.casefold()].add(thing.iri)
        for name, iris in sorted(named.items())[:250]:
            made = damaged(name, 1)
            if kind != "provision" or [*filter(str.isdecimal, made)] == [*filter(str.isdecimal, name)]:
                yield kind, made, iris


def test_damaged_names(real: Matcher, real_app: Flask) -> None:
    cases = list(_damaged(real_app))
    wrong, falsely = [], []
    for kind, name, iris in cases:
        found = real.match(name, kinds=[kind], most=1)
        if not found or found[0].iri not in iris:
            wrong.append((kind, name))
            falsely += [name] if found and found[0].sure else []
    assert len(cases) > 800
    assert len(wrong) <= 0.03 * len(cases), wrong
    assert len(falsely) <= 0.01 * len(cases), falsely


def test_names_of_other_things_are_never_sure(real: Matcher) -> None:
    asked = rows("strangers.csv")
    sure = [row["asked"] for row in asked if any(one.sure for one in real.match(row["asked"], kinds=[row["type"]]))]
    assert sure == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("8 kap. 4 § SoL", "sol-2025.k8p4"),
        ("SoL 8:4", "sol-2025.k8p4"),
        ("4 kap 1 § gamla socialtjänstlagen", "sol-2001.k4p1"),
        ("4 kap. 1 § SoL (2001:453)", "sol-2001.k4p1"),
        ("9 § LSS", "lss.p9"),
        ("LSS 9 § punkt 5", "lss.p9n5"),
        ("9 § p 5 LSS", "lss.p9n5"),
        ("4 kap.  § SoL", ""),
        ("9 § och 10 § LSS", ""),
        ("9 §", ""),
        ("SoL", ""),
    ],
)
def test_citations(text: str, key: str) -> None:
    acts = {
        "sol-2025": ["Socialtjänstlagen (2025:400)", "SoL"],
        "sol-2001": ["Socialtjänstlagen (2001:453)", "SoL 2001", "SoL"],
        "lss": ["LSS (1993:387)", "LSS"],
    }
    keys = ("sol-2025.k8p4", "sol-2001.k4p1", "sol-2025.k4p1", "sol-2025.k4", "lss.p9", "lss.p9n5")
    assert Citations(acts, {one: one for one in keys}).find(text) == key


@pytest.mark.parametrize("text", ["", " ", "§", "%%%", "a" * 5000, "\u0000", "😀", "' OR 1=1", "9" * 400, "-", "é"])
def test_nothing_breaks_it(real: Matcher, text: str) -> None:
    assert all(0 <= one.score <= 100 for one in real.match(text))
    assert real.match(text, kinds=["no-such-kind"]) == []
