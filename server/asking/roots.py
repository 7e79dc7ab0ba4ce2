"""Words without any ending, so that “indikator”, “indikatorer” and “indikatorernas” are one."""

from __future__ import annotations

from functools import lru_cache

from server.search.words import stem


@lru_cache(50_000)
def root(word: str) -> str:
    """The stem of a word's stem, until nothing more comes off.

    >>> len({root(word) for word in ("indikator", "indikatorer", "indikatorernas")})
    1
    """
    while (shorter := stem(word)) != word:
        word = shorter
    return word
