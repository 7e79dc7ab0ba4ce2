"""Intervals of shares against golden values (Newcombe 1998, computed again with statsmodels and scipy)."""

from __future__ import annotations

import pytest

from server.registerservice.statistics.intervals import newcombe, wilson


@pytest.mark.parametrize(
    ("found", "of", "limits"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
        (20, 20, (0.8389, 1)),
    ],
)
def test_wilson(found: int, of: int, limits: tuple[float, float]) -> None:
    assert wilson(found, of) == pytest.approx(limits, abs=0.00005)


def test_the_ends_are_exact() -> None:
    assert wilson(0, 7)[0] == 0
    assert wilson(7, 7)[1] == 1
    with pytest.raises(ValueError, match="of > 0"):
        wilson(0, 0)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((56, 70), (48, 80), (0.2, 0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.6, 0.1705, 0.8090)),
        ((10, 10), (0, 10), (1, 0.6075, 1)),
    ],
)
def test_newcombe(first: tuple[int, int], second: tuple[int, int], expected: tuple[float, float, float]) -> None:
    assert newcombe(first, second) == pytest.approx(expected, abs=0.00005)
