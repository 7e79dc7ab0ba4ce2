"""Confidence intervals of shares, as their authors give them; golden values in the tests.

Wilson's score interval without continuity correction (Wilson 1927; Newcombe 1998, Stat Med 17:857, method 3) and
Newcombe's hybrid score interval of a difference (Newcombe 1998, Stat Med 17:873, method 10). Both assume independent
binomial counts; neither has a finite-population correction.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

LEVEL = 0.95


def normal_quantile(level: float = LEVEL) -> float:
    """The two-sided quantile of the standard normal, 1.959964 at 95 %."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(found: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """Lower and upper limit of a share, as fractions; exactly 0 and 1 at the ends. ValueError where `of` is 0."""
    if not 0 <= found <= of or of == 0:
        raise ValueError("a share needs 0 <= found <= of and of > 0")
    z = normal_quantile(level)
    share, square = found / of, z * z
    middle = (2 * found + square) / (2 * (of + square))
    half = z * sqrt(share * (1 - share) * of + square / 4) / (of + square)
    return (0.0 if found == 0 else middle - half, 1.0 if found == of else middle + half)


def newcombe(first: tuple[int, int], second: tuple[int, int], level: float = LEVEL) -> tuple[float, float, float]:
    """Difference of two independent shares (found, of) and its limits, as fractions from -1 to 1."""
    shares = [found / of for found, of in (first, second)]
    (low1, high1), (low2, high2) = wilson(*first, level), wilson(*second, level)
    difference = shares[0] - shares[1]
    lower = difference - sqrt((shares[0] - low1) ** 2 + (high2 - shares[1]) ** 2)
    upper = difference + sqrt((high1 - shares[0]) ** 2 + (shares[1] - low2) ** 2)
    return difference, max(lower, -1.0), min(upper, 1.0)
