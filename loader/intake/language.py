"""Which of two languages a short text is in, by its commonest words and letters; nothing where it is not clear."""

from __future__ import annotations

import re

_SWEDISH = re.compile(
    "och|att|det|som|en|ett|är|av|för|på|med|till|den|om|inte|har|var|vid|från|eller|kan|ska|under|över|efter|mellan|"
    "hos|andel|antal|patienter|personer|ålder|kön|vård|boende|år|dag|datum|behandling|vilken|vilket|vilka|finns|när|"
    "hur|där|utan|samt|senaste|första|patientens|enligt|annan|annat|inom|genomförd|diagnos|uppföljning"
)
_ENGLISH = re.compile(
    "the|of|and|to|is|that|for|with|on|as|by|from|or|was|are|be|which|have|not|who|what|when|how|whether|share|number|"
    "patients|persons|people|age|sex|care|date|days|years|after|before|between|treatment|first|last|other|without|"
    "within|type|patient|given|according|cause"
)
_WORD = re.compile(r"[a-zåäöéü-]+", re.IGNORECASE)


def language_of(text: str, least: int = 1) -> str | None:
    """`sv` or `en` where the text is clearly in one of them, by at least so many words; abbreviations tell nothing.

    >>> language_of("Andel patienter med uppföljning"), language_of("Share of patients"), language_of("HbA1c")
    ('sv', 'en', None)
    """
    words = {word.casefold() for word in _WORD.findall(text) if not word.isupper()}
    swedish = sum(1 for word in words if _SWEDISH.fullmatch(word) or re.search("[åäö]", word))
    english = sum(1 for word in words if _ENGLISH.fullmatch(word))
    if swedish >= least and swedish > 2 * english:
        return "sv"
    return "en" if english >= least and english > 2 * swedish else None
