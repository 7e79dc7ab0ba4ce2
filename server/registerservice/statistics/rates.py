"""Standardised rates and ratios with named intervals; golden values in the tests.

Direct: the interval of Fay and Feuer (1997, Stat Med 16:791) or Dobson's (1991, Stat Med 10:457) with Byar's limits.
Indirect: observed over expected, exact Poisson limits (Garwood 1936) below ten observed and Byar's from ten on (Breslow
and Day 1987, IARC 82). All assume Poisson counts, independent between strata; expected counts have no error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from server.registerservice.statistics.intervals import LEVEL, normal_quantile

Interval = Literal["fay-feuer", "dobson"]
EXACT_BELOW = 10


@dataclass(frozen=True)
class Estimate:
    """A rate or a ratio with its limits, in the unit of its inputs."""

    value: float
    lower: float
    upper: float
    interval: str


@dataclass(frozen=True)
class Stratum:
    """Events and population of one stratum, and the stratum's size in the standard population."""

    events: float
    population: float
    standard: float


def byar(count: float, level: float = LEVEL) -> tuple[float, float]:
    """Byar's limits of a Poisson count; 0 has the lower limit 0."""
    z = normal_quantile(level)
    lower = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    return lower, (count + 1) * (1 - 1 / (9 * (count + 1)) + z / (3 * sqrt(count + 1))) ** 3


def exact_poisson(count: float, level: float = LEVEL) -> tuple[float, float]:
    """Garwood's limits of a Poisson count."""
    from scipy.stats import chi2

    tail = (1 - level) / 2
    lower = float(chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    return lower, float(chi2.ppf(1 - tail, 2 * count + 2)) / 2


def indirect(observed: float, expected: float, level: float = LEVEL) -> Estimate:
    """Observed over expected. Raises ValueError where nothing is expected."""
    if expected <= 0 or observed < 0:
        raise ValueError("a ratio needs observed >= 0 and expected > 0")
    small = observed < EXACT_BELOW
    lower, upper = (exact_poisson if small else byar)(observed, level)
    return Estimate(observed / expected, lower / expected, upper / expected, "exact" if small else "byar")


def direct(strata: Sequence[Stratum], interval: Interval = "fay-feuer", level: float = LEVEL) -> Estimate:
    """The rate per person that the standard population would have. Raises ValueError on a stratum without people.

    Dobson's interval is not defined where there are no events at all.
    """
    if any(stratum.population <= 0 for stratum in strata if stratum.standard) or not strata:
        raise ValueError("each stratum of the standard needs a population")
    total = sum(stratum.standard for stratum in strata)
    used = [(stratum, stratum.standard / total / stratum.population) for stratum in strata if stratum.standard]
    rate = sum(weight * stratum.events for stratum, weight in used)
    variance = sum(weight**2 * stratum.events for stratum, weight in used)
    if interval == "dobson":
        lower, upper = _dobson(rate, variance, sum(stratum.events for stratum, _ in used), level)
    else:
        lower, upper = _fay_feuer(rate, variance, max(weight for _, weight in used), level)
    return Estimate(rate, lower, upper, interval)


def _fay_feuer(rate: float, variance: float, largest: float, level: float) -> tuple[float, float]:
    from scipy.stats import gamma

    tail = (1 - level) / 2
    lower = float(gamma.ppf(tail, rate**2 / variance, scale=variance / rate)) if rate else 0.0
    spread, shifted = variance + largest**2, rate + largest
    return lower, float(gamma.ppf(1 - tail, shifted**2 / spread, scale=spread / shifted))


def _dobson(rate: float, variance: float, events: float, level: float) -> tuple[float, float]:
    if not events:
        raise ValueError("Dobson's interval needs at least one event")
    low, high = byar(events, level)
    scale = sqrt(variance / events)
    return rate + scale * (low - events), rate + scale * (high - events)
