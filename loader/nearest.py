"""The legal value that is nearest to one that is not legal."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils

CUTOFF = 60.0


def fold(text: str) -> str:
    r"""The text without regard to case and to the amount and kind of white space.

    >>> fold("  Info om\u00a0 MÅLGRUPPEN ")
    'info om målgruppen'
    """
    return " ".join(text.split()).casefold()


def nearest(text: str, legal: Iterable[str]) -> str | None:
    """The legal value most like the text (RapidFuzz WRatio of at least 60), or None when none is near; first wins."""
    choices = sorted(set(legal))
    found = process.extractOne(text, choices, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=CUTOFF)
    return None if found is None else str(found[0])
