"""A reader who works out hidden counts: an LP over the published JSON alone, apart from the program's audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import linprog

Published = Mapping[str, Any]


class Reader:
    """Bounds of hidden counts, given every published number and what the method says of the sums between them."""

    def __init__(self, result: Published, shared: frozenset[str] = frozenset(), *, same_total: bool = True) -> None:
        self._rows = result["measurements"]
        finest = max(len(row["by"]) for row in self._rows)
        self._atoms = [row for row in self._rows if len(row["by"]) == finest]
        self._told = result["unmatched"]
        self._reasons = {
            direction: list(dict.fromkeys(told["reason"] for told in self._told if told["direction"] == direction))
            for direction in {row["direction"] for row in self._rows}
        }
        self._starts = [0]
        for atom in self._atoms:
            self._starts.append(self._starts[-1] + 1 + len(self._reasons[atom["direction"]]))
        self._size = self._starts[-1]
        self._left: list[np.ndarray] = []
        self._right: list[float] = []
        self._learn(result["coverage"])
        self._meet(shared, same_total)

    def _sums(self, row: Published) -> tuple[np.ndarray, np.ndarray]:
        """Found and not found of a row, summed over its atoms; of a reason, what is not found for it."""
        found, unfound = np.zeros(self._size), np.zeros(self._size)
        for place, atom in enumerate(self._atoms):
            if atom["direction"] == row["direction"] and row["by"].items() <= atom["by"].items():
                found[self._starts[place]] = 1
                for offset, reason in enumerate(self._reasons[atom["direction"]], start=1):
                    unfound[self._starts[place] + offset] = row.get("reason", reason) == reason
        return found, unfound

    def _say(self, left: np.ndarray, right: float) -> None:
        self._left.append(left)
        self._right.append(right)

    def _learn(self, coverage: list[Published]) -> None:
        for row in self._rows:
            found, unfound = self._sums(row)
            if not row["suppressed"]:
                self._say(found, row["found"])
                self._say(found + unfound, row["of"])
        for told in self._told:
            if not told["suppressed"]:
                self._say(self._sums(told)[1], told["count"])
        names = {"register": "register-found-in-reference", "reference": "reference-found-in-register"}
        for row in coverage:
            if not row["suppressed"]:
                found, unfound = self._sums({"direction": names[row["side"]], "by": row["by"]})
                self._say(found + unfound, row["found"])

    def _meet(self, shared: frozenset[str], same_total: bool) -> None:
        for row in self._rows:
            if row["direction"].startswith("register") and (row["by"].keys() <= shared if row["by"] else same_total):
                other = {"direction": "reference-found-in-register", "by": row["by"]}
                if other["by"] in [known["by"] for known in self._rows if known["direction"] == other["direction"]]:
                    self._say(self._sums(row)[0] - self._sums(other)[0], 0)

    def widths(self) -> list[float]:
        """How wide each suppressed row's `of`, `found` and `of - found` are, and each suppressed reason."""
        wanted = []
        for row in self._rows:
            if row["suppressed"]:
                found, unfound = self._sums(row)
                wanted += [found, unfound, found + unfound]
        wanted += [self._sums(told)[1] for told in self._told if told["suppressed"]]
        return [self._bound(row, -1) - self._bound(row, 1) for row in wanted]

    def _bound(self, objective: np.ndarray, sign: int) -> float:
        found = linprog(sign * objective, A_eq=np.array(self._left), b_eq=np.array(self._right), method="highs")
        if found.status == 3:
            return -sign * np.inf
        assert found.status == 0, found.message
        return float(sign * found.fun)
