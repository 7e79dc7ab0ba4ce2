"""Funnel limits of observed over expected, with overdispersion between units (Spiegelhalter 2005, Stat Med 24:1185).

The square-root scale y = sqrt(O/E), s = 1/(2 sqrt E), Winsorised, or the log scale y = log(O/E), s = 1/sqrt E, trimmed,
as in the summary hospital-level mortality indicator. phi is the mean of the squared z; the variance between units is
tau2 = max(0, (I phi - (I - 1)) / (sum w - sum w2 / sum w)), w = 1/s2 (DerSimonian and Laird 1986). Without
overdispersion the limits are exact Poisson limits of the expected count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, floor, log, sqrt
from typing import Literal

from server.registerservice.statistics.intervals import normal_quantile

Scale = Literal["sqrt", "log"]
LEVELS = (0.95, 0.998)
SHARE = 0.1


@dataclass(frozen=True)
class Dispersion:
    """How much more units vary than by chance: phi (1 is chance), tau2 on the scale, how many units were used."""

    phi: float
    tau2: float
    scale: Scale
    units: int


def quantile(values: Sequence[float], share: float) -> float:
    """A quantile by linear interpolation, as R's type 7."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def z_score(observed: float, expected: float, scale: Scale) -> float:
    """How many standard errors a unit lies from 1; on the log scale nothing observed counts as a half."""
    if scale == "sqrt":
        return 2 * (sqrt(observed) - sqrt(expected))
    return sqrt(expected) * log((observed or 0.5) / expected)


def dispersion(units: Sequence[tuple[float, float]], scale: Scale = "sqrt", share: float = SHARE) -> Dispersion:
    """Overdispersion of units (observed, expected); the outer shares are Winsorised (sqrt) or left out (log).

    Raises ValueError on fewer than two units or nothing expected.
    """
    if len(units) < 2 or any(expected <= 0 for _, expected in units):
        raise ValueError("overdispersion needs at least two units, each with something expected")
    scores = [z_score(observed, expected, scale) for observed, expected in units]
    low, high = quantile(scores, share), quantile(scores, 1 - share)
    weight = 4.0 if scale == "sqrt" else 1.0
    kept = [(min(max(z, low), high), weight * expected) for z, (_, expected) in zip(scores, units, strict=True)]
    if scale == "log":
        kept = [pair for pair, z in zip(kept, scores, strict=True) if low <= z <= high]
    number, total = len(kept), sum(w for _, w in kept)
    phi = sum(z * z for z, _ in kept) / number
    divisor = total - sum(w * w for _, w in kept) / total
    tau2 = max(0.0, (number * phi - (number - 1)) / divisor) if divisor > 0 else 0.0
    return Dispersion(phi, tau2, scale, number)


def limits(expected: float, level: float, spread: Dispersion | None = None) -> tuple[float, float]:
    """Within which a ratio lies when the unit does not differ; with a spread, from the units around it."""
    if spread is None:
        return _exact(expected, level)
    z = normal_quantile(level)
    if spread.scale == "sqrt":
        half = z * sqrt(1 / (4 * expected) + spread.tau2)
        return max(0.0, 1 - half) ** 2, (1 + half) ** 2
    half = z * sqrt(1 / expected + spread.tau2)
    return exp(-half), exp(half)


def _exact(expected: float, level: float) -> tuple[float, float]:
    from scipy.stats import chi2

    tail = (1 - level) / 2
    lower = float(chi2.ppf(tail, 2 * expected)) / 2
    return lower / expected, float(chi2.ppf(1 - tail, 2 * expected + 2)) / 2 / expected


def placed(observed: float, expected: float, spread: Dispersion | None = None) -> str:
    """Where a unit lies: `within`, or `above` or `below` with the widest level that it is outside of (95 or 99.8)."""
    told = "within"
    for level in LEVELS:
        lower, upper = limits(expected, level, spread)
        if not lower <= observed / expected <= upper:
            told = f"{'above' if observed / expected > upper else 'below'} {100 * level:g}"
    return told
