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
        self._reasons = result["unmatched"]
        self._size = 2 * len(self._atoms) + len(self._reasons)
        self._left: list[np.ndarray] = []
        self._right: list[float] = []
        self._learn(result["coverage"])
        self._meet(shared, same_total)

    def _sums(self, row: Published) -> tuple[np.ndarray, np.ndarray]:
        """Found and not found of a row, as sums of the atoms that lie in it."""
        found, unfound = np.zeros(self._size), np.zeros(self._size)
        for place, atom in enumerate(self._atoms):
            if atom["direction"] == row["direction"] and row["by"].items() <= atom["by"].items():
                found[2 * place] = unfound[2 * place + 1] = 1
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
        for direction in {row["direction"] for row in self._rows}:
            reasons = self._reason_sum(direction)
            self._say(self._sums({"direction": direction, "by": {}})[1] - reasons, 0)
        for place, entry in enumerate(self._reasons):
            if not entry["suppressed"]:
                alone = np.zeros(self._size)
                alone[2 * len(self._atoms) + place] = 1
                self._say(alone, entry["count"])
        names = {"register": "register-found-in-reference", "reference": "reference-found-in-register"}
        for row in coverage:
            if not row["suppressed"]:
                found, unfound = self._sums({"direction": names[row["side"]], "by": row["by"]})
                self._say(found + unfound, row["found"])

    def _reason_sum(self, direction: str) -> np.ndarray:
        total = np.zeros(self._size)
        for place, entry in enumerate(self._reasons):
            total[2 * len(self._atoms) + place] = entry["direction"] == direction
        return total

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
        for place, entry in enumerate(self._reasons):
            if entry["suppressed"]:
                alone = np.zeros(self._size)
                alone[2 * len(self._atoms) + place] = 1
                wanted.append(alone)
        return [self._bound(row, -1) - self._bound(row, 1) for row in wanted]

    def _bound(self, objective: np.ndarray, sign: int) -> float:
        found = linprog(sign * objective, A_eq=np.array(self._left), b_eq=np.array(self._right), method="highs")
        if found.status == 3:
            return -sign * np.inf
        assert found.status == 0, found.message
        return float(sign * found.fun)
