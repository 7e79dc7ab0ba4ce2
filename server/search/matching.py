"""Names of others matched to things of the release: candidates with scores, how they were found, and which is sure.

A match looks at whole names letter by letter, at the word that tells (the name without “Svenska”, “registret” and the
like), and at what the index of words finds. It is sure only when nothing else comes near.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from server.search.citations import Citations
from server.search.comparing import SAME, Asked, Known, compared, joined_of
from server.search.grams import Grams
from server.search.index import TEXT, Entry, Index
from server.search.words import folded, stem

_NEAR, _BY_WORDS, _LONGEST, _SHORT = 30, 20, 500, 6
_CORE, _WORDS = 0.97, 0.9  # what the telling word alone, and the words of the index, can give at most
_SURE, _SURE_SHORT, _APART = 0.9, 0.96, 0.06  # least likeness of a sure match, and least distance to the next one
_LEAST, _PLAIN = 0.35, 0.9


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate: `score` from 0 to 100; whether it is `sure`; by which entry; and likeness from 0 to 1 of the whole
    `name`, of its telling word (`core`), and of the `words` by the index; `cited` when a provision was cited.
    """

    iri: str
    kind: str
    score: float
    sure: bool
    entry: Entry
    name: float
    core: float
    words: float
    cited: bool = False


class Matcher:
    """The matcher over an index; `fillers` gives by kind the words that tell nothing of a name of that kind."""

    def __init__(
        self, entries: Iterable[Entry], index: Index, fillers: Mapping[str, Collection[str]], citations: Citations
    ) -> None:
        """Take in the entries that are names; those that are texts about a thing are the index's alone."""
        self._index, self._citations = index, citations
        self._idle = {kind: frozenset(stem(word) for word in words) for kind, words in fillers.items()}
        self._known = [Known.of(entry, self._idle_of(entry.kind)) for entry in entries if entry.field != TEXT]
        self._grams = Grams([known.joined for known in self._known], size=3)
        self._short = [number for number, known in enumerate(self._known) if len(known.joined) <= _SHORT + 2]
        self._letters = Grams([self._known[number].joined for number in self._short], size=2)
        self._cores = Grams([known.core for known in self._known], size=3)
        kinds = np.array([known.entry.kind for known in self._known], dtype=object)
        self._of: dict[str, NDArray[np.bool_]] = {kind: kinds == kind for kind in set(kinds)}
        self._first: dict[str, Entry] = {}
        for known in self._known:
            self._first.setdefault(known.entry.iri, known.entry)

    def match(self, text: str, *, kinds: Sequence[str] = (), most: int = 10) -> list[Match]:
        """At most `most` candidates of the kinds (of all, when none is given), best first."""
        text = text.strip()[:_LONGEST]
        if not joined_of(text):
            return []
        found = self._by_letters(text, kinds)
        self._by_citation(found, text, kinds)
        if not any(one.name >= _PLAIN for one in found.values()):
            self._by_words(found, text, kinds)
        ranked = sorted(found.values(), key=lambda one: (-one.score, len(one.entry.text), one.iri))
        return _decided([one for one in ranked if one.score >= 100 * _LEAST])[:most]

    def _idle_of(self, kind: str) -> frozenset[str]:
        return self._idle.get(kind, frozenset())

    def _by_letters(self, text: str, kinds: Sequence[str]) -> dict[str, Match]:
        idle = {kind: words for kind, words in self._idle.items() if not kinds or kind in kinds}
        asked = Asked.of(text, idle)
        best: dict[str, Match] = {}
        for number in self._near(asked, self._allowed(kinds)):
            entry = self._known[number].entry
            name, core = compared(self._known[number], asked, self._idle_of(entry.kind))
            score = 100 * max(name if name >= SAME else (name + core) / 2, _CORE * core)
            if entry.iri not in best or score > best[entry.iri].score:
                best[entry.iri] = Match(entry.iri, entry.kind, score, False, entry, name, core, 0.0)
        return best

    def _near(self, asked: Asked, allowed: NDArray[np.bool_] | None) -> set[int]:
        """The numbers of names that share many letters with what was asked."""
        numbers = set(self._grams.nearest(asked.joined, _NEAR, allowed))
        if len(asked.joined) <= _SHORT:
            few = allowed[self._short] if allowed is not None else None
            numbers.update(self._short[number] for number in self._letters.nearest(asked.joined, _NEAR, few))
        for core in set(asked.cores.values()) - {asked.joined, ""}:
            numbers.update(self._cores.nearest(core, _NEAR, allowed))
        return numbers

    def _allowed(self, kinds: Sequence[str]) -> NDArray[np.bool_] | None:
        masks = [self._of[kind] for kind in kinds if kind in self._of]
        if not kinds:
            return None
        return np.logical_or.reduce(masks) if masks else np.zeros(len(self._known), dtype=np.bool_)

    def _by_words(self, found: dict[str, Match], text: str, kinds: Sequence[str]) -> None:
        """Add what the index of words finds, whose meanings and compounds letters do not see."""
        for hit in self._index.search(self._telling(text, kinds), kinds=kinds, most=_BY_WORDS):
            words = math.sqrt(min(hit.score, 1.0))
            known = found.get(hit.iri)
            if known is None:
                entry = hit.entry if hit.entry.field != TEXT else self._first.get(hit.iri, hit.entry)
                found[hit.iri] = Match(hit.iri, hit.kind, 100 * _WORDS * words, False, entry, 0.0, 0.0, words)
            else:
                score = max(known.score, 100 * _WORDS * words) + 2 * words
                found[hit.iri] = replace(known, score=min(score, 100.0), words=words)

    def _telling(self, text: str, kinds: Sequence[str]) -> str:
        """The query without the words that tell nothing in any of the kinds."""
        idle = frozenset.intersection(*[self._idle_of(kind) for kind in kinds]) if kinds else frozenset()
        words = folded(text).split()
        kept = [word for word in words if stem(word) not in idle]
        return " ".join(kept) if 0 < len(kept) < len(words) else text

    def _by_citation(self, found: dict[str, Match], text: str, kinds: Sequence[str]) -> None:
        iri = self._citations.find(text) if not kinds or "provision" in kinds else ""
        if iri in self._first:
            found[iri] = Match(iri, "provision", 100.0, False, self._first[iri], 1.0, 1.0, 1.0, cited=True)


def _decided(ranked: list[Match]) -> list[Match]:
    """The same with the first one sure, when it is like enough and no other comes near."""
    if not ranked:
        return ranked
    first, *others = ranked
    needed = _SURE if len(joined_of(first.entry.text)) >= 8 else _SURE_SHORT
    apart = all(first.score - other.score >= 100 * _APART or _same(first) > _same(other) for other in others[:3])
    if first.cited or (first.score >= 100 * needed and apart):
        return [replace(first, sure=True), *others]
    return ranked


def _same(match: Match) -> float:
    return match.name if match.name >= SAME else 0.0
