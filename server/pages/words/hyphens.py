"""Soft hyphens for the headings of narrow columns: where a long Swedish compound may break."""

from __future__ import annotations

import re

from server.pages.words.wording import spoken

SOFT = "\u00ad"
_WORD = re.compile(r"[^\W\d_]{11,}")
_JOINT = re.compile(r"(?<=[^\Waeiouyåäös]s)(?=[bdfghjlmnrvaeiouyåäö])|(?<=ende)(?=[bcdfghjklmnprstv])")
_LEAST = 5  # letters on either side of a break


def soft(text: str) -> str:
    """The text with a soft hyphen at the joint nearest the middle of each long word, and a break after a slash.

    >>> soft("Funktionsförmåga").split("\u00ad")
    ['Funktions', 'förmåga']
    """
    broken = text.replace("/", "/\u200b")
    return _WORD.sub(_broken, broken) if spoken() == "sv" else broken


def _broken(found: re.Match[str]) -> str:
    word = found[0]
    places = [one.start() for one in _JOINT.finditer(word) if _LEAST <= one.start() <= len(word) - _LEAST]
    if not places:
        return word
    place = min(places, key=lambda at: abs(at - len(word) / 2))
    return word[:place] + SOFT + word[place:]
