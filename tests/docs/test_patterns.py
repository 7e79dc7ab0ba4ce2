"""The patterns of docs/patterns.md are asked of the shipped release, and those that must not multiply do not."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from flask.testing import FlaskClient

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "patterns.md").read_text("utf-8")
PREFIXES = re.findall(r"```sparql-prefixes\n(.*?)```", PAGE, re.DOTALL)[0]
PATTERNS = re.findall(r"```sparql\n(.*?)```", PAGE, re.DOTALL)


def asked(client: FlaskClient, pattern: str) -> list[list[str]]:
    answer = client.get("/sparql", query_string={"query": PREFIXES + pattern, "format": "csv"})
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))[1:]


def test_there_are_ten() -> None:
    assert len(PATTERNS) == 10


@pytest.mark.parametrize("number", range(1, 11))
def test_a_pattern_is_answered(real_client: FlaskClient, number: int) -> None:
    rows = asked(real_client, PATTERNS[number - 1])
    assert rows
    assert rows[0][0] not in ("", "0")


@pytest.mark.parametrize("number", [2, 3, 4])
def test_there_is_one_row_a_register(real_client: FlaskClient, number: int) -> None:
    [[registers]] = asked(real_client, PATTERNS[0])
    rows = Counter(map(tuple, asked(real_client, PATTERNS[number - 1])))
    assert sum(rows.values()) == int(registers)
    assert set(rows.values()) == {1}


def test_two_counts_at_once_are_those_of_each_alone(real_client: FlaskClient) -> None:
    alone = {row[0]: row[1] for row in asked(real_client, PATTERNS[2])}
    assert {name: indicators for name, indicators, _ in asked(real_client, PATTERNS[3])} == alone
    assert {name for name, *_ in asked(real_client, PATTERNS[4])} == {name for name, n in alone.items() if n == "0"}
