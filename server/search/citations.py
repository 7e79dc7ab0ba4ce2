"""Provisions as people cite them: “8 kap. 4 § SoL”, “SoL 8:4”, “9 § LSS”, “4 kap 1 § gamla socialtjänstlagen”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from server.search.words import folded

_COLON = re.compile(r"\b(?P<chapter>\d{1,2})\s*:\s*(?P<section>\d{1,2}(?:\s?[a-z])?)\b(?!\d)")
_CHAPTER = re.compile(r"\b(?P<chapter>\d{1,2}(?:\s?[a-z])?)\s*(?:kap\w*)")
_SECTION = re.compile(r"\b(?P<section>\d{1,2}(?:\s?[a-z])?)\s*§|§\s*(?P<after>\d{1,2}(?:\s?[a-z])?)\b")
_ITEM = re.compile(r"\b(?:p|punkt|punkten)\.?\s*(?P<item>\d{1,2})\b|§\s*(?P<plain>\d{1,2})\s*p\b")
_SFS = re.compile(r"\b(?P<number>\d{4}:\d{1,4})\b")
_NUMBER = re.compile(r"\d+")
_OLD = re.compile(r"\b(gamla|äldre|förra|tidigare|upphävda|2001)\b")


class Citations:
    """The provisions of a release by act, chapter, section and item. `acts` gives for each act its names; `old`
    names those that were replaced by another act with the same name.
    """

    def __init__(self, acts: Mapping[str, Iterable[str]], provisions: Mapping[str, str]) -> None:
        """Take in names by act, and IRIs of provisions by keys such as `sol-2025.k8p4`."""
        self._provisions = provisions
        self._names: dict[str, list[str]] = {}
        self._numbers: dict[str, str] = {}
        for act, names in acts.items():
            for name in names:
                if (number := _SFS.search(name)) is not None:
                    self._numbers[number["number"]] = act
                word = folded(_SFS.sub("", name)).strip()
                if len(word) > 2:
                    self._names.setdefault(word, []).append(act)

    def find(self, text: str) -> str:
        """The IRI of the provision that a text cites; empty when it cites none, or one that is not known here."""
        lower = text.casefold()
        act = self._act(lower)
        rest = _SFS.sub(" ", lower)
        place = _place(rest)
        if sorted(_NUMBER.findall(place)) != sorted(_NUMBER.findall(_OLD.sub(" ", rest))):
            return ""  # a number that has no place in the citation: misspelt, or more than one provision
        return self._provisions.get(f"{act}.{place}", "") if act and place else ""

    def _act(self, text: str) -> str:
        number = _SFS.search(text)
        if number is not None and number["number"] in self._numbers:
            return self._numbers[number["number"]]
        words = f" {folded(text)} "
        for name in sorted(self._names, key=len, reverse=True):
            if f" {name} " in words or f" {name}s " in words:
                acts = self._names[name]
                if len(acts) == 1 and not _OLD.search(text):
                    return acts[0]
                return min(acts, key=_year) if _OLD.search(text) else max(acts, key=_year)
        return ""


def _year(act: str) -> str:
    return act.rpartition("-")[2]


def _place(text: str) -> str:
    """The part of a provision's key after its act: `k8p4`, `p9n5`."""
    colon = _COLON.search(text)
    if colon is not None:
        return f"k{_plain(colon['chapter'])}p{_plain(colon['section'])}"
    if "§" in text and not _SECTION.search(text):
        return ""
    chapter, section, item = _CHAPTER.search(text), _SECTION.search(text), _ITEM.search(text)
    made = f"k{_plain(chapter['chapter'])}" if chapter else ""
    if section:
        made += f"p{_plain(section['section'] or section['after'])}"
    if section and item:
        made += f"n{item['item'] or item['plain']}"
    return made


def _plain(number: str) -> str:
    return number.replace(" ", "")
