"""Case mix by logistic regression: what each unit's events would be at the rates of all, for patients like its own.

ln(p / (1 - p)) = b0 + b1 x1 + … by maximum likelihood (statsmodels), without the units among the covariates. Expected
is the sum of p over a unit's cases; expected over all units together equal observed. See docs/comparison.md for what
it assumes and when not to use it.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.registerservice.messages import StopError

PER_TERM = 10
"""Events, and cases without one, that there must be for each term of the model."""


@dataclass(frozen=True)
class Term:
    """One term of the model: coefficient and standard error on the scale of ln odds."""

    name: str
    coefficient: float
    error: float


@dataclass(frozen=True)
class Fitted:
    """A model: its terms, each case's probability in the order of the cases, and the area under the ROC curve."""

    terms: tuple[Term, ...]
    probabilities: tuple[float, ...]
    area: float


def fit(outcomes: Sequence[int], covariates: Mapping[str, Sequence[float] | Sequence[str]]) -> Fitted:
    """Fit a model of an outcome (0 or 1); texts are categories, the first in order the one compared with.

    Stops without the packages of the extra, with too few events for the terms, and where a covariate separates the
    outcomes so that no estimate exists.
    """
    names, columns = _design(covariates, len(outcomes))
    events = sum(outcomes)
    if min(events, len(outcomes) - events) < PER_TERM * (len(names) - 1) or not 0 < events < len(outcomes):
        raise StopError(
            f"För få fall: {len(names) - 1} termer kräver minst {PER_TERM} händelser, och fall utan, för varje.",
            f"Too few cases: {len(names) - 1} terms need at least {PER_TERM} events, and cases without one, for each.",
        )
    found = _estimated(outcomes, columns)
    terms = tuple(map(Term, names, map(float, found.params), map(float, found.bse)))
    probabilities = tuple(float(value) for value in found.predict())
    return Fitted(terms, probabilities, _area(outcomes, probabilities))


def _estimated(outcomes: Sequence[int], columns: Any) -> Any:
    import numpy as np

    try:
        from statsmodels.discrete.discrete_model import Logit
        from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning
    except ImportError:
        raise StopError(
            "Patientsammansättning kräver tillägget: installera registergraf[compare].",
            "Case mix needs the extra: install registergraf[compare].",
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            warnings.simplefilter("error", PerfectSeparationWarning)
            warnings.simplefilter("error", RuntimeWarning)
            return Logit(np.array(outcomes, dtype=float), columns).fit(disp=0, maxiter=100)
    except (ConvergenceWarning, PerfectSeparationWarning, RuntimeWarning, np.linalg.LinAlgError):
        raise StopError(
            "Modellen går inte att skatta: en variabel skiljer utfallen helt, eller två säger detsamma.",
            "The model cannot be estimated: a covariate separates the outcomes, or two say the same.",
        ) from None


def _design(covariates: Mapping[str, Sequence[float] | Sequence[str]], rows: int) -> tuple[list[str], Any]:
    """The names of the terms and their columns, a constant first."""
    import numpy as np

    names, columns = ["constant"], [np.ones(rows)]
    for name, values in covariates.items():
        texts = [value for value in values if isinstance(value, str)]
        if not texts:
            names.append(name)
            columns.append(np.array(values, dtype=float))
            continue
        for level in sorted(set(texts))[1:]:
            names.append(f"{name}={level}")
            columns.append(np.array([value == level for value in values], dtype=float))
    return names, np.column_stack(columns)


def _area(outcomes: Sequence[int], probabilities: Sequence[float]) -> float:
    """The chance that a case with the event has a higher probability than one without (Mann and Whitney; ties half)."""
    from scipy.stats import rankdata

    ranks = rankdata(probabilities)
    events = sum(outcomes)
    above = sum(float(rank) for rank, outcome in zip(ranks, outcomes, strict=True) if outcome)
    return (above - events * (events + 1) / 2) / (events * (len(outcomes) - events))
