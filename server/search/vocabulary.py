"""The words of an index, and which of them a word of a query may mean: inflected, in part, misspelt or abbreviated."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

from server.search.grams import Grams

SAME, INFLECTED, PART, MISSPELT = "same", "inflected", "part", "misspelt"
MANNERS = (SAME, INFLECTED, PART, MISSPELT)
_LIKE = 80.0  # per cent of likeness from which a word may be a misspelling of another
_NEAR, _PARTS, _KEPT = 48, 160, 20_000
_VOWELS = frozenset("aeiouy")


class Vocabulary:
    """The words, each once, with what is needed to find those that are near another word soon."""

    def __init__(self, words: Iterable[str]) -> None:
        """Take in the words."""
        self._words = sorted(set(words))
        self._known = frozenset(self._words)
        self._back = sorted(word[::-1] for word in self._words)
        self._grams = Grams(self._words, size=2)
        self._met: dict[str, dict[str, tuple[float, str]]] = {}

    def __len__(self) -> int:
        """The number of words."""
        return len(self._words)

    def met(self, word: str) -> dict[str, tuple[float, str]]:
        """The words that a word may mean, with likeness from 0 to 1 and the manner."""
        found = self._met.get(word)
        if found is None:
            if len(self._met) >= _KEPT:
                self._met.clear()
            found = self._met[word] = self._find(word)
        return found

    def _find(self, word: str) -> dict[str, tuple[float, str]]:
        met: dict[str, tuple[float, str]] = {}
        if word in self._known:
            met[word] = (1.0, SAME)
        if len(word) < 3:
            return met
        for other, likeness in self._misspelt(word):
            met[other] = (0.9 * likeness / 100, MISSPELT)
        for other in self._holding(word):
            met[other] = max(met.get(other, (0.0, PART)), (0.7 + 0.25 * len(word) / len(other), PART))
        for end in range(5, len(word)):
            if (other := word[:end]) in self._known:
                met[other] = max(met.get(other, (0.0, PART)), (0.62 + 0.25 * end / len(word), PART))
        if not met and not _VOWELS & set(word) and word.isalpha():
            met.update((other, (0.75, PART)) for other in self._longhand(word))
        return met

    def _misspelt(self, word: str) -> Iterator[tuple[str, float]]:
        near = [self._words[number] for number in self._grams.nearest(word, _NEAR)]
        for other, likeness, _place in process.extract(word, near, scorer=fuzz.ratio, limit=12, score_cutoff=_LIKE):
            if other != word and (len(word) > 4 or likeness > 88) and not (word.isdecimal() or other.isdecimal()):
                yield other, likeness

    def _holding(self, word: str) -> list[str]:
        """Words that begin with a word, or end with it when it is long enough; the shortest of very many."""
        found = _beginning(self._words, word)
        if len(word) > 3:
            found += [other[::-1] for other in _beginning(self._back, word[::-1])]
        return sorted((other for other in found if other != word), key=len)[:_PARTS]

    def _longhand(self, word: str) -> list[str]:
        """Words that hold the letters of an abbreviation without vowels in its order, as Stockholm those of sthlm."""
        begun = _beginning(self._words, word[:1])
        return [other for other in begun if len(other) <= 2 * len(word) + 1 and _in_order(word, other)][:5]


def _beginning(words: list[str], start: str) -> list[str]:
    return words[bisect_left(words, start) : bisect_left(words, start + "\U0010ffff")]


def _in_order(letters: str, word: str) -> bool:
    rest = iter(word)
    return all(letter in rest for letter in letters)
