"""Which cases `make test` runs of the many that `make soak` runs: tests marked `soak` are left to the latter."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

MANY = bool(os.environ.get("REGISTERGRAF_TESTS_MANY"))  # set by `make soak`


def pairs(rows: Sequence[object], columns: Sequence[object]) -> list[pytest.ParameterSet]:
    """Every row with every column; in `make test` only so many that each row and each column occurs."""
    chosen = {(number % len(rows), number % len(columns)) for number in range(max(len(rows), len(columns)))}
    return [
        _case(f"{_name(row)}-{_name(column)}", (i, j) in chosen, row, column)
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    ]


def some(values: Sequence[object], number: int) -> list[pytest.ParameterSet]:
    """Every value; in `make test` only the first ones."""
    return [_case(_name(value), index < number, value) for index, value in enumerate(values)]


def examples(few: int, many: int) -> int:
    """How many examples a property is tried with; its test is marked `soak_too`, for `make soak` to run."""
    return many if MANY else few


def _case(name: str, always: bool, *values: object) -> pytest.ParameterSet:
    return pytest.param(*values, marks=() if always else pytest.mark.soak, id=name)


def _name(value: object) -> str:
    return str(getattr(value, "name", value))
