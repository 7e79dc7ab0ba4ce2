"""The checks across records: each speaks of the fault made for it, in both languages, and of nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from loader.judging.checks import Check, read_checks, run_checks
from loader.judging.results import Result
from loader.model.findings import Severity
from loader.model.iris import ID, PREFIXES, compact
from loader.model.queryfiles import read_query_files
from tests.goldenfile import Golden
from tests.shapes.world import SHAPES, valid_store

CASES = tomllib.loads((Path(__file__).parent / "checks.toml").read_text(encoding="utf-8"))
CHECKS = {check.rule: check for check in read_checks(SHAPES / "checks")}
QUIET = {"discrepancy-in-source"}  # a discrepancy is always told, so the made-up world has one finding of its own
_PLACEHOLDER = re.compile(r"\{(\w+)(?:\.label|\.place)?\}")


@pytest.fixture
def store() -> Store:
    return valid_store()


def test_every_check_has_a_case_and_every_case_a_check() -> None:
    assert CHECKS, "there is no check"
    assert sorted(CASES) == sorted(CHECKS)
    assert all(sorted(case) == ["fail", "pass"] for case in CASES.values())


def test_the_made_up_world_gives_no_check_anything_to_say(store: Store) -> None:
    assert [result.rule for result in run_checks(store, tuple(CHECKS.values()))] == sorted(QUIET)


@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_a_check_speaks_of_its_fault_and_not_of_what_is_near(store: Store, rule: str) -> None:
    _update(store, CASES[rule]["pass"])
    assert [result.message for result in run_checks(store, (CHECKS[rule],))] == []


def test_every_check_is_seen_to_fail(golden: Golden) -> None:
    golden("shapes/checks.txt", "\n".join(line for rule in sorted(CHECKS) for line in _told(rule)))


@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_a_check_is_in_form(store: Store, rule: str) -> None:
    file = next(file for file in read_query_files(SHAPES / "checks") if file.path.stem == rule)
    keys = [key for key, _ in file.header]
    assert keys == ["rule", "severity", "sv", "en", "remedy-sv", "remedy-en"]
    solutions = store.query(file.text)
    assert isinstance(solutions, QuerySolutions)
    selected = {variable.value for variable in solutions.variables}
    assert {"focus", "path"} <= selected
    named = {key: set(_PLACEHOLDER.findall(value)) for key, value in file.header}
    assert named["sv"] | named["en"] <= selected, "a sentence mentions what the query does not select"
    assert {_neutral(name) for name in named["sv"]} == {_neutral(name) for name in named["en"]}
    assert re.search(r"^ORDER BY \?focus", file.text, re.MULTILINE)
    assert not named["remedy-sv"] | named["remedy-en"]


def _told(rule: str) -> list[str]:
    """The rule, and each of its results on the broken world: severity, focus, path, value, both sentences."""
    store = valid_store()
    _update(store, CASES[rule]["fail"])
    check = CHECKS[rule]
    results = list(run_checks(store, (check,)))
    assert results, f"{rule} does not speak of the fault made for it"
    return [f"{rule} ({check.severity})", *(line for result in results for line in _lines(check, result))]


def _lines(check: Check, result: Result) -> list[str]:
    assert check.severity in Severity
    for sentence in (result.message.sv, result.message.en):
        assert not _PLACEHOLDER.search(sentence)
        assert "–" not in sentence.replace("90–100", ""), f"a placeholder of {result.rule} is not bound: {sentence}"
    value = "-" if result.value is None else result.value
    place = f"    {compact(result.focus)} {compact(result.path or '-')} {value}"
    return [place, f"        {result.message.sv}", f"        {result.message.en}"]


def _neutral(name: str) -> str:
    return re.sub(r"_(sv|en)$", "", name)


def _update(store: Store, text: str) -> None:
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    before = set(store)
    store.update(f"BASE <{ID}>\n{prefixes}{text}")
    assert set(store) != before, "the update changes nothing"
