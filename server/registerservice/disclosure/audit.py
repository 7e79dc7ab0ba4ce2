"""What a reader can work out of a suppressed table: the bounds of each hidden count, by linear programming.

All that is published is one system of equations over the counts of the atoms (found and not found, each at least 0):
every shown cell of both directions and all margins, the reasons, and that the same pairs are found from both sides.
The bounds are those of the linear relaxation (HiGHS through scipy), which are never narrower than a reader's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from server.registerservice.messages import StopError

Kind = Literal["of", "found", "unfound"]
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Quantity:
    """A count as a sum of variables."""

    kind: Kind
    variables: tuple[int, ...]


@dataclass(frozen=True)
class Equation:
    """A sum of variables, plus ones and minus ones, and its value."""

    plus: tuple[int, ...]
    minus: tuple[int, ...]
    value: int


class Audit:
    """The bounds of hidden counts under equations over non-negative variables."""

    def __init__(self, size: int, equations: Iterable[Equation]) -> None:
        self._size = size
        self._fixed: dict[int, int] = {}
        self._equations = self._settle(list(equations))
        self._free = [place for place in range(size) if place not in self._fixed]
        self._column = {variable: column for column, variable in enumerate(self._free)}

    def _settle(self, equations: Sequence[Equation]) -> list[Equation]:
        """Variables that stand alone in an equation are known; what is left are the equations of the others."""
        for equation in equations:
            if len(equation.plus) == 1 and not equation.minus:
                self._fixed[equation.plus[0]] = equation.value
        left = [self._reduced(equation) for equation in equations]
        return [equation for equation in left if equation.plus or equation.minus]

    def _reduced(self, equation: Equation) -> Equation:
        known = sum(self._fixed.get(place, 0) for place in equation.plus)
        known -= sum(self._fixed.get(place, 0) for place in equation.minus)
        plus, minus = (
            tuple(place for place in part if place not in self._fixed) for part in (equation.plus, equation.minus)
        )
        return Equation(plus, minus, equation.value - known)

    def narrow(
        self, quantities: Sequence[Quantity], width: int, step: Callable[[int, int], None] = lambda done, of: None
    ) -> list[int]:
        """The places of those whose bounds are less than `width` apart; solutions show the others to be wide.

        `step` is told before each of them how many are done, and of how many; it may stop the work.
        """
        import numpy as np

        rows = [
            [self._column[place] for place in quantity.variables if place in self._column] for quantity in quantities
        ]
        matrix = self._matrix([(row, [1.0] * len(row)) for row in rows])
        low, high = np.full(len(rows), np.inf), np.full(len(rows), -np.inf)
        narrow = []
        for place in range(len(rows)):
            step(place, len(rows))
            for sign in (-1.0, 1.0):
                if high[place] - low[place] >= width - TOLERANCE:
                    break
                solution = self._extreme(rows[place], sign)
                if solution is None:
                    low[place], high[place] = -np.inf, np.inf
                    break
                values = matrix @ solution
                low, high = np.minimum(low, values), np.maximum(high, values)
            if not rows[place] or high[place] - low[place] < width - TOLERANCE:
                narrow.append(place)
        return narrow

    def _extreme(self, row: Sequence[int], sign: float) -> Any | None:
        """A solution with the least (1) or greatest (-1) sum; None when there is no end to it."""
        import numpy as np
        from scipy.optimize import linprog

        objective = np.zeros(max(len(self._free), 1))
        objective[list(row)] = sign
        matrix, values = self._system
        found = linprog(objective, A_eq=matrix, b_eq=values, bounds=(0, None), method="highs")
        if found.status == 3:
            return None
        if found.status != 0:
            raise StopError(
                f"Röjandekontrollen kunde inte räknas färdigt: {found.message}",
                f"The disclosure audit could not be solved: {found.message}",
            )
        return found.x

    @cached_property
    def _system(self) -> tuple[Any, Any]:
        import numpy as np

        if not self._equations:
            return None, None
        rows = []
        for equation in self._equations:
            columns = [self._column[place] for place in (*equation.plus, *equation.minus)]
            rows.append((columns, [1.0] * len(equation.plus) + [-1.0] * len(equation.minus)))
        return self._matrix(rows), np.array([equation.value for equation in self._equations], dtype=float)

    def _matrix(self, rows: Sequence[tuple[Sequence[int], Sequence[float]]]) -> Any:
        from scipy.sparse import csr_matrix

        indices = [column for columns, _ in rows for column in columns]
        data = [value for _, values in rows for value in values]
        ends = [0]
        for columns, _ in rows:
            ends.append(ends[-1] + len(columns))
        return csr_matrix((data, indices, ends), shape=(len(rows), max(len(self._free), 1)))


def equation(plus: Iterable[int], value: int, minus: Iterable[int] = ()) -> Equation:
    """An equation over variables."""
    return Equation(tuple(plus), tuple(minus), value)
