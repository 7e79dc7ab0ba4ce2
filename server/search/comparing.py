"""Two names compared: letter by letter, as they sound, and by the words that tell something."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from server.search.index import Entry
from server.search.words import folded, parted, sounded, stem

SAME = 0.995  # of names that are the same but for capitals, accents, hyphens and spaces; those wholly the same have 1
_BEGUN, _ANAGRAM, _ODD = 0.84, 0.92, 0.9


@dataclass(frozen=True, slots=True)
class Known:
    """A name of a thing, prepared: all its letters, how they sound, what tells something of them, and its words."""

    entry: Entry
    joined: str
    sound: str
    core: str
    words: frozenset[str]

    @classmethod
    def of(cls, entry: Entry, idle: Collection[str]) -> Known:
        """The name of an entry; `idle` has the stems of words that tell nothing."""
        joined = joined_of(entry.text)
        return cls(entry, joined, sounded(joined), core_of(entry.text, idle), frozenset(folded(entry.text).split()))


@dataclass(frozen=True, slots=True)
class Asked:
    """A name of others, prepared in the same way; its telling letters by kind, for idle words are those of a kind."""

    text: str
    joined: str
    sound: str
    words: frozenset[str]
    cores: dict[str, str]

    @classmethod
    def of(cls, text: str, idle: Mapping[str, Collection[str]]) -> Asked:
        """The name as it was sent; `idle` has the stems of idle words by kind."""
        joined = joined_of(text)
        cores = {kind: core_of(text, words) for kind, words in idle.items()}
        return cls(text.casefold(), joined, sounded(joined), frozenset(folded(text).split()), cores)

    def core(self, kind: str) -> str:
        """What tells something of it, if it is a name of a kind."""
        return self.cores.get(kind, self.joined)


def compared(known: Known, asked: Asked, idle: Collection[str]) -> tuple[float, float]:
    """Likeness of the whole names and of what tells something of them, from 0 to 1."""
    name, told = _whole(known, asked), _telling(known, asked)
    if _numbers(asked.joined) != _numbers(known.joined):
        name, told = 0.8 * name, 0.8 * told
    if _left_over(known, asked, idle):
        name, told = _ODD * name, _ODD * told
    return name, told


def _whole(known: Known, asked: Asked) -> float:
    likeness = fuzz.ratio(asked.joined, known.joined) / 100
    if likeness > SAME:
        return 1.0 if asked.text == known.entry.text.casefold() else SAME
    if sorted(asked.joined) == sorted(known.joined):
        likeness = max(likeness, _ANAGRAM)
    return max(likeness, 0.99 * fuzz.ratio(asked.sound, known.sound) / 100)


def _telling(known: Known, asked: Asked) -> float:
    core = asked.core(known.entry.kind)
    if not core or not known.core:
        return 0.0
    likeness = fuzz.ratio(core, known.core) / 100
    return max(likeness, _BEGUN) if len(core) >= 5 and known.core.startswith(core) else likeness


def _left_over(known: Known, asked: Asked, idle: Collection[str]) -> bool:
    """Whether one is the other and a further word that tells something."""
    if not (known.words < asked.words or asked.words < known.words):
        return False
    return any(stem(word) not in idle for word in known.words ^ asked.words)


def joined_of(text: str) -> str:
    """A folded text without spaces."""
    return folded(text).replace(" ", "")


def core_of(text: str, idle: Collection[str]) -> str:
    """A name without its idle words, compounds of “register” parted, as it sounds; whole when nothing is left."""
    parts = [part for word in folded(text).split() for part in parted(word)]
    return sounded("".join(part for part in parts if stem(part) not in idle) or "".join(parts))


@lru_cache(100_000)
def _numbers(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())
