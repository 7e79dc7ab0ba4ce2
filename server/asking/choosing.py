"""Which shipped question a text asks: words weighed by how rare they are, synonyms, compounds, and what is named."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from server.asking.mentions import STRONG, Said
from server.asking.roots import root
from server.search.vocabulary import MISSPELT, SAME, Vocabulary

_IDLE = frozenset(root(word) for word in Path(__file__).with_name("idle.txt").read_text(encoding="utf-8").split())
# Kinds that speak for a question with a slot of theirs, though their words stay words.
TELLING = ("follow-up-area", "relevance-level", "care-setting", "service", "channel")
_KIND_WORDS = {
    "register": "register",
    "target-group": "målgrupp",
    "service-area": "verksamhetsområde",
    "municipality": "kommun",
    "provision": "paragraf",
}
# What a question gains by a slot for what is named, or rows that show it, and loses by neither and by an idle slot.
_FITS, _SHOWS, _MISSES, _EMPTY = 0.08, 0.04, 0.08, 0.07
_SURE, _APART, _LEAST = 0.62, 0.08, 0.34
_SPELT = 0.9 * 0.85  # likeness from which a word may be a misspelling of one that a question uses
_PART = 0.75  # what a part of a compound tells beside a whole word


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to ask a question, read."""

    question: str
    said: Said


@dataclass(frozen=True, slots=True)
class Holds:
    """The kinds of things that a question has slots for, and those that its rows name."""

    slots: frozenset[str]
    shown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A question that may be meant, with a score from 0 to about 1.2."""

    question: str
    score: float


class Chooser:
    """Chooses among questions by their wordings; `holds` tells what each one takes and shows."""

    def __init__(self, wordings: Iterable[Wording], synonyms: Mapping[str, str], holds: Mapping[str, Holds]) -> None:
        """Take in wordings; `synonyms` gives for the stem of a word that of its group."""
        self._synonyms, self._holds = synonyms, holds
        self._stems: frozenset[str] = frozenset()
        read = [(wording.question, self._plain(wording.said)) for wording in wordings]
        self._stems = frozenset(token for _question, tokens in read for token in tokens)
        self._vocabulary = Vocabulary(token for token in self._stems if not token.startswith("@"))
        self._wordings = [(question, self._weighed(tokens)) for question, tokens in read]
        self._bags: dict[str, dict[str, float]] = {}
        for question, tokens in self._wordings:
            bag = self._bags.setdefault(question, {})
            bag.update({token: max(worth, bag.get(token, 0.0)) for token, worth in tokens.items()})
        spread = Counter(token for bag in self._bags.values() for token in bag)
        self._rarity = {token: math.log(1 + len(self._bags) / count) for token, count in spread.items()}
        self._usual = math.log(1 + len(self._bags))

    @property
    def known(self) -> frozenset[str]:
        """The stems of all wordings."""
        return self._stems

    def choose(self, said: Said, most: int = 3) -> list[Choice]:
        """The questions that may be meant, best first; none when hardly a word tells of any."""
        asked = self._weighed(self._plain(said))
        if not asked:
            return []
        best: dict[str, float] = {}
        for question, wording in self._wordings:
            best[question] = max(best.get(question, 0.0), self._alike(asked, wording))
        named = {one.kind for one in said.mentions if one.kind in (*STRONG, *TELLING)}
        for question, bag in self._bags.items():
            best[question] = 0.8 * best[question] + 0.2 * self._recall(asked, bag) + self._fit(question, named)
        ranked = sorted(best.items(), key=lambda one: (-one[1], one[0]))
        return [Choice(question, round(score, 4)) for question, score in ranked[:most] if score >= _LEAST]

    def is_sure(self, choices: Sequence[Choice], said: Said) -> bool:
        """Whether the first choice stands alone, and tells of nearly every word that was asked."""
        if not choices or choices[0].score < _SURE:
            return False
        asked = self._weighed(self._plain(said))
        told = self._recall(asked, self._bags[choices[0].question])
        return told >= 0.72 and (len(choices) == 1 or choices[0].score - choices[1].score >= _APART)

    def _fit(self, question: str, named: set[str]) -> float:
        holds = self._holds[question]
        strong, named_strong = holds.slots & set(STRONG), named & set(STRONG)
        fits = _FITS * len(named & holds.slots)
        fits += _SHOWS * len((named_strong - strong) & holds.shown)
        return fits - _MISSES * len(named_strong - strong - holds.shown) - _EMPTY * len(strong - named_strong)

    def _plain(self, said: Said) -> list[str]:
        """The stems of a text, each as its group's, with one mark for each thing that is named."""
        told = [one for one in said.mentions if one.kind in (*STRONG, *TELLING)]
        named = {place for one in told if one.kind in STRONG for place in range(one.start, one.end)}
        strange = [one for one in told if one.kind in TELLING and not self._says(said.words[one.start : one.end])]
        tokens = [f"@{one.kind}" for one in told if one.kind in STRONG or one in strange]
        named.update(place for one in strange if self._stems for place in range(one.start, one.end))
        for place, word in enumerate(said.words):
            if place not in named and root(word) not in _IDLE and not word.isdecimal():
                tokens.append(self._synonyms.get(root(word), root(word)))
        return list(dict.fromkeys(tokens))

    def _says(self, words: Sequence[str]) -> bool:
        """Whether wordings use words themselves, so that no mark need stand for them."""
        return all(self._synonyms.get(root(word), root(word)) in self._stems for word in words)

    def _weighed(self, tokens: Sequence[str]) -> dict[str, float]:
        """Tokens with their worth: whole words 1, parts of compounds less."""
        made = dict.fromkeys(tokens, 1.0)
        for token in tokens:
            for part in self._parts(token):
                made.setdefault(part, _PART)
        return made

    def _parts(self, token: str) -> list[str]:
        """The two parts of a compound of words that are known."""
        for middle in range(4, len(token) - 3):
            first, last = token[:middle], token[middle:]
            known = [self._whole(part) for part in (first, last)]
            if known[0] and known[1]:
                return known
        return []

    def _whole(self, part: str) -> str:
        for one in (part, part.removesuffix("s"), root(part)):
            if len(one) > 3 and (one in self._stems or one in self._synonyms):
                return self._synonyms.get(one, one)
        return ""

    def _alike(self, asked: Mapping[str, float], wording: Mapping[str, float]) -> float:
        return 0.6 * self._recall(asked, wording) + 0.4 * self._recall(wording, asked)

    def _recall(self, asked: Mapping[str, float], told: Mapping[str, float]) -> float:
        """How much of what was asked is told of, by worth and rarity."""
        whole = sum(worth * self._worth(token) for token, worth in asked.items())
        met = sum(worth * self._worth(token) * self._meets(token, told) for token, worth in asked.items())
        return met / whole if whole else 0.0

    def _worth(self, token: str) -> float:
        return self._rarity.get(token, self._usual)

    def _meets(self, token: str, told: Mapping[str, float]) -> float:
        if token in told:
            return 1.0
        if token.startswith("@"):
            word = root(_KIND_WORDS.get(token[1:], token))
            return 0.5 if self._synonyms.get(word, word) in told else 0.0
        near = {
            other: (likeness, manner)
            for other, (likeness, manner) in self._vocabulary.met(token).items()
            if manner != MISSPELT or likeness >= _SPELT
        }
        return max(
            (
                likeness * (0.9 if manner != SAME else 1.0)
                for other, (likeness, manner) in near.items()
                if other in told
            ),
            default=0.0,
        )
