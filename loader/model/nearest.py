"""The legal value that is nearest to one that is not legal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils

CUTOFF = 60.0


def fold(text: str) -> str:
    r"""The text without regard to case, to the amount and kind of white space, and to how accents are composed.

    >>> fold("  Info om\u00a0 MÅLGRUPPEN ")
    'info om målgruppen'
    """
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


def nearest(text: str, legal: Iterable[str], cutoff: float = CUTOFF) -> str | None:
    """The legal value most like the text (RapidFuzz ratio of at least 60, words in any order), or None."""
    choices = sorted(set(legal))
    found = [
        (score, fuzz.ratio(text, choice), choice)
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio)
        for choice, score, _ in process.extract(
            text, choices, scorer=scorer, processor=utils.default_process, limit=3, score_cutoff=cutoff
        )
    ]
    return max(found)[2] if found else None
