"""An index over names: misspelt, inflected and compound words find their things, with the reason for each find.

`Index.search` ranks; who asks decides which kinds of things to look for. Nothing here knows of pages or queries.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from server.search.vocabulary import INFLECTED, MANNERS, MISSPELT, PART, SAME, Vocabulary
from server.search.words import stem, stems, words

__all__ = ["ALIAS", "CODE", "INFLECTED", "MISSPELT", "NAME", "PART", "SAME", "SHORT", "TEXT", "Entry", "Hit", "Index"]
NAME, SHORT, ALIAS, CODE, TEXT = "name", "short", "alias", "code", "text"
_FIELD = {NAME: 1.0, SHORT: 1.0, ALIAS: 0.97, CODE: 1.0, TEXT: 0.6}
_MOST = 800  # entries that are ranked: those that the rarest words reach
_SPAN, _ASKED = 5, 24  # words of a phrase that the word list may know, and of a query


@dataclass(frozen=True, slots=True)
class Entry:
    """One text by which a thing can be found: the thing, its kind, the text, and which of its fields that is."""

    iri: str
    kind: str
    text: str
    field: str = NAME


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: `score` from 0 to about 1.2, by which entry, and how its words met those of the query."""

    iri: str
    kind: str
    score: float
    entry: Entry
    manner: str
    instead: str = ""


class Index:
    """The index. `weights` says how much each kind of thing counts, 1 when it is not named; `means` gives for words
    that people use the words of the release.
    """

    def __init__(
        self, entries: Iterable[Entry], weights: Mapping[str, float], means: Mapping[str, Collection[str]]
    ) -> None:
        """Take in the entries."""
        self._weights = weights
        self._means = {" ".join(stems(word)): tuple(others) for word, others in means.items()}
        self._entries: list[tuple[Entry, tuple[str, ...]]] = []
        self._at: dict[str, list[int]] = defaultdict(list)
        for entry in entries:
            self._add(entry, tuple(stems(entry.text)))
            joined = stem("".join(words(entry.text)))
            if 2 <= len(words(entry.text)) <= 3:
                self._add(entry, (joined,))
        size = max(len(self._entries), 1)
        self._rarity = {word: math.log(1 + size / len(places)) for word, places in self._at.items()}
        self._usual = math.log(1 + size)
        self._words = Vocabulary(self._at)
        self._phrases = list(self._means)

    def _add(self, entry: Entry, found: tuple[str, ...]) -> None:
        for word in dict.fromkeys(found):
            self._at[word].append(len(self._entries))
        self._entries.append((entry, found))

    def search(self, text: str, *, kinds: Collection[str] = (), most: int = 50) -> list[Hit]:
        """The things found, best first; of the kinds given, or of all."""
        best: dict[str, Hit] = {}
        for query, instead, span in self._readings(text[:200]):
            for hit in self._ranked(query, instead, span, kinds):
                known = best.get(hit.iri)
                if known is None or hit.score > known.score:
                    best[hit.iri] = hit
        return sorted(best.values(), key=lambda hit: (-hit.score, len(hit.entry.text), hit.iri))[:most]

    def _readings(self, text: str) -> list[tuple[list[str], str, range]]:
        """The query's words, and what the word list says that they mean, with the places of what it says."""
        asked = stems(text)[:_ASKED]
        readings = [(asked, "", range(0))] if asked else []
        for start in range(len(asked)):
            for end in range(min(len(asked), start + _SPAN), start, -1):
                for other in self._meaning(" ".join(asked[start:end])):
                    meant = stems(other)
                    span = range(start, start + len(meant))
                    readings.append(([*asked[:start], *meant, *asked[end:]], other, span))
        return readings[:8]

    def _meaning(self, phrase: str) -> tuple[str, ...]:
        """What the word list says of a phrase, or of one that differs in an ending or a letter."""
        if phrase in self._means:
            return self._means[phrase]
        near = (
            process.extractOne(phrase, self._phrases, scorer=fuzz.ratio, score_cutoff=86) if len(phrase) > 4 else None
        )
        return self._means[str(near[0])] if near else ()

    def _ranked(self, asked: list[str], instead: str, span: range, kinds: Collection[str]) -> Iterable[Hit]:
        """The entries that the words reach; `instead` is the reason of those that are met at a place of `span`."""
        whole = sum(self._worth(word) for word in asked)
        for number, found in self._reached(asked, kinds).items():
            entry, own = self._entries[number]
            score = self._score(asked, found, own, whole) * _FIELD[entry.field] * self._weights.get(entry.kind, 1.0)
            manner = max((one[2] for one in found.values()), key=MANNERS.index)
            meant = instead if any(place in span for place in found) else ""
            yield Hit(entry.iri, entry.kind, score * (0.96 if instead else 1.0), entry, manner, meant)

    def _reached(self, asked: list[str], kinds: Collection[str]) -> dict[int, dict[int, tuple[float, str, str]]]:
        """The entries that the words reach, at most _MOST, and what each place of the query met in them."""
        ways = [
            (likeness * self._worth(met), place, (likeness, met, manner))
            for place, word in enumerate(asked)
            for met, (likeness, manner) in self._words.met(word).items()
        ]
        reached: dict[int, dict[int, tuple[float, str, str]]] = {}
        for _worth, place, way in sorted(ways, reverse=True):
            for number in self._at[way[1]]:
                found = reached.get(number)
                if found is None:
                    if len(reached) >= _MOST or (kinds and self._entries[number][0].kind not in kinds):
                        continue
                    found = reached[number] = {}
                if place not in found or way[0] > found[place][0]:
                    found[place] = way
        return reached

    def _score(
        self, asked: list[str], found: Mapping[int, tuple[float, str, str]], own: tuple[str, ...], whole: float
    ) -> float:
        """How much of the query is met, how much of the text meets it, and more when nothing else stands in either."""
        met = sum(likeness * self._worth(asked[place]) for place, (likeness, _word, _manner) in found.items()) / whole
        hit = {
            word: max(likeness for likeness, other, _ in found.values() if other == word)
            for _l, word, _m in found.values()
        }
        all_of = sum(self._worth(word) for word in own) or 1.0
        filled = sum(self._worth(word) * likeness for word, likeness in hit.items()) / all_of
        same = 0.2 if len(own) == len(asked) == len(found) and met > 0.999 else 0.0
        return met * met * (0.6 + 0.4 * min(filled, 1.0)) + same

    def _worth(self, word: str) -> float:
        """Rare words tell more than common ones."""
        return self._rarity.get(word, self._usual)
