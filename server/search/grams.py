"""Texts found by the letters that they share: an index over runs of two or three letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Grams:
    """The index; a text is known by its number in the sequence that was given."""

    def __init__(self, texts: Sequence[str], size: int) -> None:
        """Take in texts, by runs of `size` letters."""
        self._size = size
        places: dict[str, list[int]] = defaultdict(list)
        lengths = np.ones(len(texts), dtype=np.float32)
        for number, text in enumerate(texts):
            runs = self._runs(text)
            lengths[number] = max(len(runs), 1)
            for run in runs:
                places[run].append(number)
        self._lengths: NDArray[np.float32] = lengths
        self._places = {run: np.asarray(numbers, dtype=np.int32) for run, numbers in places.items()}

    def _runs(self, text: str) -> set[str]:
        padded = f"^{text}$"
        return {padded[at : at + self._size] for at in range(max(len(padded) - self._size + 1, 1))}

    def nearest(self, text: str, most: int, allowed: NDArray[np.bool_] | None = None) -> list[int]:
        """The numbers of at most `most` texts that share most with a text (Dice's measure), best first; of the
        `allowed` ones.
        """
        runs = self._runs(text)
        found = [self._places[run] for run in runs if run in self._places]
        if not found:
            return []
        shared = np.bincount(np.concatenate(found), minlength=len(self._lengths)).astype(np.float32)
        likeness = shared / (self._lengths + len(runs))
        if allowed is not None:
            likeness = np.where(allowed, likeness, 0.0)
        few = min(most, len(likeness))
        best = np.argpartition(-likeness, few - 1)[:few]
        best = best[np.argsort(-likeness[best], kind="stable")]
        return [int(number) for number in best if likeness[number] > 0]
