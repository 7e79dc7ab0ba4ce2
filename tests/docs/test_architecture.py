"""The map of rooms in docs/architecture.md is that of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rooms import table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"
BETWEEN = re.compile(r"(<!-- rooms -->\n)(.*?)(<!-- end of rooms -->)", re.DOTALL)


def test_the_rooms_are_those_of_the_code(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    made = BETWEEN.sub(lambda match: f"{match[1]}\n{table()}\n\n{match[3]}", text)
    if request.config.getoption("--update-golden"):
        PAGE.write_text(made, encoding="utf-8")
    assert made == text or request.config.getoption("--update-golden"), "Run pytest tests/docs --update-golden."
